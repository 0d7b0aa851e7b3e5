import { type RawBuilder, sql } from 'kysely'
import { compileCondition } from '../../../catalog/conditions/queries/sql.ts'
import type { Context } from '../../../platform/context/context.ts'
import { calendarOf } from '../../../signals/metrics/queries/as-of.ts'
import type { AlertTrigger } from '../contract/rules.ts'
import { kpiValue } from './kpi.ts'

/**
 * A statement of the subjects for which a trigger holds now: `id`, `value` (double precision) and `detail` (jsonb), from
 * which the facts are worded.
 * @param only a statement of ids of customers to which it keeps; left out: all
 * @throws AppError `invalid_input` where the condition names what is not there
 */
export async function matchingOf(
  ctx: Context,
  trigger: Exclude<AlertTrigger, { kind: 'event' }>,
  only?: RawBuilder<unknown>,
): Promise<RawBuilder<unknown>> {
  const keep = only ? sql`c.id in (${only})` : sql`true`
  switch (trigger.kind) {
    case 'condition': {
      const { joins, where } = await compileCondition(ctx, 'customer', trigger.condition)
      return sql`select c.id, null::float8 as value, null::jsonb as detail from customer c ${joins}
        where c.tenant_id = ${ctx.tenantId} and c.merged_into is null and ${keep} and ${where}`
    }
    case 'kpi': {
      const { value, of } = await kpiValue(ctx, trigger.kpi)
      const op = { more_than: sql`>`, at_least: sql`>=`, less_than: sql`<`, at_most: sql`<=` }[trigger.op]
      return sql`select ${ctx.tenantId}::uuid as id, line.value, jsonb_build_object('of', ${JSON.stringify(of)}::jsonb) as detail
        from (select ${value}::float8 as value) line where line.value ${op} ${trigger.value}::float8`
    }
    default:
      return scoreMatching(ctx, trigger, { keep, everybody: only === undefined, day: (await calendarOf(ctx)).today })
  }
}

type ScoreTrigger = Extract<AlertTrigger, { kind: 'score_below' | 'score_fell' | 'score_band' }>

/**
 * Customers whose score gives cause for alarm. Scores are judged as they are shown, in whole points, as bands are. The
 * history is the scorecard's where the customer has one, else what the API of record was told.
 */
function scoreMatching(
  ctx: Context,
  trigger: ScoreTrigger,
  { keep, everybody, day }: { keep: RawBuilder<unknown>; everybody: boolean; day: string },
): RawBuilder<unknown> {
  const detail = (peak: RawBuilder<unknown>, day: RawBuilder<unknown>, band: RawBuilder<unknown>) =>
    sql`jsonb_build_object('score', c.health_score, 'peak', ${peak}, 'peakDay', ${day}, 'bandJa', ${band} ->> 'nameJa', 'bandEn', ${band} ->> 'nameEn')`
  const none = sql`null::text`
  const noBand = sql`null::jsonb`
  const counts = sql`c.merged_into is null and c.status <> 'CHURNED' and c.health_score is not null and ${keep}`
  if (trigger.kind === 'score_below') {
    return sql`select c.id, c.health_score::float8 as value, ${detail(none, none, noBand)} as detail from customer c
      where c.tenant_id = ${ctx.tenantId} and ${counts} and round(c.health_score::numeric) < ${trigger.below}`
  }
  if (trigger.kind === 'score_band') {
    return sql`select c.id, c.health_score::float8 as value, ${detail(none, none, sql`band.band`)} as detail from customer c
      join customer_health h on h.tenant_id = ${ctx.tenantId} and h.customer_id = c.id and h.band = ${trigger.band}
      left join scorecard_version v on v.tenant_id = ${ctx.tenantId} and v.scorecard_id = h.scorecard_id and v.version = h.version
      left join lateral (select each.band from jsonb_array_elements(v.definition -> 'bands') each (band)
        where each.band ->> 'key' = h.band limit 1) band on true
      where c.tenant_id = ${ctx.tenantId} and ${counts}`
  }
  const fell = (peak: RawBuilder<unknown>, score: RawBuilder<unknown>) =>
    sql`round(${peak}::numeric) - round(${score}::numeric) ${trigger.over ? sql`>` : sql`>=`} ${trigger.points}`
  const past = (of: RawBuilder<unknown>) => sql`
    select p.customer_id, p.score::float8 as score, p.day from health_daily p
    where p.tenant_id = ${ctx.tenantId} and ${of} and p.score is not null
      and p.day >= ${day}::date - ${trigger.days}::int and p.day <= ${day}::date
    union all
    select p.customer_id, p.overall::float8, (p.scored_at at time zone 'UTC')::date from health_score p
    where p.tenant_id = ${ctx.tenantId} and ${of}
      and p.scored_at >= ${ctx.now}::timestamptz - make_interval(days => ${trigger.days}::int)
      and not exists (select 1 from customer_health h where h.tenant_id = ${ctx.tenantId} and h.customer_id = p.customer_id)`
  // Of everybody one pass finds the few that fell; each one's history is looked up only for them.
  const candidates = everybody
    ? sql`c.id = any(array(
        select top.customer_id from (
          select p.customer_id, max(p.score) as score from (${past(sql`true`)}) p group by p.customer_id offset 0) top
        join customer k on k.tenant_id = ${ctx.tenantId} and k.id = top.customer_id and ${fell(sql`top.score`, sql`k.health_score`)}))`
    : sql`true`
  return sql`select c.id, c.health_score::float8 as value, ${detail(sql`peak.score`, sql`peak.day`, noBand)} as detail from customer c
    join lateral (select p.score, p.day from (${past(sql`p.customer_id = c.id`)}) p
      order by p.score desc, p.day desc limit 1) peak on true
    where c.tenant_id = ${ctx.tenantId} and ${counts} and ${candidates} and ${fell(sql`peak.score`, sql`c.health_score`)}`
}
