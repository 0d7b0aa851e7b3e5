import type { RecordKind, ValueKind } from '../../platform/context/vocabulary.ts'
import type {
  Behaviour,
  Comparison,
  Condition,
  EventChange,
  MetricChange,
  Occasion,
  PropertyCondition,
} from './contract.ts'

/** Events of one name, day and person. */
export interface LoadedEvent {
  name: string
  /** YYYY-MM-DD in the company's time zone. */
  day: string
  person: string
  count: number
  /** Given for events that are looked at one by one. */
  properties?: unknown
}

/** What a condition needs to know of one record. */
export interface LoadedRecord {
  /** By field id; days as YYYY-MM-DD, an empty field is null. */
  fields: Readonly<Record<string, unknown>>
  events: readonly LoadedEvent[]
  rawEvents: readonly LoadedEvent[]
  /** Figures of days ago, by `metric:days`. */
  before: Readonly<Record<string, number | null>>
  contacts: readonly LoadedRecord[]
  customer?: LoadedRecord | undefined
}

export type Test = (record: LoadedRecord) => boolean

/** How a field of a record is compared. A company may have an attribute of one key and two kinds on both records. */
export type Kinds = (record: RecordKind, field: string) => ValueKind

/**
 * Compiles a condition to a function that says the same as its SQL.
 * @param record what it is about
 * @param today YYYY-MM-DD in the company's time zone
 */
export function compileToFunction(condition: Condition, record: RecordKind, kindOf: Kinds, today: string): Test {
  if ('all' in condition) {
    return allOf(condition.all.map(part => compileToFunction(part, record, kindOf, today)))
  }
  if ('any' in condition) {
    return anyOf(condition.any.map(part => compileToFunction(part, record, kindOf, today)))
  }
  if ('not' in condition) {
    const part = compileToFunction(condition.not, record, kindOf, today)
    return loaded => !part(loaded)
  }
  if ('field' in condition) {
    return fieldTest(kindOf(record, condition.field), condition, today)
  }
  if ('metric' in condition) return metricChange(condition)
  if ('contacts' in condition) return aboutContacts(condition, kindOf, today)
  if ('customer' in condition) {
    const part = compileToFunction(condition.customer, 'customer', kindOf, today)
    return loaded => loaded.customer !== undefined && part(loaded.customer)
  }
  if ('when' in condition) return occasion(condition, today)
  return 'change' in condition ? eventChange(condition, today) : behaviour(condition, today)
}

/** Groups of a few parts are spelled out: a loop over functions costs as much as the comparisons. */
function allOf(parts: readonly Test[]): Test {
  const [one, two, three, ...rest] = parts
  if (!one) return () => true
  if (!two) return one
  if (!three) return record => one(record) && two(record)
  if (rest.length === 0) return record => one(record) && two(record) && three(record)
  const others = allOf(rest)
  return record => one(record) && two(record) && three(record) && others(record)
}

function anyOf(parts: readonly Test[]): Test {
  const [one, two, three, ...rest] = parts
  if (!one) return () => false
  if (!two) return one
  if (!three) return record => one(record) || two(record)
  if (rest.length === 0) return record => one(record) || two(record) || three(record)
  const others = anyOf(rest)
  return record => one(record) || two(record) || three(record) || others(record)
}

/** The commonest comparisons read the field themselves. */
function fieldTest(kind: ValueKind, condition: Comparison, today: string): Test {
  const { field, op, value } = condition
  if (kind === 'number' && typeof value === 'number') {
    // Of a field that is no number every comparison is false: NaN is neither more nor less.
    const held = (record: LoadedRecord) => {
      const given = record.fields[field]
      return typeof given === 'number' ? given : Number.NaN
    }
    if (op === 'at_least') return record => held(record) >= value
    if (op === 'at_most') return record => held(record) <= value
    if (op === 'more_than') return record => held(record) > value
    if (op === 'less_than') return record => held(record) < value
  }
  if (kind === 'one_of' && (op === 'in' || op === 'not_in')) {
    const wanted = listOf(value)
    const [one, two] = wanted
    const isIn = op === 'in'
    if (wanted.length === 1) return record => (record.fields[field] === one) === isIn
    if (wanted.length === 2) {
      return record => {
        const given = record.fields[field]
        return (given === one || given === two) === isIn
      }
    }
  }
  const holds = comparisonOf(kind, condition, today)
  return record => holds(record.fields[field])
}

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined
}

/**
 * Width and case do not matter, as in PostgreSQL's lower(normalize(.., nfkc)): it takes letter for letter, where JavaScript
 * makes two of İ and looks at what stands beside Σ.
 */
function folded(text: string): string {
  if (text === lastText) return lastFolded
  lastText = text
  lastFolded = isStable(text)
    ? text.toLowerCase()
    : text.normalize('NFKC').replaceAll('İ', 'i').replaceAll('Σ', 'σ').toLowerCase()
  return lastFolded
}

/** Whether NFKC leaves a text alone: ASCII, kana and kanji. Most titles are such texts, and normalizing is slow. */
function isStable(text: string): boolean {
  for (let place = 0; place < text.length; place++) {
    const code = text.charCodeAt(place)
    if (code < 0x80 || (code >= 0x4e00 && code <= 0x9fff) || code === 0x30fc) continue
    if ((code >= 0x3041 && code <= 0x3096) || (code >= 0x30a1 && code <= 0x30fa)) continue
    return false
  }
  return true
}

/** Conditions ask the same text in a row: of a title whether it contains this, or this, or that. */
let lastText = ''
let lastFolded = ''

function comparisonOf(kind: ValueKind, { op, value }: Comparison, today: string): (held: unknown) => boolean {
  if (op === 'is_set' || op === 'is_empty') {
    const wanted = op === 'is_empty'
    return kind === 'many_of' ? held => (listOf(held).length === 0) === wanted : held => isEmpty(held) === wanted
  }
  switch (kind) {
    case 'text': {
      const text = value as string
      if (op === 'contains') {
        const wanted = folded(text)
        return held => typeof held === 'string' && folded(held).includes(wanted)
      }
      return op === 'is' ? held => held === text : held => held !== text
    }
    case 'one_of':
    case 'many_of': {
      const wanted = new Set(listOf(value))
      const holds =
        kind === 'one_of'
          ? (held: unknown) => typeof held === 'string' && wanted.has(held)
          : (held: unknown) => listOf(held).some(each => wanted.has(each))
      return op === 'in' ? holds : held => !holds(held)
    }
    case 'number': {
      const number = value as number
      const compare = numberComparisons[op as keyof typeof numberComparisons]
      return held => typeof held === 'number' && compare(held, number)
    }
    case 'boolean':
      return held => held === value
    case 'date':
      return dayComparison(op, value as string | number, today)
  }
}

const numberComparisons = {
  at_least: (held: number, wanted: number) => held >= wanted,
  at_most: (held: number, wanted: number) => held <= wanted,
  more_than: (held: number, wanted: number) => held > wanted,
  less_than: (held: number, wanted: number) => held < wanted,
  equals: (held: number, wanted: number) => held === wanted,
}

function dayComparison(op: string, value: string | number, today: string): (held: unknown) => boolean {
  const [first, last] = daysOf(op, value, today)
  return held => typeof held === 'string' && held >= first && held <= last
}

/** From which day to which day a comparison holds. */
function daysOf(op: string, value: string | number, today: string): [string, string] {
  switch (op) {
    case 'before':
      return ['', shiftDay(value as string, -1)]
    case 'after':
      return [shiftDay(value as string, 1), '9999']
    case 'within_next_days':
      return [today, shiftDay(today, value as number)]
    case 'within_last_days':
      return [shiftDay(today, -(value as number)), today]
    default:
      return ['', shiftDay(today, -(value as number) - 1)]
  }
}

export function shiftDay(day: string, by: number): string {
  return new Date(Date.parse(day) + by * 86_400_000).toISOString().slice(0, 10)
}

function listOf(value: unknown): string[] {
  if (Array.isArray(value)) return value
  return typeof value === 'string' ? [value] : []
}

/** The events of a name in the last days that meet conditions on their properties; without days: ever. */
export function eventsOf(
  record: LoadedRecord,
  name: string,
  where: readonly PropertyCondition[] | undefined,
  since: string,
  today: string,
): LoadedEvent[] {
  const raw = (where?.length ?? 0) > 0
  return (raw ? record.rawEvents : record.events).filter(
    event =>
      (name === '*' || event.name === name) &&
      event.day > since &&
      event.day <= today &&
      (!raw || where!.every(each => propertyHolds(each, event.properties))),
  )
}

function propertyHolds({ property, op, value }: PropertyCondition, properties: unknown): boolean {
  let held: unknown = properties
  for (const key of property.split('.')) held = within(held, key)
  switch (op) {
    case 'is_set':
      return !isEmpty(held)
    case 'is_empty':
      return isEmpty(held)
    case 'is':
      return (held ?? null) === (value ?? null)
    case 'is_not':
      return (held ?? null) !== (value ?? null)
    case 'contains':
      return typeof held === 'string' && folded(held).includes(folded(String(value ?? '')))
    case 'at_least':
      return typeof held === 'number' && held >= Number(value)
    default:
      return typeof held === 'number' && held <= Number(value)
  }
}

/** What stands under a key: an own one of an object, a place in a list, as PostgreSQL's #> reads them (-1 is the last). */
function within(held: unknown, key: string): unknown {
  if (Array.isArray(held)) return /^\s*[+-]?\d+$/.test(key) ? held.at(Number(key)) : undefined
  if (typeof held !== 'object' || held === null || !Object.hasOwn(held, key)) return undefined
  return (held as Record<string, unknown>)[key]
}

function behaviour({ event, did, times = 0, count = 'events', days, where }: Behaviour, today: string): Test {
  const since = days === undefined ? '' : shiftDay(today, -days)
  const amount = (record: LoadedRecord) => {
    const events = eventsOf(record, event, where, since, today)
    if (count === 'days') return new Set(events.map(each => each.day)).size
    if (count === 'people') return new Set(events.map(each => each.person)).size
    return events.reduce((sum, each) => sum + each.count, 0)
  }
  switch (did) {
    case 'never':
      return record => amount(record) === 0
    case 'at_least':
      return record => amount(record) >= times
    case 'at_most':
      return record => amount(record) <= times
    default:
      return record => amount(record) === times
  }
}

function occasion({ event, when, op, value, where }: Occasion, today: string): Test {
  const holds = dayComparison(op === 'within_last_days' ? 'within_last_days' : op, value, today)
  return record => {
    const days = eventsOf(record, event, where, '', today)
      .map(each => each.day)
      .sort()
    return holds(when === 'first' ? days[0] : days.at(-1))
  }
}

function eventChange({ event, change, percent, days, where }: EventChange, today: string): Test {
  const since = shiftDay(today, -days)
  const start = shiftDay(today, -days * 2)
  return record => {
    let [now, before] = [0, 0]
    for (const each of eventsOf(record, event, where, start, today)) {
      if (each.day > since) now += each.count
      else before += each.count
    }
    return comparedChange(now, before, change, 'percent', percent)
  }
}

function metricChange({ metric, change, by, in: unit, days }: MetricChange): Test {
  return record => {
    const now = record.fields[`metrics.${metric}`]
    const before = record.before[`${metric}:${days}`]
    return typeof now === 'number' && typeof before === 'number' && comparedChange(now, before, change, unit, by)
  }
}

/** The same as in SQL: from nothing to something has grown by any share, and nothing cannot fall. */
function comparedChange(
  now: number,
  before: number,
  change: 'up' | 'down',
  unit: 'percent' | 'points',
  by: number,
): boolean {
  const difference = change === 'up' ? now - before : before - now
  if (unit === 'points') return difference >= by
  if (change === 'down') return before > 0 && 100 * difference >= by * before
  return before > 0 ? 100 * difference >= by * before : before === 0 && now > 0
}

function aboutContacts(condition: Extract<Condition, { contacts: unknown }>, kindOf: Kinds, today: string): Test {
  const part = condition.where ? compileToFunction(condition.where, 'contact', kindOf, today) : () => true
  switch (condition.contacts) {
    case 'any':
      return record => record.contacts.some(part)
    case 'none':
      return record => !record.contacts.some(part)
    case 'all':
      return record => record.contacts.length > 0 && record.contacts.every(part)
    default: {
      const compare = numberComparisons[condition.op]
      return record => compare(record.contacts.filter(part).length, condition.value)
    }
  }
}
