import type { Table } from '../../platform/learning/table.ts'

/** How the values of a feature were spread where a model learned: shares by bin, those without a value last. */
export interface Spread {
  feature: string
  /** Upper ends of the bins but the last, or the levels of a category. */
  edges: readonly number[] | readonly string[]
  shares: readonly number[]
}

/** Counts how today's customers fall into the bins of the customers from whom a model learned. */
export class DriftCount {
  readonly #spreads: readonly Spread[]
  readonly #counts: Float64Array[]
  #rows = 0

  constructor(spreads: readonly Spread[]) {
    this.#spreads = spreads
    this.#counts = spreads.map(({ shares }) => new Float64Array(shares.length))
  }

  get rows(): number {
    return this.#rows
  }

  add(table: Table): void {
    const columns = new Map(table.columns.map(column => [column.name, column]))
    this.#rows += table.rows
    for (const [place, spread] of this.#spreads.entries()) {
      const column = columns.get(spread.feature)
      const counts = this.#counts[place]!
      const none = counts.length - 1
      for (let row = 0; row < table.rows; row++) {
        if (!column) counts[none]! += 1
        else if (column.kind === 'number') counts[binOf(spread.edges as number[], column.values[row]!, none)]! += 1
        else {
          const level = column.levels[column.codes[row]!]
          const bin = level === undefined ? -1 : (spread.edges as string[]).indexOf(level)
          counts[bin < 0 ? none : bin]! += 1
        }
      }
    }
  }

  /**
   * Population stability index of each feature: the sum over the bins of (now - then) * ln(now / then). Below 0.1 little
   * has changed, from 0.25 on much (the usual rule of credit scoring: Siddiqi, Credit Risk Scorecards, 2006).
   */
  indexes(): { feature: string; index: number }[] {
    return this.#spreads.map(({ feature, shares }, place) => {
      let index = 0
      for (const [bin, then] of shares.entries()) {
        // An empty bin would make the logarithm infinite.
        const least = 0.5 / Math.max(1, this.#rows)
        const now = Math.max(least, this.#counts[place]![bin]! / Math.max(1, this.#rows))
        const before = Math.max(least, then)
        index += (now - before) * Math.log(now / before)
      }
      return { feature, index }
    })
  }
}

function binOf(edges: readonly number[], value: number, none: number): number {
  if (Number.isNaN(value)) return none
  let [low, high] = [0, edges.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (value <= edges[middle]!) high = middle
    else low = middle + 1
  }
  return low
}
