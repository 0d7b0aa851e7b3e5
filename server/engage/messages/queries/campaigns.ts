import { sql } from 'kysely'
import type { z } from 'zod'
import { memberName } from '../../../customers/accounts/queries/customers.ts'
import { type Context, requirePermission } from '../../../platform/context/context.ts'
import { notFound } from '../../../platform/errors/app-error.ts'
import { JsonText } from '../../../platform/http/implement.ts'
import { jsonPage, readCursor } from '../../../platform/http/paging.ts'
import type { listCampaigns, listMessages } from '../contract/campaigns.ts'
import { figuresOf } from './figures.ts'

function fields(ctx: Context) {
  return sql`json_build_object('id', k.id, 'name', k.name, 'templateId', k.template_id, 'templateName', t.name,
    'templateVersion', k.template_version, 'topicId', k.topic_id, 'topicNameJa', o.name_ja, 'topicNameEn', o.name_en,
    'senderId', k.sender_id, 'audience', k.audience, 'goal', k.goal, 'state', k.state, 'hold', k.hold, 'fault', k.fault,
    'scheduledAt', k.scheduled_at, 'startedAt', k.started_at, 'finishedAt', k.finished_at,
    'createdByName', ${memberName(ctx, sql`k.created_by`)}, 'createdAt', k.created_at,
    'figures', (select ${figuresOf(ctx)} from message m
      where m.tenant_id = ${ctx.tenantId} and m.source_kind = 'campaign' and m.source_id = k.id))::text`
}

function itsParts(ctx: Context) {
  return sql`join message_template t on t.tenant_id = ${ctx.tenantId} and t.id = k.template_id
    join message_topic o on o.tenant_id = ${ctx.tenantId} and o.id = k.topic_id`
}

export async function campaignPage(
  ctx: Context,
  { limit, cursor }: z.output<typeof listCampaigns.query>,
): Promise<JsonText> {
  requirePermission(ctx, 'messages.read')
  const before = readCursor(cursor, 2)
  const { rows } = await sql<{ item: string }>`
    select ${fields(ctx)} as item from campaign k ${itsParts(ctx)}
    where k.tenant_id = ${ctx.tenantId} and ${before ? sql`(k.created_at, k.id) < (${before[0]}::timestamptz, ${before[1]}::uuid)` : sql`true`}
    order by k.created_at desc, k.id desc limit ${limit + 1}`.execute(ctx.tx)
  return jsonPage(rows, limit, ['createdAt', 'id'])
}

/** @throws AppError `not_found` */
export async function oneCampaign(ctx: Context, id: string): Promise<JsonText> {
  requirePermission(ctx, 'messages.read')
  const { rows } = await sql<{ item: string }>`
    select ${fields(ctx)} as item from campaign k ${itsParts(ctx)} where k.tenant_id = ${ctx.tenantId} and k.id = ${id}`.execute(
    ctx.tx,
  )
  if (!rows[0]) throw notFound()
  return new JsonText(rows[0].item)
}

/** The recipients of a campaign. @throws AppError `not_found` */
export async function messagePage(
  ctx: Context,
  id: string,
  { limit, cursor, state, did }: z.output<typeof listMessages.query>,
): Promise<JsonText> {
  requirePermission(ctx, 'messages.read')
  requirePermission(ctx, 'customers.read')
  const known = await sql`select 1 from campaign where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx)
  if (known.rows.length === 0) throw notFound()
  const after = readCursor(cursor, 1)
  const { rows } = await sql<{ item: string }>`
    select json_build_object('id', m.id, 'contactId', m.contact_id, 'contactName', c.name, 'state', m.state, 'reason', m.reason,
      'lastError', m.last_error, 'attempts', m.attempts, 'nextAt', case when m.state = 'pending' then m.next_at end,
      'acceptedAt', m.accepted_at, 'openedAt', m.opened_at, 'clickedAt', m.clicked_at, 'convertedAt', m.converted_at, 'bouncedAt', m.bounced_at,
      'unsubscribedAt', m.unsubscribed_at)::text as item
    from message m left join contact c on c.tenant_id = ${ctx.tenantId} and c.id = m.contact_id
    where m.tenant_id = ${ctx.tenantId} and m.source_kind = 'campaign' and m.source_id = ${id}
      and ${state ? sql`m.state = ${state}` : sql`true`} and ${did ? sql`${sql.ref(`m.${did}_at`)} is not null` : sql`true`} and ${after ? sql`m.id > ${after[0]}::uuid` : sql`true`}
    order by m.id limit ${limit + 1}`.execute(ctx.tx)
  return jsonPage(rows, limit, ['id'])
}
