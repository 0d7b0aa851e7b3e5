import { type RawBuilder, sql } from 'kysely'
import type { FieldDefinition, RecordKind } from '../../../platform/context/vocabulary.ts'
import type { Behaviour, EventChange, Occasion, PropertyCondition } from '../contract.ts'
import { conditionFault, isDay } from '../faults.ts'
import { comparedChange, folded } from './comparison.ts'

interface Calendar {
  zone: string
  today: string
  asOf?: string
}

/** The joins that a condition needs; equal ones are made once. */
export class Joins {
  readonly #tenantId: string
  readonly #record: RecordKind
  readonly #calendar: Calendar
  readonly #only: RawBuilder<unknown> | undefined
  readonly #joins = new Map<string, { name: string; join: RawBuilder<unknown> }>()

  constructor(tenantId: string, record: RecordKind, calendar: Calendar, only: RawBuilder<unknown> | undefined) {
    this.#tenantId = tenantId
    this.#record = record
    this.#calendar = calendar
    this.#only = only
  }

  statement(): RawBuilder<unknown> {
    return sql.join(
      [...this.#joins.values()].map(({ join }) => join),
      sql` `,
    )
  }

  get size(): number {
    return this.#joins.size
  }

  get today(): string {
    return this.#calendar.today
  }

  /** The customer's figures of now, as `figures_now`. */
  figures(): void {
    if (this.#joins.has('figures_now')) return
    const { asOf } = this.#calendar
    const join = asOf
      ? sql`left join figures_daily figures_now on figures_now.tenant_id = ${this.#tenantId} and figures_now.customer_id = c.id
          and figures_now.day = (select max(d.day) from figures_day d where d.tenant_id = ${this.#tenantId} and d.day <= ${asOf}::date)`
      : sql`left join customer_figures figures_now on figures_now.tenant_id = ${this.#tenantId} and figures_now.customer_id = c.id`
    this.#joins.set('figures_now', { name: 'figures_now', join })
  }

  /** A figure of now and of so many days ago. */
  figuresBefore(field: FieldDefinition, days: number): { now: RawBuilder<unknown>; before: RawBuilder<unknown> } {
    this.figures()
    const name = this.#join(`before ${days}`, id => {
      const kept = sql.id(id)
      return sql`left join figures_daily ${kept} on ${kept}.tenant_id = ${this.#tenantId} and ${kept}.customer_id = c.id
        and ${kept}.day = (select max(d.day) from figures_day d where d.tenant_id = ${this.#tenantId}
          and d.day <= ${this.#calendar.today}::date - ${days}::int)`
    })
    return { now: field.value, before: sql`${sql.id(name)}.figures[${field.place ?? 0}::int]` }
  }

  /** How many rows of a statement of ids name the record. */
  counted(ids: RawBuilder<unknown>): RawBuilder<unknown> {
    const name = this.#join(`counted ${this.#joins.size}`, id => {
      return sql`left join (select x.customer_id as id, count(*) as number from (${ids}) x group by 1) ${sql.id(id)} on ${sql.id(id)}.id = c.id`
    })
    return sql`${sql.id(name, 'number')}`
  }

  /** An aggregate over the use by the record in the last days; without days: ever. Null without any. */
  use(
    aggregate: RawBuilder<unknown>,
    what: { key: string; event: string; days?: number | undefined; where?: readonly PropertyCondition[] | undefined },
  ): RawBuilder<unknown> {
    const { event, days, where = [] } = what
    const owner = sql.id('u', `${this.#record}_id`)
    const name = this.#join(JSON.stringify(what), id => {
      const feature = event === '*' ? sql`true` : sql`u.feature = ${event}`
      const since = days === undefined ? sql`true` : sql`u.day > ${this.#calendar.today}::date - ${days}::int`
      const keeps = this.#only ? sql`and ${owner} in (${this.#only})` : sql``
      const rows =
        where.length === 0
          ? sql`usage_daily u`
          : sql`usage_daily u ${rawEvents(this.#tenantId, this.#calendar.zone)} and ${propertiesHold(where)}`
      return sql`left join (select ${owner} as id, ${aggregate} as amount from ${rows}
        where u.tenant_id = ${this.#tenantId} and ${owner} is not null and ${feature} and ${since}
          and u.day <= ${this.#calendar.today}::date ${keeps} group by 1) ${sql.id(id)} on ${sql.id(id)}.id = c.id`
    })
    return sql`${sql.id(name, 'amount')}`
  }

  #join(key: string, make: (name: string) => RawBuilder<unknown>): string {
    const known = this.#joins.get(key)
    if (known) return known.name
    const name = `join_${this.#joins.size}`
    this.#joins.set(key, { name, join: make(name) })
    return name
  }
}

/** A join of the events `e` behind the roll-ups `u`. */
export function rawEvents(tenantId: string, zone: string): RawBuilder<unknown> {
  return sql`join usage_event e on e.tenant_id = ${tenantId} and e.person = u.person
    and e.occurred_at >= (u.day::timestamp at time zone ${zone}) and e.occurred_at < ((u.day + 1)::timestamp at time zone ${zone})
    and u.feature = case e.type when 'track' then e.name when 'page' then 'page:' || e.name when 'screen' then 'screen:' || e.name end`
}

/** Whether an event `e` meets conditions on its properties. */
export function propertiesHold(where: readonly PropertyCondition[]): RawBuilder<unknown> {
  return sql.join(where.map(propertyHolds), sql` and `)
}

/** A property of the event `e`, compared by the JSON that it holds: a text is no number. */
function propertyHolds({ property, op, value }: PropertyCondition): RawBuilder<unknown> {
  const held = sql`coalesce(e.properties #> ${property.split('.')}::text[], 'null'::jsonb)`
  switch (op) {
    case 'is_set':
      return sql`${held} <> 'null'::jsonb`
    case 'is_empty':
      return sql`${held} = 'null'::jsonb`
    case 'is':
      return sql`${held} = ${JSON.stringify(value ?? null)}::jsonb`
    case 'is_not':
      return sql`${held} <> ${JSON.stringify(value ?? null)}::jsonb`
    case 'contains':
      return sql`coalesce(strpos(${folded(sql`case when jsonb_typeof(${held}) = 'string' then ${held} #>> '{}' end`)},
        ${folded(sql`${String(value)}::text`)}) > 0, false)`
    default: {
      const number = sql`case when jsonb_typeof(${held}) = 'number' then (${held})::float8 end`
      return op === 'at_least' ? sql`${number} >= ${Number(value)}::float8` : sql`${number} <= ${Number(value)}::float8`
    }
  }
}

const counts = {
  events: (raw: boolean) => (raw ? sql`count(*)` : sql`sum(u.events)`),
  days: () => sql`count(distinct u.day)`,
  people: () => sql`count(distinct coalesce(u.contact_id::text, u.person))`,
}

/** What somebody did: how often, when first or last, or how it changed. */
export function happened(
  joins: Joins,
  condition: Behaviour | Occasion | EventChange,
  path: string,
): RawBuilder<boolean> {
  const { event, where } = condition
  const raw = (where?.length ?? 0) > 0
  if ('when' in condition) return occurred(joins, condition, path)
  if ('change' in condition) {
    const amount = counts.events(raw)
    const half = (name: string, filter: RawBuilder<unknown>) =>
      sql`coalesce(${joins.use(sql`coalesce(${amount} filter (where ${filter}), 0)`, { key: name, event, days: condition.days * 2, where })}, 0)`
    const since = sql`${joins.today}::date - ${condition.days}::int`
    return comparedChange(
      half('now', sql`u.day > ${since}`),
      half('before', sql`u.day <= ${since}`),
      condition.change,
      'percent',
      condition.percent,
    )
  }
  const { did, count = 'events', days } = condition
  const number = sql`coalesce(${joins.use(counts[count](raw), { key: count, event, days, where })}, 0)`
  if (did === 'never') return sql`${number} = 0`
  if (condition.times === undefined) {
    throw conditionFault(path, '回数（times）を指定してください。', 'say how many times.')
  }
  const op = did === 'at_least' ? sql`>=` : did === 'at_most' ? sql`<=` : sql`=`
  return sql`${number} ${op} ${condition.times}::int`
}

function occurred(joins: Joins, { event, when, op, value, where }: Occasion, path: string): RawBuilder<boolean> {
  const day = joins.use(when === 'first' ? sql`min(u.day)` : sql`max(u.day)`, { key: when, event, where })
  if (op === 'before' || op === 'after') {
    if (typeof value !== 'string' || !isDay(value)) {
      throw conditionFault(
        path,
        '値は日付（YYYY-MM-DD）で指定してください。',
        'the value has to be a date (YYYY-MM-DD).',
      )
    }
    return op === 'before' ? sql`${day} < ${value}::date` : sql`${day} > ${value}::date`
  }
  if (typeof value !== 'number') {
    throw conditionFault(path, '値は日数で指定してください。', 'the value has to be a number of days.')
  }
  return op === 'within_last_days'
    ? sql`${day} >= ${joins.today}::date - ${value}::int`
    : sql`${day} < ${joins.today}::date - ${value}::int`
}
