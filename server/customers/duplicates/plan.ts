import type { JsonValue } from '../../platform/context/context.ts'

/** Fields of the two records by name, with empty ones as null. */
export type Fields = Record<string, JsonValue>

export interface MergePlan {
  /** Written to the kept record. */
  values: Fields
  /** Fields that the kept record lacks and the other one has. */
  filled: { field: string; value: JsonValue }[]
  /** Fields in which the two differ. */
  conflicts: { field: string; kept: JsonValue; merged: JsonValue }[]
}

/**
 * What the kept record gets: what it lacks, and of what differs the fields that were chosen.
 * @param take names of fields whose value comes from the merged record
 */
export function mergePlan(kept: Fields, merged: Fields, take: readonly string[]): MergePlan {
  const plan: MergePlan = { values: {}, filled: [], conflicts: [] }
  for (const [field, value] of Object.entries(merged)) {
    if (isEmpty(value)) continue
    const own = kept[field] ?? null
    if (isEmpty(own)) {
      plan.filled.push({ field, value })
      plan.values[field] = value
    } else if (JSON.stringify(own) !== JSON.stringify(value)) {
      plan.conflicts.push({ field, kept: own, merged: value })
      if (take.includes(field)) plan.values[field] = value
    }
  }
  return plan
}

function isEmpty(value: JsonValue | undefined): boolean {
  return value === null || value === undefined || value === ''
}
