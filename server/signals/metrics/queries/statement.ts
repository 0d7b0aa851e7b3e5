import { type RawBuilder, sql } from 'kysely'
import type { Reader } from '../../../platform/context/vocabulary.ts'
import { asOf, type Calendar, type Customers, calendarOf, within } from './as-of.ts'
import { baseMetrics, definedMetric, type Metrics, metricsOf } from './definitions.ts'
import { placesOf } from './places.ts'

export interface ColumnsWanted {
  /** Keys of metrics; each becomes a column of that name. */
  keys: readonly string[]
  /** YYYY-MM-DD in the company's time zone; today when left out. */
  day?: string
  /** Left out: every customer. */
  customers?: Customers
}

/**
 * A SELECT with `customer_id` and a column for each metric (named by its key, float8, null where unknown), for all
 * customers that there were on the day, straight from the facts. One pass over each kind of rows.
 * @throws AppError `invalid_input` for a metric that does not exist
 */
export async function metricColumns(ctx: Reader, wanted: ColumnsWanted): Promise<RawBuilder<unknown>> {
  const [metrics, calendar] = [await metricsOf(ctx), await calendarOf(ctx)]
  return statementOf(ctx, metrics, calendar, wanted)
}

/**
 * The same without asking the database, for callers that know the company's metrics and calendar.
 * @param places with it, figures of the day that were kept give the metrics that have no history
 */
export function statementOf(
  reader: Reader,
  metrics: Metrics,
  calendar: Calendar,
  { keys, day = calendar.today, customers }: ColumnsWanted,
  places?: ReadonlyMap<string, number>,
): RawBuilder<unknown> {
  const at = asOf(reader, calendar, day, customers)
  const base = baseMetrics(metrics, keys)
  const sources = [...new Set([...base].map(key => definedMetric(metrics, key).source!))]
  const joins = sources.map((source, place) => {
    const asked = source.metrics.filter(({ key }) => base.has(key))
    const columns = asked.map(metric => sql`(${metric.value(at)})::float8 as ${sql.id(metric.key)}`)
    const window = Math.max(...asked.map(metric => metric.window ?? Number.POSITIVE_INFINITY))
    const name = sql.ref(`source_${place}`)
    return sql`left join (select ${source.customer} as customer_id, ${sql.join(columns)}
      from ${source.rows({ ...at, window })} group by ${source.customer}) as ${name} on ${name}.customer_id = c.id`
  })
  const value = (key: string): RawBuilder<number> => {
    const { definition, source } = definedMetric(metrics, key)
    if (!source) return sql`(${definition.value(value)})::float8`
    const column = sql.id(`source_${sources.indexOf(source)}`, key)
    const known =
      definition.missing === null
        ? sql<number>`${column}`
        : sql<number>`coalesce(${column}, ${sql.lit(definition.missing)})`
    const place = definition.undated && places?.get(key)
    return place
      ? sql`case when kept.customer_id is null then ${known} else kept.figures[${sql.lit(place)}] end`
      : known
  }
  const selected = keys.map(key => sql`, ${value(key)} as ${sql.id(key)}`)
  return sql`select c.id as customer_id${sql.join(selected, sql``)} from customer c ${sql.join(joins, sql` `)}
    ${places ? sql`left join figures_daily kept on kept.tenant_id = ${reader.tenantId} and kept.customer_id = c.id and kept.day = ${day}::date` : sql``}
    where c.tenant_id = ${reader.tenantId} and c.merged_into is null and ${within(sql`c.id`, customers)}
      and ${existedOn(calendar, day)}`
}

/** A condition on `c`: it was a customer by then. Imported ones are older than their record. */
function existedOn({ zone, today }: Calendar, day: string): RawBuilder<boolean> {
  if (day >= today) return sql`true`
  return sql`least((c.created_at at time zone ${zone})::date, coalesce(c.contract_start, 'infinity'::date)) <= ${day}::date`
}

/** The same columns from the figures that are kept: of now, or of the last kept day not after the one asked for. */
export async function keptColumns(ctx: Reader, { keys, day, customers }: ColumnsWanted): Promise<RawBuilder<unknown>> {
  const metrics = await metricsOf(ctx)
  for (const key of keys) definedMetric(metrics, key)
  const places = await placesOf(ctx)
  const columns = keys.map(key => sql`, f.figures[${sql.lit(places.get(key) ?? 0)}] as ${sql.id(key)}`)
  const only = within(sql`f.customer_id`, customers)
  if (day === undefined) {
    return sql`select f.customer_id${sql.join(columns, sql``)} from customer_figures f
      where f.tenant_id = ${ctx.tenantId} and ${only}`
  }
  return sql`select f.customer_id${sql.join(columns, sql``)} from figures_daily f
    where f.tenant_id = ${ctx.tenantId} and ${only} and f.day = (
      select max(kept.day) from figures_day kept where kept.tenant_id = ${ctx.tenantId} and kept.day <= ${day}::date)`
}
