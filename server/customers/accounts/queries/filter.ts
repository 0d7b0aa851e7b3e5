import { type RawBuilder, sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'
import { AppError } from '../../../platform/errors/app-error.ts'
import type { Words } from '../../../platform/errors/words.ts'
import { attributesOf } from '../../attributes/queries/attributes.ts'
import { type Condition, type FilterKind, filterShape, operators } from '../contract/filter.ts'
import { today } from './today.ts'

/** What a field is compared as: its kind and the expression that reads it from the record. */
interface Operand {
  kind: FilterKind
  value: RawBuilder<unknown>
}

/** Where the fields of a kind of record are found. */
export interface Vocabulary {
  record: 'customer' | 'contact'
  fields: Readonly<Record<string, FilterKind>>
  /** The column of a field, on the record `c`. */
  column(name: string): RawBuilder<unknown>
  /** Names of the record's tags, as a text array. */
  tags: RawBuilder<unknown>
}

/**
 * Reads the conditions of a list.
 * @throws AppError `invalid_input` that says which condition is wrong, and why
 */
export async function filterConditions(
  ctx: Context,
  vocabulary: Vocabulary,
  text: string | undefined,
): Promise<RawBuilder<unknown>[]> {
  if (!text) return []
  const { all } = readFilter(text)
  const own = all.some(({ field }) => field.startsWith('attributes.')) ? await attributesOf(ctx, vocabulary.record) : []
  const kinds = new Map(own.map(({ key, type }) => [key, type]))
  return all.map((condition, place) => {
    const operand = operandOf(vocabulary, kinds, condition.field)
    if (!operand)
      throw fault(place, `「${condition.field}」という項目はありません。`, `There is no field "${condition.field}".`)
    if (!(operators[operand.kind] as readonly string[]).includes(condition.op)) {
      throw fault(
        place,
        `「${condition.field}」には「${condition.op}」を使えません。使えるのは ${operators[operand.kind].join('、')} です。`,
        `"${condition.op}" does not go with "${condition.field}"; use one of ${operators[operand.kind].join(', ')}.`,
      )
    }
    return comparison(ctx, operand, condition, place)
  })
}

function readFilter(text: string) {
  try {
    return filterShape.parse(JSON.parse(text))
  } catch (cause) {
    const words: Words = {
      ja: '条件の形式が正しくありません。{"all":[{"field":"arr","op":"at_least","value":1000000}]} の形で送ってください。',
      en: 'The filter is malformed. Send it as {"all":[{"field":"arr","op":"at_least","value":1000000}]}.',
    }
    throw new AppError('invalid_input', words, { faults: [{ path: 'query.filter', message: words }], cause })
  }
}

function operandOf(vocabulary: Vocabulary, own: ReadonlyMap<string, string>, name: string): Operand | undefined {
  if (name === 'tags') return { kind: 'many_of', value: vocabulary.tags }
  if (Object.hasOwn(vocabulary.fields, name)) return { kind: vocabulary.fields[name]!, value: vocabulary.column(name) }
  const key = name.startsWith('attributes.') ? name.slice('attributes.'.length) : ''
  switch (own.get(key)) {
    case 'text':
      return { kind: 'text', value: sql`c.attributes ->> ${key}` }
    case 'number':
      return { kind: 'number', value: sql`(c.attributes ->> ${key})::float8` }
    case 'boolean':
      return { kind: 'boolean', value: sql`(c.attributes ->> ${key})::boolean` }
    case 'date':
      return { kind: 'date', value: sql`(c.attributes ->> ${key})::date` }
    case 'one_of':
      return { kind: 'one_of', value: sql`c.attributes ->> ${key}` }
    case 'many_of':
      return {
        kind: 'many_of',
        value: sql`array(select jsonb_array_elements_text(case when jsonb_typeof(c.attributes -> ${key}::text) = 'array' then c.attributes -> ${key}::text else '[]' end))`,
      }
    default:
      return undefined
  }
}

function comparison(ctx: Context, { kind, value }: Operand, condition: Condition, place: number): RawBuilder<unknown> {
  const { op } = condition
  if (op === 'is_set') return kind === 'many_of' ? sql`cardinality(${value}) > 0` : sql`${value} is not null`
  if (op === 'is_empty') return kind === 'many_of' ? sql`cardinality(${value}) = 0` : sql`${value} is null`
  switch (kind) {
    case 'text': {
      const wanted = asText(condition, place)
      if (op === 'contains')
        return sql`strpos(normalize(lower(${value}), nfkc), ${wanted.normalize('NFKC').toLowerCase()}) > 0`
      return op === 'is' ? sql`${value} = ${wanted}` : sql`${value} is distinct from ${wanted}`
    }
    case 'one_of': {
      const wanted = asList(condition, place)
      // An empty field is none of the values.
      return op === 'in'
        ? sql`${value}::text = any(${wanted}::text[])`
        : sql`coalesce(${value}::text <> all(${wanted}::text[]), true)`
    }
    case 'many_of': {
      const wanted = asList(condition, place)
      return op === 'in' ? sql`${value} && ${wanted}::text[]` : sql`not (${value} && ${wanted}::text[])`
    }
    case 'number': {
      const wanted = asNumber(condition, place)
      if (op === 'equals') return sql`${value} = ${wanted}`
      return op === 'at_least' ? sql`${value} >= ${wanted}` : sql`${value} <= ${wanted}`
    }
    case 'boolean': {
      if (typeof condition.value !== 'boolean') throw wrongValue(place, 'true または false', 'true or false')
      return sql`${value} = ${condition.value}`
    }
    case 'date':
      return dated(ctx, value, condition, place)
  }
}

/** Days are those of the company's time zone. */
function dated(ctx: Context, value: RawBuilder<unknown>, condition: Condition, place: number): RawBuilder<unknown> {
  if (condition.op === 'before' || condition.op === 'after') {
    const day = asText(condition, place)
    if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || Number.isNaN(Date.parse(day))) {
      throw wrongValue(place, '日付（YYYY-MM-DD）', 'a date (YYYY-MM-DD)')
    }
    return condition.op === 'before' ? sql`${value} < ${day}::date` : sql`${value} > ${day}::date`
  }
  const days = asNumber(condition, place)
  if (!Number.isInteger(days) || days < 0 || days > 36_500) throw wrongValue(place, '0以上の日数', 'a number of days')
  switch (condition.op) {
    case 'within_next_days':
      return sql`(${value} >= ${today(ctx)} and ${value} <= ${today(ctx)} + ${days}::int)`
    case 'within_last_days':
      return sql`${value} >= ${today(ctx)} - ${days}::int`
    default:
      return sql`${value} < ${today(ctx)} - ${days}::int`
  }
}

function asText({ value }: Condition, place: number): string {
  if (typeof value === 'string') return value
  throw wrongValue(place, '文字列', 'a text')
}

function asNumber({ value }: Condition, place: number): number {
  if (typeof value === 'number') return value
  throw wrongValue(place, '数値', 'a number')
}

function asList({ value }: Condition, place: number): string[] {
  if (typeof value === 'string') return [value]
  if (Array.isArray(value)) return value
  throw wrongValue(place, '文字列の配列', 'a list of texts')
}

function wrongValue(place: number, ja: string, en: string): AppError {
  return fault(place, `値は${ja}で指定してください。`, `The value has to be ${en}.`)
}

function fault(place: number, ja: string, en: string): AppError {
  const words = { ja: `条件${place + 1}: ${ja}`, en: `Condition ${place + 1}: ${en}` }
  return new AppError('invalid_input', words, { faults: [{ path: `query.filter.all.${place}`, message: words }] })
}
