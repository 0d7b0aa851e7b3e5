import type { RecordKind } from '../../platform/context/vocabulary.ts'
import type { Condition } from './contract.ts'
import { compileToFunction, eventsOf, type Kinds, type LoadedRecord, shiftDay } from './evaluate.ts'
import type { Leaf } from './needs.ts'

/** What a condition says of one record, part by part: for "why (not)?". */
export interface Explanation {
  held: boolean
  kind: 'all' | 'any' | 'not' | 'leaf'
  parts: Explanation[]
  /** The part itself. */
  leaf?: Leaf
  /** What the record has: a value, a count, two figures. */
  actual?: unknown
}

/** @param kind what the record is. @param today YYYY-MM-DD in the company's time zone */
export function explain(
  condition: Condition,
  kind: RecordKind,
  record: LoadedRecord,
  kindOf: Kinds,
  today: string,
): Explanation {
  const held = compileToFunction(condition, kind, kindOf, today)(record)
  const part = (each: Condition) => explain(each, kind, record, kindOf, today)
  if ('all' in condition) return { held, kind: 'all', parts: condition.all.map(part) }
  if ('any' in condition) return { held, kind: 'any', parts: condition.any.map(part) }
  if ('not' in condition) return { held, kind: 'not', parts: [part(condition.not)] }
  return { held, kind: 'leaf', parts: [], leaf: condition, actual: actualOf(condition, record, kindOf, today) }
}

function actualOf(leaf: Leaf, record: LoadedRecord, kindOf: Kinds, today: string): unknown {
  if ('field' in leaf) return record.fields[leaf.field] ?? null
  if ('metric' in leaf) {
    return {
      now: record.fields[`metrics.${leaf.metric}`] ?? null,
      before: record.before[`${leaf.metric}:${leaf.days}`] ?? null,
    }
  }
  if ('customer' in leaf)
    return record.customer ? explain(leaf.customer, 'customer', record.customer, kindOf, today) : null
  if ('contacts' in leaf) {
    const test = leaf.where ? compileToFunction(leaf.where, 'contact', kindOf, today) : () => true
    return { matching: record.contacts.filter(test).length, contacts: record.contacts.length }
  }
  if ('when' in leaf) {
    const days = eventsOf(record, leaf.event, leaf.where, '', today)
      .map(each => each.day)
      .sort()
    return (leaf.when === 'first' ? days[0] : days.at(-1)) ?? null
  }
  const sum = (since: string, until: string) =>
    eventsOf(record, leaf.event, leaf.where, since, until).reduce((total, each) => total + each.count, 0)
  if ('change' in leaf) {
    const since = shiftDay(today, -leaf.days)
    return { now: sum(since, today), before: sum(shiftDay(today, -leaf.days * 2), since) }
  }
  const events = eventsOf(
    record,
    leaf.event,
    leaf.where,
    leaf.days === undefined ? '' : shiftDay(today, -leaf.days),
    today,
  )
  if (leaf.count === 'days') return new Set(events.map(each => each.day)).size
  if (leaf.count === 'people') return new Set(events.map(each => each.person)).size
  return events.reduce((total, each) => total + each.count, 0)
}
