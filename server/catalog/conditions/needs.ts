import type { RecordKind } from '../../platform/context/vocabulary.ts'
import type { Condition, MetricChange, PropertyCondition } from './contract.ts'

/** What of one record a condition looks at, and what of the records beside it. */
export interface Needs {
  fields: Set<string>
  /** Names of events that are counted by day; `*` for any. */
  events: Set<string>
  /** Names of events whose properties are looked at. */
  rawEvents: Set<string>
  metricChanges: MetricChange[]
  /** Conditions on the contacts of a customer. */
  contacts: Condition[]
  /** Whether contacts are counted without a condition. */
  countsContacts: boolean
  /** Conditions on the customer of a contact. */
  customer: Condition[]
  /** It looks at days: time alone may change the answer. */
  time: boolean
}

/** What a condition looks at on its own record; what lies in groups about other records is listed, not followed. */
export function needsOf(condition: Condition, needs = noNeeds()): Needs {
  if ('all' in condition) for (const part of condition.all) needsOf(part, needs)
  else if ('any' in condition) for (const part of condition.any) needsOf(part, needs)
  else if ('not' in condition) needsOf(condition.not, needs)
  else if ('field' in condition) {
    needs.fields.add(condition.field)
    if (condition.op.includes('days')) needs.time = true
  } else if ('metric' in condition) {
    needs.metricChanges.push(condition)
    needs.fields.add(`metrics.${condition.metric}`)
    needs.time = true
  } else if ('contacts' in condition) {
    if (condition.where) needs.contacts.push(condition.where)
    else needs.countsContacts = true
  } else if ('customer' in condition) needs.customer.push(condition.customer)
  else {
    const raw = 'where' in condition && (condition.where as PropertyCondition[] | undefined)?.length
    ;(raw ? needs.rawEvents : needs.events).add(condition.event)
    if (!('did' in condition) || condition.days !== undefined) needs.time = true
  }
  return needs
}

function noNeeds(): Needs {
  return {
    fields: new Set(),
    events: new Set(),
    rawEvents: new Set(),
    metricChanges: [],
    contacts: [],
    countsContacts: false,
    customer: [],
    time: false,
  }
}

/** What a condition names, on whatever record. */
export interface ConditionNeeds {
  segments: string[]
  events: string[]
  /** With the kind of record they are read from; a metric is `metrics.` and its key. */
  fields: { record: RecordKind; id: string }[]
}

/**
 * Everything that a condition names: for "where is this used" and for what it depends on.
 * @param record what the condition is about; what lies in groups about other records is followed
 */
export function conditionNeeds(condition: Condition, record: RecordKind): ConditionNeeds {
  const segments = new Set<string>()
  const events = new Set<string>()
  const fields = { customer: new Set<string>(), contact: new Set<string>() }
  const visit = (part: Condition, of: RecordKind) => {
    for (const leaf of leavesOf(part)) {
      if ('field' in leaf) {
        fields[of].add(leaf.field)
        if (leaf.field === 'segments' && Array.isArray(leaf.value)) for (const id of leaf.value) segments.add(id)
        if (leaf.field === 'segments' && typeof leaf.value === 'string') segments.add(leaf.value)
      } else if ('metric' in leaf) fields[of].add(`metrics.${leaf.metric}`)
      else if ('event' in leaf) events.add(leaf.event)
      else if ('customer' in leaf) visit(leaf.customer, 'customer')
      else if ('contacts' in leaf && leaf.where) visit(leaf.where, 'contact')
    }
  }
  visit(condition, record)
  const kinds = ['customer', 'contact'] as const
  return {
    segments: [...segments],
    events: [...events],
    fields: kinds.flatMap(kind => [...fields[kind]].map(id => ({ record: kind, id }))),
  }
}

/** The same of several conditions on one kind of record; those that are not there are passed over. */
export function needsOfAll(
  conditions: readonly (Condition | null | undefined)[],
  record: RecordKind,
): Pick<ConditionNeeds, 'segments' | 'fields'> {
  return conditionNeeds({ all: conditions.filter(condition => condition != null) }, record)
}

type Group = { all: Condition[] } | { any: Condition[] } | { not: Condition }
export type Leaf = Exclude<Condition, Group>

/** The parts of a condition that are no groups of their own record. */
function leavesOf(condition: Condition): Leaf[] {
  if ('all' in condition) return condition.all.flatMap(leavesOf)
  if ('any' in condition) return condition.any.flatMap(leavesOf)
  if ('not' in condition) return leavesOf(condition.not)
  return [condition]
}
