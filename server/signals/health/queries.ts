import { type RawBuilder, sql } from 'kysely'
import { requireCustomer } from '../../customers/accounts/queries/customers.ts'
import { withinReach } from '../../customers/accounts/queries/reach.ts'
import { getRecord } from '../../customers/accounts/queries/records.ts'
import { type Context, requirePermission } from '../../platform/context/context.ts'
import type { JsonText } from '../../platform/http/implement.ts'
import { jsonPage, readCursor } from '../../platform/http/paging.ts'
import { healthScoreShape } from './catalog.ts'
import { steady } from './score.ts'

interface ScoreList {
  from?: string
  to?: string
  source?: 'stored' | 'computed'
  limit: number
  cursor?: string
}

/** Level of the API of record (source 003) of a score as it is shown, in whole points: as `healthLevel`. */
export function levelOf(score: RawBuilder<unknown>): RawBuilder<string> {
  return sql`case when ${score} >= 79.5 then 'EXCELLENT' when ${score} >= 59.5 then 'GOOD' when ${score} >= 39.5 then 'FAIR'
    when ${score} is not null then 'POOR' end`
}

/** Health scores of a customer, latest first: those that were stored, and those of its scorecard at the end of each day. */
export async function listHealthScores(
  ctx: Context,
  customerId: string,
  { from, to, source, limit, cursor }: ScoreList,
): Promise<JsonText> {
  await requireCustomer(ctx, customerId)
  const after = readCursor(cursor, 2)
  const within = (moment: RawBuilder<unknown>) =>
    sql.join(
      [from ? sql`${moment} >= ${from}::timestamptz` : sql`true`, to ? sql`${moment} < ${to}::timestamptz` : sql`true`],
      sql` and `,
    )
  const end = sql`((d.day + 1)::timestamp at time zone t.time_zone)`
  const trend = (before: RawBuilder<unknown>) => sql`case when ${before} is null then 'UNKNOWN'
    when abs(d.score - ${before}) < ${sql.lit(steady)} then 'STABLE' when d.score > ${before} then 'IMPROVING' else 'DECLINING' end`
  const { rows } = await sql<{ item: string }>`
    with scores as (
      select h.id, h.scored_at, json_build_object('id', h.id, 'customerId', h.customer_id, 'scoredAt', h.scored_at, 'overallScore', h.overall,
        'engagementScore', h.engagement, 'successScore', h.success, 'satisfactionScore', h.satisfaction, 'financialScore', h.financial,
        'level', h.level, 'trend', h.trend, 'factors', h.factors, 'notes', h.notes, 'source', 'stored', 'createdAt', h.created_at) as item
      from health_score h where h.tenant_id = ${ctx.tenantId} and h.customer_id = ${customerId} and ${within(sql`h.scored_at`)}
        and ${source === 'computed' ? sql`false` : sql`true`}
      union all
      select d.id, d.scored_at, json_build_object('id', d.id, 'customerId', ${customerId}::uuid, 'scoredAt', d.scored_at, 'overallScore', d.score,
        'engagementScore', null, 'successScore', null, 'satisfactionScore', null, 'financialScore', null,
        'level', ${levelOf(sql`d.score`)}, 'trend', ${trend(sql`d.before`)}, 'factors', (
          select json_agg(json_build_object('name', f.item->>'nameJa', 'value', d.inputs[f.place], 'points', d.scores[f.place], 'note', null) order by f.place)
          from jsonb_array_elements(d.definition->'factors') with ordinality as f (item, place)),
        'notes', null, 'source', 'computed', 'createdAt', d.scored_at)
      from (
        select overlay(overlay(md5(${customerId} || d.day::text) placing '3' from 13) placing '8' from 17)::uuid as id, ${end} as scored_at, round(d.score::numeric, 1) as score,
          d.inputs, d.scores, v.definition, lag(d.score, 28) over (order by d.day)::numeric as before
        from health_daily d join tenant t on t.id = ${ctx.tenantId}
        join scorecard_version v on v.tenant_id = ${ctx.tenantId} and v.scorecard_id = d.scorecard_id and v.version = d.version
        where d.tenant_id = ${ctx.tenantId} and d.customer_id = ${customerId} and d.score is not null) d
      where ${within(sql`d.scored_at`)} and ${source === 'stored' ? sql`false` : sql`true`})
    select s.item::text as item from scores s
    where ${after ? sql`(s.scored_at, s.id) < (${after[0]}::timestamptz, ${after[1]}::uuid)` : sql`true`}
    order by s.scored_at desc, s.id desc limit ${limit + 1}`.execute(ctx.tx)
  return jsonPage(rows, limit, ['scoredAt', 'id'])
}

/** One stored health score. @throws AppError `not_found` */
export function getHealthScore(ctx: Context, id: string): Promise<JsonText> {
  return getRecord(ctx, healthScoreShape, id, sql`'source', 'stored'`)
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
