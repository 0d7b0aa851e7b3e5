import { sql } from 'kysely'
import { requireCustomer } from '../../../customers/accounts/queries/customers.ts'
import { type Context, requirePermission } from '../../../platform/context/context.ts'
import type { FactKind } from '../../../platform/context/vocabulary.ts'
import { notFound } from '../../../platform/errors/app-error.ts'
import type { CatalogueMetric } from '../contract.ts'
import { definedMetric, isUndated, type Metrics, metricsOf } from './definitions.ts'
import { ownMetricsOf } from './own.ts'
import { placesOf } from './places.ts'
import { metricUses } from './uses.ts'

/** Every metric with what it says, how many customers have a value, and where it is used. */
export async function metricCatalogue(ctx: Context): Promise<{ items: CatalogueMetric[]; customers: number }> {
  requirePermission(ctx, 'customers.read')
  const metrics = await metricsOf(ctx)
  const own = new Map((await ownMetricsOf(ctx)).map(({ key, id }) => [key, id]))
  const uses = await metricUses(ctx)
  const { rows } = await sql<{ key: string; known: number; median: number | null }>`
    select p.key, count(f.figures[p.place])::int as known,
      percentile_cont(0.5) within group (order by f.figures[p.place]) as median
    from metric_place p join customer_figures f on f.tenant_id = ${ctx.tenantId}
    where p.tenant_id = ${ctx.tenantId} group by p.key`.execute(ctx.tx)
  const spread = new Map(rows.map(row => [row.key, row]))
  const state = await sql<{ customers: number; at: Date | null }>`
    select count(*)::int as customers, max(computed_at) as at from customer_figures where tenant_id = ${ctx.tenantId}`.execute(
    ctx.tx,
  )
  const { customers, at } = state.rows[0]!
  const items = [...metrics.values()].map(({ definition, source }) => ({
    key: definition.key,
    words: definition.words,
    definition: definition.definition,
    formula: definition.formula,
    unit: definition.unit,
    direction: definition.direction,
    window: definition.window ?? null,
    facts: source?.facts ?? factsOf(metrics, definition.key)[0] ?? null,
    undated: isUndated(metrics, definition.key),
    of: source ? [] : [...definition.of],
    ownId: own.get(definition.key) ?? null,
    coverage: customers > 0 && spread.has(definition.key) ? spread.get(definition.key)!.known / customers : null,
    median: spread.get(definition.key)?.median ?? null,
    computedAt: at?.toISOString() ?? null,
    usedBy: uses.get(definition.key) ?? [],
  }))
  return { items, customers }
}

/** What kinds of facts a metric is worked out from. */
export function factsOf(metrics: Metrics, key: string): FactKind[] {
  const { definition, source } = definedMetric(metrics, key)
  return source ? [source.facts] : [...new Set(definition.of.flatMap(part => factsOf(metrics, part)))]
}

/** A company's own metric as the contract's reply. @throws AppError `not_found` */
export async function getOwnMetric(ctx: Context, id: string) {
  const own = (await ownMetricsOf(ctx)).find(each => each.id === id)
  if (!own) throw notFound()
  const { rows } = await sql<{ at: Date }>`
    select updated_at as at from own_metric where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx)
  const { label_ja: labelJa, label_en: labelEn, ...rest } = own
  return { ...rest, labelJa, labelEn, updatedAt: rows[0]!.at.toISOString() }
}

/** The figures of a customer, now or on the last kept day until the one asked for, and how some went. */
export async function figuresOfCustomer(
  ctx: Context,
  id: string,
  { day, history }: { day?: string; history?: string },
) {
  await requireCustomer(ctx, id)
  const metrics = await metricsOf(ctx)
  const places = await placesOf(ctx)
  const { rows } = await (day === undefined
    ? sql<Kept>`select day::text as day, figures, computed_at from customer_figures
          where tenant_id = ${ctx.tenantId} and customer_id = ${id}`
    : sql<Kept>`select day::text as day, figures, null as computed_at from figures_daily
          where tenant_id = ${ctx.tenantId} and customer_id = ${id} and day <= ${day}::date order by day desc limit 1`
  ).execute(ctx.tx)
  const [kept] = rows
  const keys = (history ?? '')
    .split(',')
    .filter(key => key !== '')
    .slice(0, 20)
  for (const key of keys) definedMetric(metrics, key)
  const courses = await Promise.all(
    keys.map(async key => [key, await courseOf(ctx, id, places.get(key) ?? 0)] as const),
  )
  return {
    day: kept?.day ?? null,
    computedAt: kept?.computed_at?.toISOString() ?? null,
    figures: Object.fromEntries(
      [...metrics.keys()].map(key => [key, kept?.figures[(places.get(key) ?? 0) - 1] ?? null]),
    ),
    history: Object.fromEntries(courses),
  }
}

interface Kept {
  day: string
  figures: (number | null)[]
  computed_at: Date | null
}

async function courseOf(ctx: Context, id: string, place: number) {
  const { rows } = await sql<{ day: string; value: number | null }>`
    select day::text as day, figures[${place}::int] as value from figures_daily
    where tenant_id = ${ctx.tenantId} and customer_id = ${id} order by day`.execute(ctx.tx)
  return rows
}

/** For how long figures are kept, and how many days there are. */
export async function keepingNow(ctx: Context) {
  const { rows } = await sql<{
    dailyDays: number
    weeklyDays: number
    monthlyDays: number
    days: number
    oldest: string | null
  }>`
    select coalesce(s.daily_days, 120) as "dailyDays", coalesce(s.weekly_days, 550) as "weeklyDays",
      coalesce(s.monthly_days, 1830) as "monthlyDays", kept.days, kept.oldest
    from (select count(*)::int as days, min(day)::text as oldest from figures_day where tenant_id = ${ctx.tenantId}) kept
    left join figures_state s on s.tenant_id = ${ctx.tenantId}`.execute(ctx.tx)
  return rows[0]!
}
