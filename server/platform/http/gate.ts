import { Readable } from 'node:stream'
import { setTimeout } from 'node:timers/promises'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Context, type Origin, permissionScope } from '../context/context.ts'
import type { Installation } from '../context/installation.ts'
import { AppError, forbidden } from '../errors/app-error.ts'
import { localeOf } from '../errors/words.ts'
import { traced } from '../telemetry/measure.ts'
import { inTenant, type OpenTransaction } from '../tenancy/transaction.ts'
import { lostToAnother } from '../tenancy/unavailable.ts'
import type { Authenticator, Signed } from './authenticate.ts'
import type { RouteContract } from './contract.ts'
import { sessionCookie } from './cookie.ts'
import { refuseForeignWrite } from './csrf.ts'
import { claimKey, type KeyOwner, releaseKey, storeReply } from './idempotency.ts'
import { Download, type Exchange, type Implementation, JsonText, type PersonContext } from './implement.ts'
import type { Limits } from './limits.ts'
import { networkOf } from './network.ts'
import { checkPart } from './problem.ts'

export interface Gate {
  installation: Installation
  authenticator: Authenticator
  limits: Limits
}

/** Tries at a request whose transaction lost to another one. */
const mostAttempts = 3

interface Answer {
  status: number
  body: unknown
}

/**
 * Registers a contract with its handler. The order for every request: limit of the network, CSRF, begin and
 * authenticate in one transaction, limit of the account, permission, shape of the input, idempotency key, handler,
 * flush, commit, reply. A transaction that lost to another one (a deadlock) is tried again.
 */
export function registerRoute(app: FastifyInstance, gate: Gate, implementation: Implementation): void {
  const { contract } = implementation
  app.route({
    method: contract.method,
    url: contract.path,
    ...(contract.binary && {
      bodyLimit: contract.binary.limit,
      // Before megabytes are read for somebody who did not even try to say who they are.
      onRequest: async (request: FastifyRequest) => {
        const says = gate.authenticator.carriesCookie(request) || request.headers.authorization !== undefined
        if (!says) throw signInRequired()
      },
    }),
    handler: (request, reply) =>
      traced(
        `${contract.method} ${contract.path}`,
        { 'http.route': contract.path, 'kizuna.request': request.id },
        async () => {
          await gate.limits.network(networkOf(request.ip), contract)
          if (
            contract.method !== 'GET' &&
            (contract.access !== 'public' || gate.authenticator.carriesCookie(request))
          ) {
            refuseForeignWrite(request, [gate.installation.address])
          }
          for (let attempt = 1; ; attempt += 1) {
            try {
              return await answerOnce(gate, implementation, request, reply)
            } catch (error) {
              // Nothing was sent and everything was rolled back: the same request may begin anew.
              if (attempt === mostAttempts || !lostToAnother(error)) throw error
              await setTimeout(Math.random() * 50 * attempt)
            }
          }
        },
      ),
  })
}

/** One try at a request, in a transaction of its own. */
async function answerOnce(
  gate: Gate,
  implementation: Implementation,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { contract } = implementation
  const origin: Origin = {
    requestId: request.id,
    network: request.ip,
    locale: localeOf(request.headers['accept-language']),
    now: new Date(),
  }
  const { transaction, signed } = await gate.authenticator.open(gate.installation, origin, request)
  try {
    const answer = await serve(gate, transaction, signed, implementation, request, reply)
    const wrote = await transaction.flush()
    // A read changes nothing that COMMIT could lose: the reply need not wait for it.
    if (contract.method === 'GET' && !wrote) transaction.commit().catch(() => {})
    else await transaction.commit()
    return send(reply, contract, answer)
  } catch (error) {
    await endFailed(transaction, error)
    await recordRefusal(gate, origin, signed, contract, error)
    throw error
  }
}

/** Keeps what a failure says to keep, such as a counted try, and gives the connection back in any case. */
async function endFailed(transaction: OpenTransaction, error: unknown): Promise<void> {
  try {
    if (error instanceof AppError && error.keeps) {
      await transaction.flush()
      await transaction.commit()
    }
  } finally {
    await transaction.rollback()
  }
}

async function serve(
  gate: Gate,
  transaction: OpenTransaction,
  signed: Signed,
  { contract, handle }: Implementation,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Answer> {
  const surroundings = await admit(gate, transaction, signed, contract, request)
  const input = {
    params: checkPart(contract.params, request.params, 'path', transaction.locale),
    query: checkPart(contract.query, request.query, 'query', transaction.locale),
    body: contract.binary
      ? bytesOf(request)
      : checkPart(contract.body, refuseBytes(request), 'body', transaction.locale),
  }
  const owner = keyOwner(surroundings)
  const key = contract.method === 'GET' ? undefined : idempotencyKey(request)
  if (key && owner) {
    const stored = await claimKey(transaction.tx, gate.installation.keyring, owner, key, request)
    if (stored) return { status: stored.status, body: stored.text === '' ? undefined : new JsonText(stored.text) }
  }
  const exchange: Exchange = {
    setSession: token => sessionCookie.set(reply, gate.installation.address, token),
    userAgent: (request.headers['user-agent'] ?? '').slice(0, 300),
  }
  const result = await handle(surroundings as never, input as never, exchange).catch(async error => {
    // What a failure keeps is not the effect that the key stands for: the same request may be tried again.
    if (key && owner && error instanceof AppError && error.keeps) await releaseKey(transaction.tx, owner, key)
    throw error
  })
  const body = contract.reply === null ? undefined : outgoing(contract, result)
  const status = contract.reply === null ? 204 : (contract.status ?? 200)
  if (key && owner && !(body instanceof Readable || body instanceof Download)) {
    const text = body === undefined ? '' : body instanceof JsonText ? body.text : JSON.stringify(body)
    await storeReply(transaction.tx, gate.installation.keyring, owner, key, { status, text })
  }
  return { status, body }
}

/** Checks who may come in and makes their surroundings. */
async function admit(
  gate: Gate,
  transaction: OpenTransaction,
  signed: Signed,
  contract: RouteContract,
  request: FastifyRequest,
): Promise<OpenTransaction | PersonContext | Context> {
  const { access, orAccess } = contract
  if (access === 'public') return transaction
  const { member, session } = signed
  if (!member && !session) throw signInRequired()
  await gate.limits.account(member?.actor.id ?? session?.userId ?? request.ip)
  if (session?.secondFactorPending && access !== 'half_session') {
    throw new AppError('second_factor_required', {
      ja: '認証アプリの確認コードを入力してください。',
      en: 'Enter the code of your authenticator app.',
    })
  }
  if (access === 'session' || access === 'half_session') {
    if (!session) throw signInRequired()
    return Object.assign(transaction, {
      userId: session.userId,
      sessionId: session.id,
      tenantId: session.tenantId,
      secondFactorPending: session.secondFactorPending,
    })
  }
  if (!member) throw forbidden(access)
  refuseOtherTenant(request, member.tenantId)
  const isOpen = permissionScope(member.actor, access) || (orAccess && permissionScope(member.actor, orAccess))
  if (!isOpen) throw forbidden(access)
  return transaction.enter(member.tenantId, member.actor)
}

function signInRequired(): AppError {
  return new AppError('unauthenticated', {
    ja: 'サインインするか、有効なAPIキーを付けて送ってください。',
    en: 'Sign in, or send a valid API key.',
  })
}

/** @throws AppError `unsupported_media_type` unless the body was sent as bytes */
function bytesOf({ body }: FastifyRequest): Buffer {
  if (Buffer.isBuffer(body)) return body
  throw new AppError('unsupported_media_type', {
    ja: 'Content-Type は application/octet-stream で送ってください。',
    en: 'Send the body as application/octet-stream.',
  })
}

/** @throws AppError `unsupported_media_type` for bytes where JSON is expected */
function refuseBytes({ body }: FastifyRequest): unknown {
  if (!Buffer.isBuffer(body)) return body
  throw new AppError('unsupported_media_type', {
    ja: 'Content-Type は application/json で送ってください。',
    en: 'Send the body as application/json.',
  })
}

/** A page says which company it shows; after a switch in another tab it must not write into the wrong one. */
function refuseOtherTenant(request: FastifyRequest, tenantId: string): void {
  const believed = request.headers['kizuna-tenant']
  if (believed === undefined || believed === tenantId) return
  throw new AppError('tenant_switched', {
    ja: '別のタブで会社が切り替えられました。ページを読み込み直してください。',
    en: 'Another company was opened in a different tab. Reload the page.',
  })
}

function idempotencyKey(request: FastifyRequest): string | undefined {
  const key = request.headers['idempotency-key']
  if (key === undefined) return undefined
  if (typeof key === 'string' && /^[\x21-\x7e]{1,255}$/.test(key)) return key
  throw new AppError('malformed', {
    ja: 'Idempotency-Key は255文字以内の英数記号で送ってください。',
    en: 'Idempotency-Key takes 1 to 255 visible ASCII characters.',
  })
}

function keyOwner(surroundings: OpenTransaction | PersonContext | Context): KeyOwner | undefined {
  if ('actor' in surroundings) {
    return surroundings.actor.id ? { tenantId: surroundings.tenantId, actorId: surroundings.actor.id } : undefined
  }
  return 'userId' in surroundings ? { tenantId: null, actorId: surroundings.userId } : undefined
}

/** The reply in the shape of the contract: a column that is not declared cannot leak. */
function outgoing(contract: RouteContract, result: unknown): unknown {
  if (result instanceof JsonText || result instanceof Readable || result instanceof Download) return result
  return contract.reply?.parse(result)
}

/** A written page, such as the preview of a message: it may look as it was made, and do nothing. */
const framedPolicy =
  "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src https: http: data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"

function send(reply: FastifyReply, contract: RouteContract, { status, body }: Answer): FastifyReply {
  reply.code(status).header('cache-control', 'no-store')
  if (body === undefined) return reply.send()
  if (body instanceof Download) {
    // RFC 6266: the name in full for those who read it, in ASCII for the rest.
    const plain = body.name.replace(/[^\w.-]/g, '_')
    const full = encodeURIComponent(body.name).replace(/['()*]/g, escape)
    reply.type(body.type).header('content-disposition', `attachment; filename="${plain}"; filename*=UTF-8''${full}`)
    return reply.send(body.stream)
  }
  if (contract.framed) {
    reply.header('content-security-policy', framedPolicy).header('x-frame-options', 'SAMEORIGIN')
  }
  reply.type(contract.contentType ?? 'application/json; charset=utf-8')
  return reply.send(
    body instanceof JsonText
      ? body.text
      : body instanceof Readable || contract.contentType
        ? body
        : JSON.stringify(body),
  )
}

/** What was refused to a member or key stands in the audit log, in a transaction of its own since the first one is gone. */
async function recordRefusal(
  gate: Gate,
  origin: Origin,
  signed: Signed,
  contract: RouteContract,
  error: unknown,
): Promise<void> {
  if (!(error instanceof AppError) || error.code !== 'forbidden' || !signed.member) return
  const { tenantId, actor } = signed.member
  await inTenant(gate.installation, origin, tenantId, actor, async ctx => {
    ctx.pending.records.push({
      action: 'request.refused',
      outcome: 'refused',
      details: { operation: contract.operation },
    })
  }).catch(() => {})
}
