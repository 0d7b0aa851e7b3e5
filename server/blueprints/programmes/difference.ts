import type { JsonObject, JsonValue } from '../../platform/context/context.ts'

export interface FieldDifference {
  path: string
  before: JsonValue
  after: JsonValue
}

/** Fields that are told of one change; of more, the rest is one line. */
const most = 60

/**
 * What differs between two forms of a thing, field by field. Lists of things with a key are compared key by key, other
 * lists of plain values as a whole; null stands for what is not there.
 */
export function differenceOf(before: JsonObject, after: JsonObject): FieldDifference[] {
  const found: FieldDifference[] = []
  compare('', before, after, found)
  return found.slice(0, most)
}

/** Whether two values are the same, whatever the order of their keys. */
export function sameJson(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  return canonicalJson(a) === canonicalJson(b)
}

/** JSON with its keys in order, so that equal values are equal texts. */
export function canonicalJson(value: JsonValue | undefined): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value ?? null)
  const parts = Object.entries(value)
    .filter(([, part]) => part !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${parts.map(([key, part]) => `${JSON.stringify(key)}:${canonicalJson(part)}`).join(',')}}`
}

function compare(path: string, before: JsonValue, after: JsonValue, found: FieldDifference[]): void {
  if (sameJson(before, after)) return
  if (isObject(before) && isObject(after)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
      compare(path === '' ? key : `${path}.${key}`, before[key] ?? null, after[key] ?? null, found)
    }
    return
  }
  if (Array.isArray(before) && Array.isArray(after)) {
    const keyed = [...before, ...after].every(item => isObject(item) && typeof item.key === 'string')
    if (keyed) {
      const [old, fresh] = [byKey(before), byKey(after)]
      for (const key of new Set([...old.keys(), ...fresh.keys()])) {
        compare(`${path}[${key}]`, old.get(key) ?? null, fresh.get(key) ?? null, found)
      }
      const order = (items: Map<string, JsonValue>) => [...items.keys()].filter(key => old.has(key) && fresh.has(key))
      if (!sameJson(order(old), order(fresh)))
        found.push({ path: `${path}[]`, before: order(old), after: order(fresh) })
      return
    }
    if ([...before, ...after].every(isObject) && before.length === after.length) {
      for (const [place, item] of before.entries()) compare(`${path}[${place}]`, item, after[place]!, found)
      return
    }
  }
  found.push({ path, before, after })
}

function byKey(items: readonly JsonValue[]): Map<string, JsonValue> {
  return new Map(items.map(item => [(item as JsonObject).key as string, item]))
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
