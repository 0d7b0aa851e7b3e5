import { sql } from 'kysely'
import { requireCustomer } from '../../customers/accounts/queries/customers.ts'
import { withinReach } from '../../customers/accounts/queries/reach.ts'
import { getRecord, listRecords } from '../../customers/accounts/queries/records.ts'
import { type Context, requirePermission } from '../../platform/context/context.ts'
import type { JsonText } from '../../platform/http/implement.ts'
import { jsonPage, readCursor } from '../../platform/http/paging.ts'
import { healthScoreShape } from './catalog.ts'

interface ScoreList {
  from?: string
  to?: string
  limit: number
  cursor?: string
}

/** Health scores of a customer, latest first. */
export async function listHealthScores(
  ctx: Context,
  customerId: string,
  { from, to, limit, cursor }: ScoreList,
): Promise<JsonText> {
  await requireCustomer(ctx, customerId)
  const where = [sql`r.customer_id = ${customerId}`]
  if (from) where.push(sql`r.scored_at >= ${from}::timestamptz`)
  if (to) where.push(sql`r.scored_at < ${to}::timestamptz`)
  return listRecords(ctx, healthScoreShape, { where: sql.join(where, sql` and `), sort: 'scoredAt', limit, cursor })
}

/** One health score. @throws AppError `not_found` */
export function getHealthScore(ctx: Context, id: string): Promise<JsonText> {
  return getRecord(ctx, healthScoreShape, id)
}

interface AlertList {
  csmId?: string
  kind?: string
  limit: number
  cursor?: string
}

/**
 * Customers whose score gives cause for alarm: fell by more than 10 points since the stored one before it, or in four
 * weeks where a scorecard counts; is below 60, or below 40 (source 003). The gravest alert of each; lowest score first.
 */
export async function listHealthAlerts(ctx: Context, { csmId, kind, limit, cursor }: AlertList): Promise<JsonText> {
  const scope = requirePermission(ctx, 'customers.read')
  const after = readCursor(cursor, 2)
  const { rows } = await sql<{ item: string }>`
    with alarmed as (
      select c.id, c.name, c.owner_id, c.health_level, latest.overall, latest.scored_at, previous.overall as previous,
        case when latest.overall < 40 then 'RED_ZONE'
          when latest.overall - previous.overall < -10 then 'SIGNIFICANT_DROP'
          when latest.overall < 60 then 'BELOW_THRESHOLD' end as kind
      from customer c
      cross join lateral (select c.health_score::numeric(5, 2) as overall, c.health_scored_at as scored_at) latest
      left join lateral (
        select s.overall from (
          select h.overall, h.scored_at from health_score h
          where h.tenant_id = ${ctx.tenantId} and h.customer_id = c.id and h.scored_at < c.health_scored_at
          union all
          select d.score::numeric(5, 2), d.day::timestamptz from health_daily d
          where d.tenant_id = ${ctx.tenantId} and d.customer_id = c.id and d.score is not null and d.day <= ${ctx.now}::timestamptz - interval '28 days') s
        order by s.scored_at desc limit 1) previous on true
      where c.tenant_id = ${ctx.tenantId} and c.merged_into is null and c.status <> 'CHURNED' and c.health_score is not null
        and ${withinReach(ctx, scope)} and ${csmId ? sql`c.owner_id = ${csmId}::uuid` : sql`true`})
    select json_build_object('customerId', a.id, 'customerName', a.name, 'csmId', a.owner_id,
      'csmName', (select u.name from member m join app_user u on u.id = m.user_id where m.tenant_id = ${ctx.tenantId} and m.id = a.owner_id),
      'kind', a.kind, 'score', a.overall, 'previousScore', a.previous, 'change', a.overall - a.previous,
      'level', a.health_level, 'scoredAt', a.scored_at)::text as item
    from alarmed a
    where a.kind is not null and ${kind ? sql`a.kind = ${kind}` : sql`true`}
      and ${after ? sql`(a.overall, a.id) > (${after[0]}::numeric, ${after[1]}::uuid)` : sql`true`}
    order by a.overall, a.id limit ${limit + 1}`.execute(ctx.tx)
  return jsonPage(rows, limit, ['score', 'customerId'])
}
