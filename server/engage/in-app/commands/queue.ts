import { type RawBuilder, sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import { type Context, enqueue, requirePermission } from '../../../platform/context/context.ts'
import { AppError } from '../../../platform/errors/app-error.ts'
import { audienceOf } from '../../messages/queries/audience.ts'
import type { InAppDocument } from '../contract/document.ts'

/** The job that brings the audience of a message up to date. */
export const audienceJob = 'in_app.audience'

/** Recipients of one statement. */
const chunk = 5_000

/** A message for contacts, and on whose behalf. */
export interface InAppWish {
  messageId: string
  recipients: readonly { contactId: string; key: string }[]
  source: { kind: 'flow'; id: string; stepKey: string }
}

/**
 * Has a message shown to contacts, each key once however often it is asked for; in the caller's transaction.
 * @returns the keys that were not there before
 * @throws AppError `forbidden`
 */
export async function queueInApp(ctx: Context, { messageId, recipients, source }: InAppWish): Promise<Set<string>> {
  requirePermission(ctx, 'messages.manage')
  const made = new Set<string>()
  for (let from = 0; from < recipients.length; from += chunk) {
    const lines = recipients
      .slice(from, from + chunk)
      .map(({ contactId, key }) => ({ id: uuidv7(), contact: contactId, key }))
    const { rows } = await sql<{ key: string }>`
      insert into in_app_delivery (tenant_id, id, message_id, contact_id, key, source_kind, source_id, step_key, queued_at)
      select ${ctx.tenantId}, line.id, m.id, c.id, line.key, ${source.kind}, ${source.id}::uuid, ${source.stepKey}, ${ctx.now}
      from jsonb_to_recordset(${JSON.stringify(lines)}::jsonb) as line (id uuid, contact uuid, key text)
      join in_app_message m on m.tenant_id = ${ctx.tenantId} and m.id = ${messageId}::uuid
      join contact c on c.tenant_id = ${ctx.tenantId} and c.id = line.contact and c.left_on is null
      on conflict (tenant_id, message_id, key) do nothing returning key`.execute(ctx.tx)
    for (const { key } of rows) made.add(key)
  }
  return made
}

/** Has the audience of a message looked at soon. */
export function wakeAudience(ctx: Context, messageId: string): void {
  enqueue(ctx, { name: audienceJob, payload: { messageId }, key: messageId })
}

/** Brings the audiences of all enabled messages up to date. */
export async function followAudiences(ctx: Context): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    select id from in_app_message where tenant_id = ${ctx.tenantId} and state = 'enabled' and document->>'audience' is not null
      and (ends_at is null or ends_at > ${ctx.now})`.execute(ctx.tx)
  for (const { id } of rows) wakeAudience(ctx, id)
}

/**
 * Brings the deliveries of a message in line with its audience, in two statements: who belongs to it now gets one, once;
 * whoever belongs to it no longer does not see theirs until they belong to it again.
 */
export async function followAudience(ctx: Context, messageId: string): Promise<void> {
  const { rows } = await sql<{ document: InAppDocument }>`
    select document from in_app_message
    where tenant_id = ${ctx.tenantId} and id = ${messageId} and state = 'enabled'`.execute(ctx.tx)
  if (!rows[0]) return
  const ids = await meantBy(ctx, rows[0].document.audience)
  await sql`
    insert into in_app_delivery as known (tenant_id, id, message_id, contact_id, key, source_kind, source_id, queued_at)
    select ${ctx.tenantId}, gen_random_uuid(), ${messageId}::uuid, c.id, 'audience:' || c.id, 'audience', ${messageId}::uuid, ${ctx.now}
    from contact c where c.tenant_id = ${ctx.tenantId} and c.left_on is null and c.id in (${ids})
    on conflict (tenant_id, message_id, key) do update set withdrawn_at = null where known.withdrawn_at is not null`.execute(
    ctx.tx,
  )
  await sql`
    update in_app_delivery d set withdrawn_at = ${ctx.now}
    where d.tenant_id = ${ctx.tenantId} and d.message_id = ${messageId}::uuid and d.source_kind = 'audience'
      and d.withdrawn_at is null and d.contact_id not in (${ids})`.execute(ctx.tx)
}

/** Nobody where only flows show it, or where its segment is gone: what waited for an audience is then taken back. */
async function meantBy(ctx: Context, audience: InAppDocument['audience']): Promise<RawBuilder<unknown>> {
  const nobody = sql`select null::uuid where false`
  if (!audience) return nobody
  try {
    return await audienceOf(ctx, audience)
  } catch (error) {
    if (error instanceof AppError && error.code === 'invalid_input') return nobody
    throw error
  }
}
