import { attributeValue, type ValueShape } from '../../customers/attributes/catalog.ts'
import type { JsonValue } from '../../platform/context/context.ts'
import { nameInParts, type Placed } from './traits.ts'

/** Traits that somebody said, and when. */
export interface Saying {
  stamp: string
  traits: Readonly<Record<string, JsonValue>>
}

/** What a record takes of sayings: for each field, attribute and trait what was said last. */
export interface Merged {
  fields: Map<string, JsonValue>
  attributes: Map<string, JsonValue>
  traits: Map<string, JsonValue>
  /** By field, attribute key, or `traits.` and the trait. */
  stamps: Record<string, string>
  /** Attributes whose last value does not fit their type. */
  unfit: string[]
}

/** The places of a record: its fields, and the company's attributes by key. */
export interface Places {
  field(trait: string, value: JsonValue): Placed | undefined
  attributes: ReadonlyMap<string, ValueShape>
  /** The record takes a name in parts. */
  parts: boolean
}

/**
 * Merges what was said into a record, whatever the order in which it arrives: for each place the latest saying counts,
 * and what the record knows to be newer stays.
 * @param known the record's `field_times`
 */
export function mergeSayings(
  sayings: readonly Saying[],
  known: Readonly<Record<string, string>>,
  places: Places,
): Merged {
  const merged: Merged = { fields: new Map(), attributes: new Map(), traits: new Map(), stamps: {}, unfit: [] }
  const newer = (place: string, stamp: string) => {
    const last = merged.stamps[place] ?? (Object.hasOwn(known, place) ? known[place] : undefined)
    if (last !== undefined && last >= stamp) return false
    merged.stamps[place] = stamp
    return true
  }
  for (const { stamp, traits } of sayings) {
    for (const [trait, value] of Object.entries(traits)) {
      const placed = places.field(trait, value)
      if (placed) {
        // Two claim the same address: that is decided elsewhere.
        if (placed.field !== 'email' && newer(placed.field, stamp)) merged.fields.set(placed.field, placed.value)
        continue
      }
      const shape = places.attributes.get(trait)
      const fit = shape && attributeValue(shape, value)
      if (fit !== undefined) {
        if (newer(trait, stamp)) merged.attributes.set(trait, fit)
      } else if (newer(`traits.${trait}`, stamp)) {
        merged.traits.set(trait, withoutNulls(value))
        if (shape) merged.unfit.push(trait)
      }
    }
    const name = places.parts && !('name' in traits) ? nameInParts(traits) : undefined
    if (name !== undefined && newer('name', stamp)) merged.fields.set('name', name)
  }
  return merged
}

/** A trait without empty fields inside it: they say nothing, and the record does not keep them. */
function withoutNulls(value: JsonValue): JsonValue {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(withoutNulls)
  const kept = Object.entries(value).filter(([, inner]) => inner !== null)
  return Object.fromEntries(kept.map(([key, inner]) => [key, withoutNulls(inner)]))
}
