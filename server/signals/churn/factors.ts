import type { Column, Table } from '../../platform/learning/table.ts'

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
 * The parts that raise a chance most and those that lower it most, so many of each; the largest first.
 * @param features names of the model's columns. @param parts what each of them adds, in that order
 */
export function leadingParts(
  table: Table,
  row: number,
  features: readonly string[],
  parts: readonly number[],
  most: number,
): Part[] {
  const all = features.map((feature, place) => ({ feature, part: parts[place]! }))
  const raising = all.filter(({ part }) => part > 0).sort((one, other) => other.part - one.part)
  const lowering = all.filter(({ part }) => part < 0).sort((one, other) => one.part - other.part)
  return [...raising.slice(0, most), ...lowering.slice(0, most)].map(({ feature, part }) => ({
    feature,
    value: figureOf(table, feature, row),
    part,
  }))
}
