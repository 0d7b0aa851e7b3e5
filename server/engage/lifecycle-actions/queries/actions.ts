import { sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'
import { notFound } from '../../../platform/errors/app-error.ts'
import { JsonText } from '../../../platform/http/implement.ts'
import { reachableContact } from '../../../signals/lifecycle/queries/reach.ts'

/** What was done for a contact's moves, latest first. @throws AppError `not_found` */
export async function contactActions(ctx: Context, id: string): Promise<JsonText> {
  const { rows } = await sql<{ items: string }>`
    select coalesce((select json_agg(line.item) from (
      select json_build_object('id', a.id, 'moveId', a.move_id, 'kind', a.kind, 'state', a.state, 'reason', a.reason, 'error', a.error,
        'attempts', a.attempts, 'customerId', a.customer_id,
        'customerName', (select k.name from customer k where k.tenant_id = ${ctx.tenantId} and k.id = a.customer_id),
        'mailState', (select mail.state from system_mail mail where mail.id = a.mail_id),
        'deliveries', (select coalesce(json_agg(json_build_object('name', coalesce(channel.name, ''), 'state', d.state, 'error', d.error) order by channel.name, d.id), '[]')
          from notice n join notice_delivery d on d.tenant_id = ${ctx.tenantId} and d.notice_id = n.id and d.way = 'channel'
          left join notice_channel channel on channel.tenant_id = ${ctx.tenantId} and channel.id = d.recipient_id
          where n.tenant_id = ${ctx.tenantId} and n.key = a.notice_key),
        'at', a.updated_at) as item
      from lifecycle_action a where a.tenant_id = ${ctx.tenantId} and a.contact_id = c.id
      order by a.created_at desc, a.move_id, a.place limit 200) line), '[]')::text as items
    from contact c where c.tenant_id = ${ctx.tenantId} and c.id = ${id} and ${reachableContact(ctx)}`.execute(ctx.tx)
  if (!rows[0]) throw notFound()
  return new JsonText(`{"items":${rows[0].items}}`)
}
