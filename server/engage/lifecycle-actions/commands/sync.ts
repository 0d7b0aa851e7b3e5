import { sql } from 'kysely'
import type { Context, JsonObject } from '../../../platform/context/context.ts'
import { lifecycleMoved } from '../../../signals/lifecycle/events.ts'
import { notify } from '../../notices/commands/notify.ts'
import type { Ending } from './settle.ts'
import { movedOf, noticeOf } from './tell.ts'

/** Sends the lead's fields to programs, signed, by the channels that the action names: what a CRM is written from. */
export async function sync(ctx: Context, id: string): Promise<Ending> {
  const [moved] = await movedOf(ctx, [id])
  if (moved?.action.kind !== 'sync') return { state: 'skipped', reason: 'no_channel' }
  const { rows: channels } = await sql<{ key: string }>`
    select key from notice_channel where tenant_id = ${ctx.tenantId} and kind = 'webhook' and key = any(${moved.action.channels}::text[])`.execute(
    ctx.tx,
  )
  if (channels.length === 0) return { state: 'failed', reason: 'no_channel' }
  const { rows } = await sql<{ data: JsonObject }>`
    select jsonb_build_object('moveId', m.id, 'at', m.at, 'from', m.from_key, 'to', m.to_key, 'cause', m.cause, 'reason', m.reason,
      'lead', jsonb_build_object('id', c.id, 'externalId', c.external_id, 'name', c.name, 'email', c.email, 'phone', c.phone,
        'company', c.company, 'title', c.title, 'role', c.role, 'language', c.language, 'lifecycleStage', m.to_key,
        'leadScore', c.lead_score, 'emailConsent', c.email_consent, 'emailState', c.email_state, 'customerId', c.customer_id,
        'attributes', c.attributes, 'createdAt', c.created_at)) as data
    from lifecycle_action a join lifecycle_move m on m.tenant_id = ${ctx.tenantId} and m.id = a.move_id
    join contact c on c.tenant_id = ${ctx.tenantId} and c.id = a.contact_id
    where a.tenant_id = ${ctx.tenantId} and a.id = ${id}`.execute(ctx.tx)
  const notice = noticeOf(moved, { members: [], channels: channels.map(({ key }) => key) })
  const key = `lifecycle-sync:${id}`
  await notify(ctx, [{ ...notice, key, exact: true, event: { type: lifecycleMoved, data: rows[0]!.data } }])
  return { state: 'done', reason: 'told', noticeKey: key }
}
