import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import { announce, type Context, record, requirePermission } from '../../context/context.ts'
import { invalidField, notFound } from '../../errors/app-error.ts'
import { matrix, type Permission, type Role } from '../../permissions/contract.ts'
import { newToken } from '../../secrets/token.ts'
import { revokeInvitationsOf } from './invitations.ts'

export interface NewApiKey {
  name: string
  role: Role
  /** Permissions to narrow the key to; empty means all of its role. */
  scopes: Permission[]
  expiresAt: string | null
}

/** Makes a key that acts for the company. @returns its id and the key itself, which is kept nowhere */
export async function makeApiKey(ctx: Context, input: NewApiKey): Promise<{ id: string; key: string }> {
  requirePermission(ctx, 'api_keys.manage')
  refuseBeyondActor(ctx, input)
  if (input.expiresAt && new Date(input.expiresAt) <= ctx.now) {
    throw invalidField('body.expiresAt', {
      ja: '期限には未来の日時を指定してください。',
      en: 'The expiry must be in the future.',
    })
  }
  const outside = input.scopes.filter(scope => !matrix[input.role][scope])
  if (outside.length > 0) {
    throw invalidField('body.scopes', {
      ja: `この役割にない権限です: ${outside.join('、')}`,
      en: `The role does not have: ${outside.join(', ')}`,
    })
  }
  const id = uuidv7()
  const token = newToken('key', ctx.tenantId)
  await sql`
    insert into api_key (tenant_id, id, name, role, scopes, token_hash, hint, created_by, expires_at)
    values (${ctx.tenantId}, ${id}, ${input.name}, ${input.role}, ${input.scopes}::text[], ${token.hash}, ${token.text.slice(-4)},
      ${ctx.actor.id ?? null}::uuid, ${input.expiresAt})`.execute(ctx.tx)
  record(ctx, {
    action: 'api_key.created',
    subject: { kind: 'api_key', id },
    details: { role: input.role, scopes: input.scopes },
  })
  announce(ctx, { type: 'api_key.created', subject: { kind: 'api_key', id }, payload: {} })
  return { id, key: token.text }
}

/** Makes a key useless from its next request on. @throws AppError `not_found` */
export async function revokeKey(ctx: Context, id: string): Promise<void> {
  requirePermission(ctx, 'api_keys.manage')
  const { numAffectedRows } = await sql`
    update api_key set revoked_at = ${ctx.now} where tenant_id = ${ctx.tenantId} and id = ${id} and revoked_at is null`.execute(
    ctx.tx,
  )
  if (numAffectedRows !== 1n) throw notFound()
  await revokeInvitationsOf(ctx, id)
  record(ctx, { action: 'api_key.revoked', subject: { kind: 'api_key', id } })
  announce(ctx, { type: 'api_key.revoked', subject: { kind: 'api_key', id }, payload: {} })
}

/** A key that was narrowed must not make one that is wider than itself. */
function refuseBeyondActor(ctx: Context, input: NewApiKey): void {
  if (ctx.actor.kind !== 'api_key' || ctx.actor.limit.length === 0) return
  const { limit } = ctx.actor
  if (input.scopes.length > 0 && input.scopes.every(scope => limit.includes(scope))) return
  throw invalidField('body.scopes', {
    ja: '使用中のAPIキーにない権限は付けられません。',
    en: 'A key cannot give more than it has: name scopes that it holds itself.',
  })
}
