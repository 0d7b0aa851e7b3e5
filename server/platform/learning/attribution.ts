import { codesOf } from './bins.ts'
import { calibrated } from './calibration.ts'
import type { Ensemble } from './ensemble.ts'
import { scoreShare } from './scoring.ts'
import type { Table } from './table.ts'
import { codeGoesLeft, type Trees } from './trees.ts'

/** `base` plus a row's value of every column is its probability. */
export interface Attribution {
  base: number
  /** One for each column of the model, by row. */
  columns: Float64Array[]
}

/**
 * Shapley values of the ensemble's score (path-dependent TreeSHAP: a column that is not known follows the trees by how
 * many training rows went each way), in probability.
 *
 * The values add up to the score exactly: a share for the forest, log-odds for boosting. Log-odds become probability by
 * one factor for the row. What calibration adds to that is distributed over the columns by the size of their values, so
 * that `base` and all values sum to the calibrated probability.
 */
export function explain(ensemble: Ensemble, table: Table): Attribution {
  const codes = codesOf(ensemble.bins, table)
  const columns = ensemble.bins.map(() => new Float64Array(table.rows))
  const expected = ensemble.start + expectedScore(ensemble.trees)
  const base = calibrated(ensemble.calibration, scoreShare(ensemble, expected))
  const explainer = new TreeExplainer(ensemble.trees, codes.length)
  const values = new Float64Array(codes.length)
  for (let row = 0; row < table.rows; row++) {
    values.fill(0)
    const own = Uint8Array.from(codes, column => column[row]!)
    explainer.add(own, values)
    let score = expected
    for (const value of values) score += value
    toProbability(ensemble, values, expected, score, base)
    for (let column = 0; column < values.length; column++) columns[column]![row] = values[column]!
  }
  return { base, columns }
}

function toProbability(ensemble: Ensemble, values: Float64Array, expected: number, score: number, base: number): void {
  const from = scoreShare(ensemble, expected)
  const to = scoreShare(ensemble, score)
  const factor =
    Math.abs(score - expected) > 1e-9
      ? (to - from) / (score - expected)
      : ensemble.algorithm === 'boosting'
        ? from * (1 - from)
        : 1
  let [sum, size] = [0, 0]
  for (let column = 0; column < values.length; column++) {
    values[column]! *= factor
    sum += values[column]!
    size += Math.abs(values[column]!)
  }
  const rest = calibrated(ensemble.calibration, to) - base - sum
  for (let column = 0; column < values.length; column++) {
    values[column]! += rest * (size > 0 ? Math.abs(values[column]!) / size : 1 / values.length)
  }
}

function expectedScore({ roots, left, value, cover }: Trees): number {
  const mean = (node: number): number => {
    const child = left[node]!
    if (child < 0) return value[node]!
    const share = cover[child]! / (cover[child]! + cover[child + 1]!)
    return share * mean(child) + (1 - share) * mean(child + 1)
  }
  let sum = 0
  for (const root of roots) sum += mean(root)
  return sum
}

/**
 * Shapley values of trees in time proportional to their nodes. A leaf's value counts for a set of known columns by the
 * product of one factor a column on its path: 1 or 0 if known (does the row meet the conditions), else the share of
 * training rows that did. The Shapley value of such a product is an integral over t of the product of
 * `known * t + unknown * (1 - t)` over the other columns (a polynomial), which Gauss-Legendre points give exactly; one
 * walk through the tree carries the product at all points, and brings back the sum of the leaves below.
 */
class TreeExplainer {
  readonly #trees: Trees
  readonly #points: { t: Float64Array; weight: Float64Array }[]
  readonly #known: Uint8Array
  readonly #unknown: Float64Array
  readonly #met: Uint8Array
  #codes: Uint8Array = new Uint8Array(0)
  #values: Float64Array = new Float64Array(0)
  #t: Float64Array = new Float64Array(0)
  #products: Float64Array[] = []
  #sums: Float64Array[] = []

  constructor(trees: Trees, columns: number) {
    this.#trees = trees
    this.#known = new Uint8Array(columns).fill(1)
    this.#unknown = new Float64Array(columns).fill(1)
    this.#met = new Uint8Array(columns)
    const rules = new Map<number, { t: Float64Array; weight: Float64Array }>()
    this.#points = Array.from(trees.roots, root => {
      // A polynomial of the degree `columns - 1` needs half as many points.
      const points = Math.max(1, Math.ceil(this.#mostColumns(root) / 2))
      const rule = rules.get(points) ?? gaussLegendre(points)
      rules.set(points, rule)
      return rule
    })
  }

  /** Adds the values of one row, summed over all trees. */
  add(codes: Uint8Array, values: Float64Array): void {
    this.#codes = codes
    this.#values = values
    this.#trees.roots.forEach((root, tree) => {
      const { t, weight } = this.#points[tree]!
      this.#t = t
      this.#level(0).products.set(weight)
      this.#walk(root, 0)
    })
  }

  /** Fills the sums of the level with (leaf value) x (product) over the leaves below, point by point. */
  #walk(node: number, depth: number): void {
    const { left, value, cover, feature, rule, sets } = this.#trees
    const { products, sums } = this.#level(depth)
    const child = left[node]!
    const count = this.#t.length
    if (child < 0) {
      for (let point = 0; point < count; point++) sums[point] = products[point]! * value[node]!
      return
    }
    const below = this.#level(depth + 1)
    const column = feature[node]!
    const [known, unknown] = [this.#known[column]!, this.#unknown[column]!]
    const goesLeft = codeGoesLeft(rule[node]!, sets, this.#codes[column]!)
    const total = cover[child]! + cover[child + 1]!
    for (let point = 0; point < count; point++) sums[point] = 0
    for (let side = 0; side < 2; side++) {
      const newKnown = known === 1 && goesLeft === (side === 0) ? 1 : 0
      const newUnknown = (unknown * cover[child + side]!) / total
      for (let point = 0; point < count; point++) {
        const t = this.#t[point]!
        below.products[point] =
          (products[point]! / (known * t + unknown * (1 - t))) * (newKnown * t + newUnknown * (1 - t))
      }
      this.#known[column] = newKnown
      this.#unknown[column] = newUnknown
      this.#walk(child + side, depth + 1)
      let change = 0
      for (let point = 0; point < count; point++) {
        const t = this.#t[point]!
        const sum = below.sums[point]!
        sums[point]! += sum
        change +=
          sum *
          ((newKnown - newUnknown) / (newKnown * t + newUnknown * (1 - t)) -
            (known - unknown) / (known * t + unknown * (1 - t)))
      }
      this.#values[column]! += change
    }
    this.#known[column] = known
    this.#unknown[column] = unknown
  }

  #level(depth: number): { products: Float64Array; sums: Float64Array } {
    while (this.#products.length <= depth) {
      this.#products.push(new Float64Array(64))
      this.#sums.push(new Float64Array(64))
    }
    return { products: this.#products[depth]!, sums: this.#sums[depth]! }
  }

  /** The most different columns on a path. */
  #mostColumns(node: number): number {
    const { left, feature } = this.#trees
    const child = left[node]!
    if (child < 0) return 0
    const column = feature[node]!
    const isNew = this.#met[column] === 0 ? 1 : 0
    this.#met[column]!++
    const most = Math.max(this.#mostColumns(child), this.#mostColumns(child + 1))
    this.#met[column]!--
    return isNew + most
  }
}

/** Points and weights for integrals from 0 to 1, by Newton's method on the Legendre polynomial. */
function gaussLegendre(points: number): { t: Float64Array; weight: Float64Array } {
  const count = Math.min(points, 64)
  const t = new Float64Array(count)
  const weight = new Float64Array(count)
  for (let place = 0; place < count; place++) {
    let x = Math.cos((Math.PI * (place + 0.75)) / (count + 0.5))
    let slope = 1
    for (let round = 0; round < 100; round++) {
      let [before, value] = [1, x]
      for (let degree = 2; degree <= count; degree++) {
        ;[before, value] = [value, ((2 * degree - 1) * x * value - (degree - 1) * before) / degree]
      }
      slope = (count * (x * value - before)) / (x * x - 1)
      const step = value / slope
      x -= step
      if (Math.abs(step) < 1e-15) break
    }
    t[place] = (1 - x) / 2
    weight[place] = 1 / ((1 - x * x) * slope * slope)
  }
  return { t, weight }
}
