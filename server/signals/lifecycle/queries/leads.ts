import { type RawBuilder, sql } from 'kysely'
import { memberName } from '../../../customers/accounts/queries/customers.ts'
import type { Context } from '../../../platform/context/context.ts'
import { notFound } from '../../../platform/errors/app-error.ts'
import { JsonText } from '../../../platform/http/implement.ts'
import { jsonPage, readCursor } from '../../../platform/http/paging.ts'
import { reachableContact, unstagedLead } from './reach.ts'
import { requireStage } from './stages.ts'

interface Page {
  limit: number
  cursor?: string | undefined
}

function leadJson(ctx: Context, since: RawBuilder<unknown>): RawBuilder<string> {
  return sql`json_build_object('id', c.id, 'name', c.name, 'email', c.email, 'company', c.company, 'customerId', c.customer_id,
    'customerName', (select k.name from customer k where k.tenant_id = ${ctx.tenantId} and k.id = c.customer_id),
    'leadScore', c.lead_score, 'lifecycleStage', c.lifecycle_stage, 'since', ${since}, 'cause', last.cause,
    'actorName', ${memberName(ctx, sql`last.actor_id`)})::text`
}

function lastMove(ctx: Context): RawBuilder<unknown> {
  return sql`left join lateral (select m.cause, m.actor_id from lifecycle_move m
    where m.tenant_id = ${ctx.tenantId} and m.contact_id = c.id order by m.at desc, m.id desc limit 1) last on true`
}

/** A page of who is in a stage, latest first; without a stage: leads in none. @throws AppError `not_found` */
export async function listLeads(ctx: Context, { stageId, limit, cursor }: Page & { stageId?: string | undefined }) {
  const after = readCursor(cursor, 2)
  if (stageId === undefined) {
    const { rows } = await sql<{ item: string }>`
      select ${leadJson(ctx, sql`c.created_at`)} as item from (
        select c.* from contact c where c.tenant_id = ${ctx.tenantId} and ${unstagedLead(ctx)}
          and ${after ? sql`(c.created_at, c.id) < (${after[0]}::timestamptz, ${after[1]}::uuid)` : sql`true`}
        order by c.created_at desc, c.id desc limit ${limit + 1}) c ${lastMove(ctx)}
      order by c.created_at desc, c.id desc`.execute(ctx.tx)
    return jsonPage(rows, limit, ['since', 'id'])
  }
  await requireStage(ctx, stageId)
  const { rows } = await sql<{ item: string }>`
    select ${leadJson(ctx, sql`c.since`)} as item from (
      select c.*, p.since from lifecycle_position p
      join contact c on c.tenant_id = ${ctx.tenantId} and c.id = p.contact_id and ${reachableContact(ctx)}
      where p.tenant_id = ${ctx.tenantId} and p.stage_id = ${stageId}
        and ${after ? sql`(p.since, p.contact_id) < (${after[0]}::timestamptz, ${after[1]}::uuid)` : sql`true`}
      order by p.since desc, p.contact_id desc limit ${limit + 1}) c ${lastMove(ctx)}
    order by c.since desc, c.id desc`.execute(ctx.tx)
  return jsonPage(rows, limit, ['since', 'id'])
}

/** A move `m` of the contact `c` as the contract's JSON. */
function moveJson(ctx: Context): RawBuilder<string> {
  const stage = (id: RawBuilder<unknown>, column: 'name_ja' | 'name_en') =>
    sql`(select s.${sql.ref(column)} from lifecycle_stage s where s.tenant_id = ${ctx.tenantId} and s.id = ${id})`
  return sql`json_build_object('id', m.id, 'at', m.at, 'contactId', c.id, 'contactName', c.name, 'company', c.company,
    'from', m.from_key, 'fromNameJa', ${stage(sql`m.from_stage`, 'name_ja')}, 'fromNameEn', ${stage(sql`m.from_stage`, 'name_en')},
    'to', m.to_key, 'toNameJa', ${stage(sql`m.to_stage`, 'name_ja')}, 'toNameEn', ${stage(sql`m.to_stage`, 'name_en')},
    'cause', m.cause, 'actorName', ${memberName(ctx, sql`m.actor_id`)}, 'reason', m.reason, 'condition', m.condition,
    'leadScore', m.lead_score, 'daysBefore', round(m.seconds_before / 86400.0, 1),
    'passed', greatest(0, cardinality(m.entered) - 1), 'acts', m.acts or not exists (select 1 from lifecycle_stage s where s.tenant_id = ${ctx.tenantId} and s.id = m.to_stage and s.actions <> '[]'))`
}

/** Who moved where, latest first. */
export async function listMoves(ctx: Context, { limit, cursor }: Page): Promise<JsonText> {
  const after = readCursor(cursor, 2)
  const { rows } = await sql<{ item: string }>`
    select ${moveJson(ctx)}::text as item from lifecycle_move m
    join contact c on c.tenant_id = ${ctx.tenantId} and c.id = m.contact_id and ${reachableContact(ctx)}
    where m.tenant_id = ${ctx.tenantId}
      and ${after ? sql`(m.at, m.id) < (${after[0]}::timestamptz, ${after[1]}::uuid)` : sql`true`}
    order by m.at desc, m.id desc limit ${limit + 1}`.execute(ctx.tx)
  return jsonPage(rows, limit, ['at', 'id'])
}

/** Where a contact stands and how it came there, with the moves of who was merged into it. @throws AppError `not_found` */
export async function contactLifecycle(ctx: Context, id: string): Promise<JsonText> {
  const { rows } = await sql<{ item: string }>`
    select json_build_object('stageId', p.stage_id, 'lifecycleStage', c.lifecycle_stage, 'since', case when p.stage_id is not null then p.since end,
      'moves', (select coalesce(json_agg(line.item), '[]') from (
        select ${moveJson(ctx)} as item from lifecycle_move m
        where m.tenant_id = ${ctx.tenantId} and m.contact_id in (
          select known.id from contact known where known.tenant_id = ${ctx.tenantId} and (known.id = c.id or known.merged_into = c.id))
        order by m.at desc, m.id desc limit 200) line))::text as item
    from contact c left join lifecycle_position p on p.tenant_id = ${ctx.tenantId} and p.contact_id = c.id
    where c.tenant_id = ${ctx.tenantId} and c.id = ${id} and ${reachableContact(ctx)}`.execute(ctx.tx)
  if (!rows[0]) throw notFound()
  return new JsonText(rows[0].item)
}
