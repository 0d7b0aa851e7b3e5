import { type RawBuilder, sql } from 'kysely'
import { lookedAfterBy, withinReach } from '../../../customers/accounts/queries/reach.ts'
import { tierModelOf } from '../../../customers/accounts/queries/tier-model.ts'
import { type Context, requirePermission } from '../../../platform/context/context.ts'
import type { Permission } from '../../../platform/permissions/contract.ts'
import { placesOf } from '../../../signals/metrics/queries/places.ts'
import type { KpiDefinition, KpiReader } from '../catalog/shape.ts'

/** Whose customers are looked at. */
export interface Whose {
  ownerId?: string
  tierKey?: string
  segmentId?: string
  mine?: 'own' | 'team'
}

/** It names less than the whole company. */
export function isNarrowed(whose: Whose): boolean {
  return Object.values(whose).some(each => each !== undefined)
}

export interface Company extends Omit<KpiReader, 'narrowed'> {
  /** First month of the fiscal year, 1 to 12. */
  fiscalYearStart: number
}

/** What the statements of all KPIs need to know of the company. */
export async function companyOf(ctx: Context): Promise<Company> {
  // Sums by month of a hundred thousand customers do not fit the memory that a small statement gets.
  await sql`set local work_mem = '64MB'`.execute(ctx.tx)
  const { rows } = await sql<Pick<Company, 'zone' | 'currency' | 'today' | 'fiscalYearStart'>>`
    select time_zone as zone, currency, fiscal_year_start as "fiscalYearStart",
      (${ctx.now}::timestamptz at time zone time_zone)::date::text as today
    from tenant where id = ${ctx.tenantId}`.execute(ctx.tx)
  const places = await placesOf(ctx)
  const { tiers } = await tierModelOf(ctx)
  return {
    ...rows[0]!,
    tenantId: ctx.tenantId,
    now: ctx.now,
    // A metric without a place was not worked out yet: nobody has a value.
    place: metric => sql`${sql.lit(places.get(metric) ?? 0)}`,
    promises: JSON.stringify(
      tiers.flatMap(({ key, responseHours: hours }) => (hours === null ? [] : [{ key, hours }])),
    ),
  }
}

/** A month, YYYY-MM, so many months later. */
export function shiftMonth(month: string, by: number): string {
  const [year, at] = month.split('-').map(Number) as [number, number]
  return new Date(Date.UTC(year, at - 1 + by, 1)).toISOString().slice(0, 7)
}

/**
 * The relations that the rows of a KPI are read from, for WITH.
 * @param months YYYY-MM, the last one at most the present month
 */
export function relations(
  ctx: Context,
  company: Company,
  kpi: KpiDefinition,
  whose: Whose,
  months: readonly string[],
  permission: Permission = 'customers.read',
): RawBuilder<unknown> {
  const scope = requirePermission(ctx, permission)
  const parts = [sql`c.merged_into is null`, withinReach(ctx, scope)]
  if (whose.ownerId) parts.push(sql`c.owner_id = ${whose.ownerId}::uuid`)
  if (whose.tierKey) parts.push(sql`c.tier_key = ${whose.tierKey}`)
  if (whose.mine) parts.push(lookedAfterBy(ctx, whose.mine))
  if (whose.segmentId) {
    parts.push(sql`c.id in (select m.record_id from segment_member m
      where m.tenant_id = ${ctx.tenantId} and m.segment_id = ${whose.segmentId}::uuid)`)
  }
  const start = company.fiscalYearStart
  const opens = {
    day: sql`p.as_of`,
    month: sql`p.month`,
    three_months: sql`(p.as_of + 1 - interval '3 months')::date`,
    twelve_months: sql`(p.as_of + 1 - interval '12 months')::date`,
    fiscal_year: sql`make_date(extract(year from p.month)::int - (extract(month from p.month) < ${start}::int)::int, ${start}::int, 1)`,
  }[kpi.window]
  return sql`
    asked as materialized (
      select c.id, c.name, c.tier_key, c.owner_id, c.status, c.churned_on, c.contract_start, c.created_at, c.health_score
      from customer c where c.tenant_id = ${ctx.tenantId} and ${sql.join(parts, sql` and `)}),
    span as materialized (
      select q.*, q.as_of + 1 as ends, (q.opens::timestamp at time zone ${company.zone}) as opens_at,
        least(((q.as_of + 1)::timestamp at time zone ${company.zone}), ${ctx.now}::timestamptz) as ends_at
      from (select p.month, p.as_of, ${opens} as opens from (
        select m.first as month, least((m.first + interval '1 month')::date - 1, ${company.today}::date) as as_of
        from unnest(${months.map(month => `${month}-01`)}::date[]) as m (first)) p) q),
    part as materialized (${kpi.rows({ ...company, narrowed: scope !== 'all' || isNarrowed(whose) })})`
}

/** The value of a KPI from the sums of its rows, as SQL. */
export function ratioOf(kpi: KpiDefinition, numerator: RawBuilder<unknown>, denominator: RawBuilder<unknown>) {
  if (!kpi.parts.denominator) return sql<number>`coalesce(${numerator}, 0)::float8`
  return sql<number | null>`(${sql.lit(kpi.scale ?? 1)} * ${numerator}::float8 / nullif(${denominator}::float8, 0))`
}
