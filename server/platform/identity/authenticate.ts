import type { FastifyRequest } from 'fastify'
import { sql } from 'kysely'
import { type Origin, tenantIdOf } from '../context/context.ts'
import type { Installation } from '../context/installation.ts'
import type { Authenticator, Signed } from '../http/authenticate.ts'
import { sessionCookie } from '../http/cookie.ts'
import type { Role } from '../permissions/contract.ts'
import { readToken } from '../secrets/token.ts'
import { OpenTransaction } from '../tenancy/transaction.ts'
import { idleDays } from './session.ts'

interface Opened {
  transaction: OpenTransaction
  signed: Signed
}

/** How a request shows who it is: an API key in `Authorization: Bearer`, else the session cookie. */
export function createAuthenticator(address: string): Authenticator {
  return {
    carriesCookie: request =>
      request.headers.authorization === undefined && sessionCookie.read(request, address) !== undefined,
    async open(installation, origin, request) {
      const bearer = bearerOf(request)
      if (bearer !== undefined) return openByKey(installation, origin, bearer)
      const cookie = sessionCookie.read(request, address)
      const token = cookie === undefined ? undefined : readToken('session', cookie)
      if (token) return openBySession(installation, origin, token.hash)
      const { transaction } = await OpenTransaction.begin(installation, origin)
      return { transaction, signed: {} }
    },
  }
}

function bearerOf(request: FastifyRequest): string | undefined {
  const header = request.headers.authorization
  if (header === undefined) return undefined
  return /^bearer\s+(\S+)$/i.exec(header)?.[1] ?? ''
}

const keyLookup = `
  select id, role, scopes, (last_used_at is null or last_used_at < now() - interval '1 minute') as stale from api_key
  where tenant_id = $1 and token_hash = $2 and revoked_at is null and (expires_at is null or expires_at > now())`

const sessionLookup = `
  select id, user_id, tenant_id, second_factor_pending, last_seen_at < now() - interval '1 minute' as stale from user_session
  where token_hash = $1 and expires_at > now() and last_seen_at > now() - interval '${idleDays} days'`

/** The key names its tenant: begin, tenant and look-up are one round trip. */
async function openByKey(installation: Installation, origin: Origin, bearer: string): Promise<Opened> {
  const token = readToken('key', bearer)
  if (!token?.tenantId) {
    const { transaction } = await OpenTransaction.begin(installation, origin)
    return { transaction, signed: {} }
  }
  const tenantId = tenantIdOf(token.tenantId)
  const { transaction, rows } = await OpenTransaction.begin(installation, origin, tenantId, {
    name: 'open by key',
    text: keyLookup,
    values: [tenantId, token.hash],
  })
  const key = rows[0] as { id: string; role: Role; scopes: string[]; stale: boolean } | undefined
  if (!key) return { transaction, signed: {} }
  if (key.stale) {
    await orRollBack(transaction, () =>
      sql`update api_key set last_used_at = now() where tenant_id = ${tenantId} and id = ${key.id}`.execute(
        transaction.tx,
      ),
    )
  }
  return {
    transaction,
    signed: { member: { tenantId, actor: { kind: 'api_key', id: key.id, role: key.role, limit: key.scopes } } },
  }
}

async function openBySession(installation: Installation, origin: Origin, hash: Buffer): Promise<Opened> {
  const lookup = { name: 'open by session', text: sessionLookup, values: [hash] }
  const { transaction, rows } = await OpenTransaction.begin(installation, origin, undefined, lookup)
  const session = rows[0] as SessionRow | undefined
  if (!session) return { transaction, signed: {} }
  return { transaction, signed: await orRollBack(transaction, () => signedBySession(transaction, session)) }
}

interface SessionRow {
  id: string
  user_id: string
  tenant_id: string | null
  second_factor_pending: boolean
  stale: boolean
}

async function signedBySession(transaction: OpenTransaction, session: SessionRow): Promise<Signed> {
  if (session.stale) {
    await sql`update user_session set last_seen_at = now() where id = ${session.id}`.execute(transaction.tx)
  }
  const signed: Signed = {
    session: {
      id: session.id,
      userId: session.user_id,
      tenantId: session.tenant_id,
      secondFactorPending: session.second_factor_pending,
    },
  }
  if (!session.tenant_id || session.second_factor_pending) return signed
  const tenantId = tenantIdOf(session.tenant_id)
  await transaction.workIn(tenantId)
  const members = await sql<{ id: string; role: Role }>`
    select id, role from member where tenant_id = ${tenantId} and user_id = ${session.user_id}`.execute(transaction.tx)
  const member = members.rows[0]
  if (!member) return signed
  const { id, role } = member
  return {
    ...signed,
    member: { tenantId, actor: { kind: 'member', id, userId: session.user_id, sessionId: session.id, role } },
  }
}

/** Nobody else has the transaction yet: when a look-up fails, its connection is given back here. */
async function orRollBack<Result>(transaction: OpenTransaction, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    await transaction.rollback()
    throw error
  }
}
