import type { JsonValue } from '../../platform/context/context.ts'

/** By field: what was there, and what is there now. */
export type Changes = Record<string, [JsonValue, JsonValue]>

/** Whether two values of a field say the same; moments count by their time, lists without order. */
export function isSame(one: JsonValue | undefined, other: JsonValue | undefined): boolean {
  const [a, b] = [one ?? null, other ?? null]
  if (a === b) return true
  if (a === null || b === null) return false
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && JSON.stringify([...a].sort()) === JSON.stringify([...b].sort())
  }
  if (typeof a === 'string' && typeof b === 'string' && isMoment(a) && isMoment(b))
    return Date.parse(a) === Date.parse(b)
  return typeof a === 'object' && JSON.stringify(a) === JSON.stringify(b)
}

function isMoment(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(text)
}

/**
 * What values would change in a record. Tags and domains are added to those that are there; the amount that a customer
 * once paid is not news once it has left.
 */
export function changesOf(known: Record<string, JsonValue>, values: Record<string, JsonValue>): Changes {
  const changes: Changes = {}
  for (const [name, value] of Object.entries(values)) {
    const before = known[name] ?? null
    if (name === 'mrr' && known.status === 'CHURNED' && (values.status ?? 'CHURNED') === 'CHURNED') continue
    const after =
      (name === 'tags' || name === 'domains') && Array.isArray(value) && Array.isArray(before)
        ? [...new Set([...before, ...value])]
        : value
    if (!isSame(before, after)) changes[name] = [before, after]
  }
  return changes
}
