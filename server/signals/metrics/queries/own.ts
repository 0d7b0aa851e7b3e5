import { type RawBuilder, sql } from 'kysely'
import type { RecordShape } from '../../../customers/accounts/catalog.ts'
import { invoiceShape, paymentShape } from '../../../customers/billing/catalog.ts'
import { answerShape } from '../../../customers/feedback/catalog.ts'
import { ticketShape } from '../../../customers/support/catalog.ts'
import { communicationShape } from '../../../customers/timeline/catalog.ts'
import type {
  AsOf,
  DerivedMetric,
  MetricDefinition,
  MetricSource,
  Reader,
} from '../../../platform/context/vocabulary.ts'
import type { OwnDefinition, RowFilter } from '../contract.ts'

export interface StoredOwn {
  id: string
  key: string
  label_ja: string
  label_en: string
  description: string | null
  unit: MetricDefinition['unit']
  direction: MetricDefinition['direction']
  definition: OwnDefinition
}

/** The metrics that a company defined itself. */
export async function ownMetricsOf(reader: Reader): Promise<StoredOwn[]> {
  const { rows } = await sql<StoredOwn>`
    select id, key, label_ja, label_en, description, unit, direction, definition
    from own_metric where tenant_id = ${reader.tenantId} order by key`.execute(reader.tx)
  return rows
}

/** The same as sources and derived metrics. */
export async function ownVocabulary(reader: Reader) {
  const stored = await ownMetricsOf(reader)
  const sources: MetricSource[] = []
  const derived: DerivedMetric[] = []
  for (const own of stored) {
    const made = ownMetric(own)
    if ('rows' in made) sources.push(made)
    else derived.push(made)
  }
  return { sources, derived }
}

/** What stands for a definition among the metrics. */
export function ownMetric(own: Omit<StoredOwn, 'id'>): MetricSource | DerivedMetric {
  const { definition } = own
  const words = { ja: own.label_ja, en: own.label_en }
  const text = own.description ?? ''
  const metric: MetricDefinition = {
    key: own.key,
    unit: own.unit,
    direction: own.direction,
    words,
    definition: { ja: text || own.label_ja, en: text || own.label_en },
    formula: formulaOf(definition),
    ...('days' in definition && { window: definition.days }),
  }
  if (definition.kind === 'ratio') {
    const { of, per, scale } = definition
    return {
      ...metric,
      of: [of, per],
      value: value => sql`${sql.lit(scale)}::float8 * ${value(of)} / nullif(${value(per)}, 0)`,
    }
  }
  return definition.kind === 'records' ? recordSource(metric, definition) : eventSource(metric, definition)
}

const shapes: Readonly<Record<string, { shape: RecordShape; since: string; facts: MetricSource['facts'] }>> = {
  ticket: { shape: ticketShape, since: 'opened_at', facts: 'tickets' },
  invoice: { shape: invoiceShape, since: 'issued_on', facts: 'billing' },
  payment: { shape: paymentShape, since: 'attempted_at', facts: 'billing' },
  survey_answer: { shape: answerShape, since: 'answered_at', facts: 'surveys' },
  communication: { shape: communicationShape, since: 'occurred_at', facts: 'communications' },
}

/** Fields of a kind of record by which own metrics may count, with their columns. */
export function ownFields(record: string): Readonly<Record<string, { column: string; type: string }>> {
  return shapes[record]?.shape.fields ?? {}
}

function recordSource(metric: MetricDefinition, definition: Extract<OwnDefinition, { kind: 'records' }>): MetricSource {
  const { shape, since, facts } = shapes[definition.record]!
  const isDay = since.endsWith('_on')
  const age = (at: AsOf) =>
    isDay
      ? sql`${at.day}::date - r.${sql.id(since)}`
      : sql`${at.day}::date - (r.${sql.id(since)} at time zone ${at.zone})::date`
  const isTrend = definition.measure === 'trend'
  const reach = definition.days * (isTrend ? 2 : 1)
  const column = definition.field ? sql`r.${sql.id(shape.fields[definition.field]!.column)}` : sql`r.id`
  const meets = (filters: readonly RowFilter[]) =>
    all(filters.map(filter => comparison(sql`to_jsonb(r.${sql.id(shape.fields[filter.field]!.column)})`, filter)))
  const values = {
    count: sql`count(*)`,
    sum: sql`coalesce(sum(${column}), 0)`,
    mean: sql`avg(${column})`,
    distinct: sql`count(distinct ${column})`,
    rate: sql`100.0 * count(*) filter (where ${meets(definition.meeting)}) / nullif(count(*), 0)`,
  }
  return {
    key: metric.key,
    facts,
    rows: at => sql`${sql.table(shape.table)} r where r.tenant_id = ${at.tenantId} and r.customer_id is not null and ${at.only(sql`r.customer_id`)}
      and ${age(at)} between 0 and ${sql.lit(reach - 1)} and ${meets(definition.where)}`,
    customer: sql`r.customer_id`,
    metrics: [
      {
        ...metric,
        value: at =>
          definition.measure === 'trend' ? trend(sql`1`, age(at), definition.days) : values[definition.measure],
        missing: ['count', 'sum', 'distinct'].includes(definition.measure) ? 0 : null,
      },
    ],
  }
}

function eventSource(metric: MetricDefinition, definition: Extract<OwnDefinition, { kind: 'events' }>): MetricSource {
  const { measure, events, days, where, property } = definition
  const named = events.length === 0 ? sql`true` : sql`r.feature = any(${events}::text[])`
  const who = sql`coalesce(r.contact_id::text, r.person)`
  const reach = days * (measure === 'trend' ? 2 : 1)
  const isRaw = where.length > 0 || measure === 'sum'
  const values = {
    count: sql`sum(r.events)`,
    sum: sql`coalesce(sum(r.amount), 0)`,
    people: sql`count(distinct ${who})`,
    days: sql`count(distinct r.age)`,
    features: sql`count(distinct r.feature)`,
    coverage: sql`100.0 * count(distinct r.feature) / ${sql.lit(Math.max(1, events.length))}`,
    rate: sql`100.0 * count(distinct ${who}) filter (where ${named}) / nullif(count(distinct ${who}), 0)`,
    trend: trend(sql`r.events`, sql`r.age`, days),
  }
  return {
    key: metric.key,
    facts: 'usage',
    rows: at =>
      sql`(${isRaw ? rawEvents(at, reach, where, property) : dailyEvents(at, reach)}) r where ${measure === 'rate' ? sql`true` : named}`,
    customer: sql`r.customer_id`,
    metrics: [
      { ...metric, value: () => values[measure], missing: measure === 'trend' || measure === 'rate' ? null : 0 },
    ],
  }
}

function dailyEvents(at: AsOf, reach: number): RawBuilder<unknown> {
  return sql`select u.customer_id, u.contact_id, u.person, u.feature, u.events, ${at.day}::date - u.day as age, 0 as amount
    from usage_daily u where u.tenant_id = ${at.tenantId} and u.customer_id is not null and ${at.only(sql`u.customer_id`)}
      and u.day > ${at.day}::date - ${sql.lit(reach)} and u.day <= ${at.day}::date`
}

/** Events one by one, for their properties; to whom they belong is what the roll-up of their person, day and name says. */
function rawEvents(
  at: AsOf,
  reach: number,
  where: readonly RowFilter[],
  property: string | undefined,
): RawBuilder<unknown> {
  const read = (path: string) => sql`e.properties #> ${path.split('.')}::text[]`
  const amount = property
    ? sql`case when jsonb_typeof(${read(property)}) = 'number' then (${read(property)})::float8 end`
    : sql`null::float8`
  return sql`select u.customer_id, u.contact_id, u.person, u.feature, 1 as events, ${at.day}::date - u.day as age, ${amount} as amount
    from usage_daily u
    join usage_event e on e.tenant_id = ${at.tenantId} and e.person = u.person
      and e.occurred_at >= (u.day::timestamp at time zone ${at.zone}) and e.occurred_at < ((u.day + 1)::timestamp at time zone ${at.zone})
      and u.feature = case e.type when 'track' then e.name when 'page' then 'page:' || e.name when 'screen' then 'screen:' || e.name end
    where u.tenant_id = ${at.tenantId} and u.customer_id is not null and ${at.only(sql`u.customer_id`)}
      and u.day > ${at.day}::date - ${sql.lit(reach)} and u.day <= ${at.day}::date
      and ${all(where.map(filter => comparison(read(filter.field), filter)))}`
}

/** Change of a sum against the days before, in percent; unknown where there was nothing. */
function trend(what: RawBuilder<unknown>, age: RawBuilder<unknown>, days: number): RawBuilder<unknown> {
  const now = sql`coalesce(sum(${what}) filter (where ${age} < ${sql.lit(days)}), 0)`
  const before = sql`coalesce(sum(${what}) filter (where ${age} >= ${sql.lit(days)}), 0)`
  return sql`100.0 * (${now} - ${before}) / nullif(${before}, 0)`
}

/** Compares a JSON value: texts, numbers and booleans by their own kind. */
function comparison(value: RawBuilder<unknown>, { op, value: wanted }: RowFilter): RawBuilder<unknown> {
  const empty = sql`coalesce(${value}, 'null'::jsonb) = 'null'::jsonb`
  switch (op) {
    case 'is_set':
      return sql`not (${empty})`
    case 'is_empty':
      return empty
    case 'is':
      return sql`coalesce(${value} = ${JSON.stringify(wanted ?? null)}::jsonb, false)`
    case 'is_not':
      return sql`coalesce(${value} <> ${JSON.stringify(wanted ?? null)}::jsonb, true)`
    default: {
      const number = sql`case when jsonb_typeof(${value}) = 'number' then (${value})::float8 end`
      return op === 'at_least'
        ? sql`coalesce(${number} >= ${wanted}::float8, false)`
        : sql`coalesce(${number} <= ${wanted}::float8, false)`
    }
  }
}

function all(conditions: RawBuilder<unknown>[]): RawBuilder<unknown> {
  return conditions.length === 0 ? sql`true` : sql.join(conditions, sql` and `)
}

function formulaOf(definition: OwnDefinition): string {
  if (definition.kind === 'ratio')
    return `${definition.of} ÷ ${definition.per}${definition.scale === 100 ? ' × 100' : ''}`
  const what = definition.kind === 'records' ? definition.record : definition.events.join(', ') || '*'
  const of = 'field' in definition && definition.field ? `.${definition.field}` : ''
  return `${definition.measure}(${what}${of}, ${definition.days} d)`
}
