import type { Column, Table } from '../../platform/learning/table.ts'
import { familyOf } from './families.ts'

/** What a feature adds to a customer's chance (0 to 1), and the value for which it does. */
export interface Part {
  feature: string
  value: number | string | null
  part: number
}

/** The value of a feature in a row, as a person would name it; null where it is not known. */
export function figureOf({ columns }: Table, feature: string, row: number): number | string | null {
  const column: Column | undefined = columns.find(({ name }) => name === feature)
  if (!column) return null
  if (column.kind === 'category') return column.levels[column.codes[row]!] ?? null
  const value = column.values[row]!
  return Number.isNaN(value) ? null : value
}

/**
 * The parts that raise a chance most and those that lower it most, so many of each; the largest first. Features that tell
 * of the same matter (`familyOf`) are told of once: their parts are added up, and the one that adds most in that direction
 * stands for them. So three reasons are three matters, and all parts still add up to the chance.
 * @param features names of the model's columns. @param parts what each of them adds, in that order
 */
export function leadingParts(
  table: Table,
  row: number,
  features: readonly string[],
  parts: readonly number[],
  most: number,
): Part[] {
  const families = new Map<string, { sum: number; feature: string; largest: number }>()
  for (const [place, feature] of features.entries()) {
    const part = parts[place]!
    const family = familyOf(feature)
    const known = families.get(family) ?? { sum: 0, feature, largest: 0 }
    known.sum += part
    families.set(family, known)
  }
  for (const [place, feature] of features.entries()) {
    const family = families.get(familyOf(feature))!
    const inDirection = family.sum > 0 ? parts[place]! : -parts[place]!
    if (inDirection > family.largest) Object.assign(family, { feature, largest: inDirection })
  }
  const all = [...families.values()]
  const raising = all.filter(({ sum }) => sum > 0).sort((one, other) => other.sum - one.sum)
  const lowering = all.filter(({ sum }) => sum < 0).sort((one, other) => one.sum - other.sum)
  return [...raising.slice(0, most), ...lowering.slice(0, most)].map(({ feature, sum }) => ({
    feature,
    value: figureOf(table, feature, row),
    part: sum,
  }))
}
