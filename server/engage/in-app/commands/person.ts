import { createHmac, timingSafeEqual } from 'node:crypto'
import { sql } from 'kysely'
import { findContacts } from '../../../customers/contacts/queries/match.ts'
import type { Context } from '../../../platform/context/context.ts'
import type { InAppMode } from '../contract/sources.ts'
import { openSecret } from './sources.ts'

/** Who asks, as the request says it. */
export interface Asker {
  keyHash: Buffer
  userId: string
  userHash: string | undefined
}

/**
 * The contact that a request of a source speaks for. Nobody where the key is none of the company's, the source may not show
 * messages, or the signature is missing although the source demands it. A signature that is wrong is refused in either case.
 */
export async function personOf(ctx: Context, { keyHash, userId, userHash }: Asker): Promise<string | undefined> {
  const { rows } = await sql<{ id: string; mode: InAppMode; box: string }>`
    select s.id, i.mode, i.secret_box as box from source s
    join in_app_source i on i.tenant_id = ${ctx.tenantId} and i.source_id = s.id
    where s.tenant_id = ${ctx.tenantId} and s.key_hash = ${keyHash} and s.disabled_at is null and i.mode <> 'off'`.execute(
    ctx.tx,
  )
  const source = rows[0]
  if (!source) return undefined
  if (userHash === undefined || userHash === '') {
    if (source.mode === 'verified') return undefined
  } else if (!isSigned(openSecret(ctx, source.id, source.box), userId, userHash)) return undefined
  const [contactId] = await findContacts(ctx, [{ externalId: userId }])
  return contactId
}

/** HMAC-SHA256 of the user id with the secret of the source, in hexadecimal. */
function isSigned(secret: string, userId: string, given: string): boolean {
  const wanted = createHmac('sha256', secret).update(userId).digest()
  const said = Buffer.from(given, 'hex')
  return said.length === wanted.length && timingSafeEqual(said, wanted)
}
