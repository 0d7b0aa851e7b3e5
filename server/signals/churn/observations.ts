import type { Column, Table } from '../../platform/learning/table.ts'

/** What is asked of the database for one customer on one day. */
export interface ObservationRow {
  customer: string
  /** Figures in the order of the features, with commas; nothing between two where it is unknown. */
  figures: string
  categories: (string | null)[]
}

/** Collects rows into columns: numbers as numbers, categories as places in their list. */
export class ColumnBuilder {
  readonly #numbers: readonly string[]
  readonly #categories: readonly string[]
  readonly #values: number[][]
  readonly #codes: number[][]
  readonly #levels: Map<string, number>[]
  #rows = 0

  constructor(numbers: readonly string[], categories: readonly string[]) {
    this.#numbers = numbers
    this.#categories = categories
    this.#values = numbers.map(() => [])
    this.#codes = categories.map(() => [])
    this.#levels = categories.map(() => new Map())
  }

  add({ figures, categories }: Pick<ObservationRow, 'figures' | 'categories'>): void {
    const parts = figures.split(',')
    for (const [place, values] of this.#values.entries()) values.push(numberOf(parts[place]))
    for (const [place, codes] of this.#codes.entries()) {
      const text = categories[place]
      const levels = this.#levels[place]!
      if (text === null || text === undefined || text === '') codes.push(-1)
      else {
        if (!levels.has(text)) levels.set(text, levels.size)
        codes.push(levels.get(text)!)
      }
    }
    this.#rows += 1
  }

  get rows(): number {
    return this.#rows
  }

  table(): Table {
    const numbers = this.#numbers.map(
      (name, place): Column => ({ name, kind: 'number', values: Float64Array.from(this.#values[place]!) }),
    )
    const categories = this.#categories.map(
      (name, place): Column => ({
        name,
        kind: 'category',
        codes: Int32Array.from(this.#codes[place]!),
        levels: [...this.#levels[place]!.keys()],
      }),
    )
    return { rows: this.#rows, columns: [...numbers, ...categories] }
  }
}

function numberOf(text: string | undefined): number {
  return text === undefined || text === '' ? Number.NaN : Number(text)
}

/**
 * Days on which customers are looked at: one every `step` days back from the last whose horizon has passed.
 * @param today @param oldest YYYY-MM-DD
 * @returns the oldest first
 */
export function observationDays(today: string, oldest: string, horizonDays: number, most: number, step = 30): string[] {
  const last = Date.parse(today) - horizonDays * 86_400_000
  return Array.from({ length: most }, (_, place) =>
    new Date(last - place * step * 86_400_000).toISOString().slice(0, 10),
  )
    .filter(day => day >= oldest)
    .reverse()
}

/** Days since 1970 of YYYY-MM-DD. */
export function dayNumber(day: string): number {
  return Date.parse(day) / 86_400_000
}
