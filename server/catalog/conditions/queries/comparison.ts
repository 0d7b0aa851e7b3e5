import { type RawBuilder, sql } from 'kysely'
import type { FieldDefinition } from '../../../platform/context/vocabulary.ts'
import type { Comparison } from '../contract.ts'

interface Calendar {
  zone: string
  today: string
}

/** A field of `c` compared with a value that was checked to fit it; null where the field is empty, which counts as false. */
export function compareField(
  field: FieldDefinition,
  { op, value: given }: Comparison,
  calendar: Calendar,
): RawBuilder<boolean> {
  const { kind, value } = field
  if (op === 'is_set') return kind === 'many_of' ? sql`cardinality(${value}) > 0` : sql`${value} is not null`
  if (op === 'is_empty') return kind === 'many_of' ? sql`cardinality(${value}) = 0` : sql`${value} is null`
  switch (kind) {
    case 'text':
      if (op === 'contains') {
        return sql`strpos(${folded(value)}, ${folded(sql`${given as string}::text`)}) > 0`
      }
      return op === 'is' ? sql`${value} = ${given as string}` : sql`${value} is distinct from ${given as string}`
    case 'one_of': {
      const wanted = listOf(given)
      // An empty field is none of the values.
      return op === 'in'
        ? sql`${value}::text = any(${wanted}::text[])`
        : sql`coalesce(${value}::text <> all(${wanted}::text[]), true)`
    }
    case 'many_of': {
      const wanted = listOf(given)
      const holds = field.holdsAny?.(wanted) ?? sql<boolean>`coalesce(${value} && ${wanted}::text[], false)`
      return op === 'in' ? holds : sql`not (${holds})`
    }
    case 'number':
      return sql`${value} ${numberOperators[op as keyof typeof numberOperators]} ${given as number}::float8`
    case 'boolean':
      return sql`${value} = ${given as boolean}`
    case 'date':
      return compareDay(field, op, given as string | number, calendar)
  }
}

/** Width and case do not matter. The collation is named: what is small depends on it, and databases come with their own. */
export function folded(text: RawBuilder<unknown>): RawBuilder<string> {
  return sql`lower(normalize(${text}, nfkc) collate pg_catalog.pg_c_utf8)`
}

const numberOperators = {
  at_least: sql`>=`,
  at_most: sql`<=`,
  more_than: sql`>`,
  less_than: sql`<`,
  equals: sql`=`,
} as const

function listOf(value: Comparison['value']): string[] {
  return Array.isArray(value) ? value : [value as string]
}

/** Days are those of the company's time zone: of a moment, its day there. */
function compareDay(
  { value, isMoment }: FieldDefinition,
  op: Comparison['op'],
  given: string | number,
  { zone, today }: Calendar,
): RawBuilder<boolean> {
  // Where a day begins; the column stands alone, so that an index serves.
  const start = (day: string, shift = 0) =>
    isMoment
      ? sql`(((${day}::date + ${sql.lit(shift)})::timestamp) at time zone ${zone})`
      : sql`(${day}::date + ${sql.lit(shift)})`
  switch (op) {
    case 'before':
      return sql`${value} < ${start(given as string)}`
    case 'after':
      return sql`${value} >= ${start(given as string, 1)}`
    case 'within_next_days':
      return sql`(${value} >= ${start(today)} and ${value} < ${start(today, (given as number) + 1)})`
    case 'within_last_days':
      return sql`(${value} >= ${start(today, -(given as number))} and ${value} < ${start(today, 1)})`
    default:
      return sql`${value} < ${start(today, -(given as number))}`
  }
}

/**
 * Grown or fallen by at least so much. In percent of what was before: from nothing to something has grown by any share,
 * and nothing cannot fall.
 */
export function comparedChange(
  now: RawBuilder<unknown>,
  before: RawBuilder<unknown>,
  change: 'up' | 'down',
  unit: 'percent' | 'points',
  by: number,
): RawBuilder<boolean> {
  const difference = change === 'up' ? sql`${now} - ${before}` : sql`${before} - ${now}`
  if (unit === 'points') return sql`(${difference} >= ${by}::float8)`
  if (change === 'down') return sql`(${before} > 0 and 100 * (${difference}) >= ${by}::float8 * ${before})`
  return sql`case when ${before} > 0 then 100 * (${difference}) >= ${by}::float8 * ${before} else ${before} = 0 and ${now} > 0 end`
}
