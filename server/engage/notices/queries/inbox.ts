import { sql } from 'kysely'
import { memberName } from '../../../customers/accounts/queries/customers.ts'
import { type Context, requirePermission } from '../../../platform/context/context.ts'
import type { JsonText } from '../../../platform/http/implement.ts'
import { jsonPage, readCursor } from '../../../platform/http/paging.ts'
import { requireMember } from './receivers.ts'

interface Page {
  limit: number
  cursor?: string
}

/** What the actor was told, latest first. */
export async function noticePage(
  ctx: Context,
  { unread, limit, cursor }: Page & { unread?: boolean },
): Promise<JsonText> {
  const self = requireMember(ctx)
  const [at, last] = readCursor(cursor, 2) ?? ['infinity', 'ffffffff-ffff-ffff-ffff-ffffffffffff']
  const { rows } = await sql<{ item: string }>`
    select json_build_object('id', n.id, 'topic', n.topic, 'severity', n.severity,
      'title', json_build_object('ja', n.title_ja, 'en', n.title_en), 'text', json_build_object('ja', n.text_ja, 'en', n.text_en),
      'link', n.link, 'createdAt', d.created_at, 'readAt', d.read_at)::text as item
    from notice_delivery d join notice n on n.tenant_id = ${ctx.tenantId} and n.id = d.notice_id
    where d.tenant_id = ${ctx.tenantId} and d.recipient_id = ${self} and d.way = 'in_app' and d.state = 'sent'
      and (d.created_at, n.id) < (${at}::timestamptz, ${last}::uuid) and ${unread ? sql`d.read_at is null` : sql`true`}
    order by d.created_at desc, n.id desc limit ${limit + 1}`.execute(ctx.tx)
  return jsonPage(rows, limit, ['createdAt', 'id'])
}

/** How many notices the actor has not read. */
export async function unreadCount(ctx: Context): Promise<{ unread: number }> {
  const { rows } = await sql<{ unread: number }>`
    select count(*)::int as unread from notice_delivery
    where tenant_id = ${ctx.tenantId} and recipient_id = ${requireMember(ctx)} and way = 'in_app' and state = 'sent' and read_at is null`.execute(
    ctx.tx,
  )
  return rows[0]!
}

interface DeliveryFilter extends Page {
  topic?: string
  state?: string
  way?: string
  recipientId?: string
  noticeId?: string
}

/** The log of deliveries, latest first. A mail is as far as the outbox has come with it. */
export async function deliveryPage(ctx: Context, { limit, cursor, ...filter }: DeliveryFilter): Promise<JsonText> {
  requirePermission(ctx, 'channels.manage')
  const [at, last] = readCursor(cursor, 2) ?? ['infinity', 'ffffffff-ffff-ffff-ffff-ffffffffffff']
  const state = sql`case when mail.state in ('pending', 'sending') then 'sending' when mail.state in ('failed', 'suppressed', 'uncertain') then 'failed' else d.state end`
  const conditions = [sql`true`]
  if (filter.topic) conditions.push(sql`n.topic = ${filter.topic}`)
  if (filter.way) conditions.push(sql`d.way = ${filter.way}`)
  if (filter.recipientId) conditions.push(sql`d.recipient_id = ${filter.recipientId}::uuid`)
  if (filter.noticeId) conditions.push(sql`d.notice_id = ${filter.noticeId}::uuid`)
  if (filter.state) conditions.push(sql`${state} = ${filter.state}`)
  const { rows } = await sql<{ item: string }>`
    select json_build_object('id', d.id, 'noticeId', d.notice_id, 'topic', n.topic, 'severity', n.severity,
      'title', json_build_object('ja', n.title_ja, 'en', n.title_en), 'way', d.way, 'recipientId', d.recipient_id,
      'recipientName', coalesce(case d.way when 'channel' then c.name end, ${memberName(ctx, sql`d.recipient_id`)}),
      'state', ${state}, 'reason', case when mail.state = 'suppressed' then 'no_address' else d.reason end,
      'error', coalesce(d.error, mail.last_error), 'attempts', case when d.mail_id is null then d.attempts else coalesce(mail.attempts, 1) end,
      'heldUntil', d.held_until, 'sentAt', d.sent_at, 'createdAt', d.created_at)::text as item
    from notice_delivery d join notice n on n.tenant_id = ${ctx.tenantId} and n.id = d.notice_id
    left join notice_channel c on c.tenant_id = ${ctx.tenantId} and c.id = d.recipient_id
    left join system_mail mail on mail.id = d.mail_id
    where d.tenant_id = ${ctx.tenantId} and (d.created_at, d.id) < (${at}::timestamptz, ${last}::uuid) and ${sql.join(conditions, sql` and `)}
    order by d.created_at desc, d.id desc limit ${limit + 1}`.execute(ctx.tx)
  return jsonPage(rows, limit, ['createdAt', 'id'])
}
