import { type RawBuilder, sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'
import type { Reader } from '../../../platform/context/vocabulary.ts'
import { joinByHash } from '../../../platform/db/join-plan.ts'
import { calendarOf } from '../../metrics/queries/as-of.ts'
import { isUndated, type Metrics, metricsOf } from '../../metrics/queries/definitions.ts'
import { statementOf } from '../../metrics/queries/statement.ts'
import type { ChurnSettings } from '../contract/settings.ts'
import { featureKeys } from '../features.ts'
import type { ObservationRow } from '../observations.ts'
import { firstLeaving, leftIn } from './leaving.ts'

/** Categories of the customer `c` on a day: the plan is that of the contract that ran then. */
function categoriesOn({ tenantId }: Pick<Reader, 'tenantId'>, day: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`array[coalesce((select k.plan from contract k where k.tenant_id = ${tenantId} and k.customer_id = c.id and k.plan is not null
      and k.status <> 'DRAFT' and k.starts_on <= ${day} and (k.ends_on is null or k.ends_on >= ${day}) order by k.starts_on desc limit 1), c.plan),
    c.industry, c.region, c.language]`
}

/** The features of a company's model: keys of metrics, in the order of the catalogue. */
export function featuresOf(metrics: Metrics): string[] {
  return featureKeys(
    [...metrics.values()].map(({ definition: { key, unit } }) => ({ key, unit, undated: isUndated(metrics, key) })),
  )
}

export interface Observation extends ObservationRow {
  left: boolean
  /** Health as it stood then; null where none was kept. */
  health: number | null
}

/** How much of a customer is looked at. */
export interface Sample {
  /** Share of the customers, chosen by their ids: all days of a customer or none. */
  share: number
}

/**
 * Customers as they were on a past day, and who of them left within the horizon after it. Only those that were at risk:
 * customers for long enough, not gone by then, not left out.
 */
export async function observationsOn(
  ctx: Context,
  settings: ChurnSettings,
  features: readonly string[],
  day: string,
  { share }: Sample,
): Promise<Observation[]> {
  await joinByHash(ctx.tx, true)
  const metrics = await metricsOf(ctx)
  const calendar = await calendarOf(ctx)
  const { joins, where } = await leftIn(ctx, settings.exclude)
  const chosen =
    share >= 1
      ? undefined
      : sql`select k.id from customer k where k.tenant_id = ${ctx.tenantId}
    and (('x' || right(md5(k.id::text), 6))::bit(24)::int) < ${Math.round(share * 16_777_216)}::int`
  const columns = statementOf(ctx, metrics, calendar, { keys: features, day, customers: chosen })
  const figures = sql.join(features.map(key => sql`m.${sql.id(key)}`))
  const { rows } = await sql<Observation>`
    with gone as materialized (${firstLeaving(ctx, calendar.today, settings.definition)}),
    m as materialized (${columns})
    select c.id as customer, array_to_string(array[${figures}]::float8[], ',', '') as figures,
      ${categoriesOn(ctx, sql`${day}::date`)} as categories,
      coalesce(gone.day <= ${day}::date + ${settings.horizonDays}::int, false) as left,
      (select h.score from health_daily h where h.tenant_id = ${ctx.tenantId} and h.customer_id = c.id and h.day <= ${day}::date
        and h.day > ${day}::date - 35 order by h.day desc limit 1) as health
    from m join customer c on c.tenant_id = ${ctx.tenantId} and c.id = m.customer_id
    left join gone on gone.customer_id = c.id ${joins}
    where c.merged_into is null and (gone.day is null or gone.day > ${day}::date) and ${where} and ${customerFor(calendar.zone, sql`${day}::date`, settings.minimumDays)}
    order by c.id`.execute(ctx.tx)
  return rows
}

/** A condition on `c`: it had been a customer for so many days on a day. */
function customerFor(zone: string, day: RawBuilder<unknown>, days: number): RawBuilder<boolean> {
  return sql`least((c.created_at at time zone ${zone})::date, coalesce(c.contract_start, 'infinity'::date)) <= ${day} - ${days}::int`
}

export interface CurrentRow extends ObservationRow {
  young: boolean
  usage: boolean
}

/** The same of now, from the figures that are kept: a page of customers behind `after`. */
export async function customersNow(
  ctx: Context,
  settings: ChurnSettings,
  {
    places,
    limit,
    after,
    only,
  }: { places: readonly number[]; limit?: number; after?: string | undefined; only?: readonly string[] },
): Promise<CurrentRow[]> {
  const { today, zone } = await calendarOf(ctx)
  const { joins, where } = await leftIn(ctx, settings.exclude)
  const figures = sql.join(places.map(place => sql`f.figures[${sql.lit(place)}]`))
  const { rows } = await sql<CurrentRow>`
    select c.id as customer, array_to_string(array[${figures}]::float8[], ',', '') as figures,
      ${categoriesOn(ctx, sql`${today}::date`)} as categories,
      not ${customerFor(zone, sql`${today}::date`, settings.minimumDays)} as young, c.last_seen_at is not null as usage
    from customer_figures f join customer c on c.tenant_id = ${ctx.tenantId} and c.id = f.customer_id ${joins}
    where f.tenant_id = ${ctx.tenantId} and c.merged_into is null and c.status <> 'CHURNED' and ${where}
      and ${after ? sql`c.id > ${after}::uuid` : sql`true`} and ${only ? sql`c.id = any(${only}::uuid[])` : sql`true`}
    order by c.id ${limit ? sql`limit ${limit}` : sql``}`.execute(ctx.tx)
  return rows
}

/** How much there is to learn from. */
export async function historyOf(ctx: Context, settings: ChurnSettings) {
  const { today, zone } = await calendarOf(ctx)
  const { joins, where } = await leftIn(ctx, settings.exclude)
  const { rows } = await sql<{ left: number; stayed: number; oldest: string | null; customers: number }>`
    with gone as materialized (${firstLeaving(ctx, today, settings.definition)}),
    first_fact as (
      select least((select min(u.day) from usage_daily u where u.tenant_id = ${ctx.tenantId}),
        (select min(t.opened_at at time zone ${zone})::date from ticket t where t.tenant_id = ${ctx.tenantId}),
        (select min(i.issued_on) from invoice i where i.tenant_id = ${ctx.tenantId})) as day)
    select count(*) filter (where gone.day is not null and gone.day > first_fact.day + 30)::int as left,
      count(*) filter (where gone.day is null)::int as stayed, count(*)::int as customers, first_fact.day::text as oldest
    from customer c left join gone on gone.customer_id = c.id cross join first_fact ${joins}
    where c.tenant_id = ${ctx.tenantId} and c.merged_into is null and ${where}
    group by first_fact.day`.execute(ctx.tx)
  return { today, ...(rows[0] ?? { left: 0, stayed: 0, oldest: null, customers: 0 }) }
}
