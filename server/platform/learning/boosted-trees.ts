import { missingCode } from './bins.ts'
import type { Examples } from './forest-tree.ts'
import type { Randomness } from './randomness.ts'
import { fields, type HistogramColumn, type Split, scanCategory, scanNumber } from './splits.ts'
import { codeGoesLeft, numberRule, type TreeBuilder } from './trees.ts'

export interface BoostingWish {
  rounds: number
  /** Rounds without a better held-out loss after which it stops. */
  patience: number
  shrinkage: number
  leaves: number
  depth: number
  /** Rows that a leaf holds at least. */
  leaf: number
  /** Added to the curvature of every leaf: keeps small leaves small. */
  ridge: number
  /** Share of the rows, and of the columns, that each tree sees. */
  rowShare: number
  columnShare: number
}

interface Node {
  node: number
  start: number
  end: number
  depth: number
  gradient: number
  curvature: number
  /** Of the rows, where it is to be divided further. */
  histogram: Float64Array | undefined
  split: Split
}

/**
 * Boosts trees for the logistic loss on `rows` and stops by the loss of `heldOut`. The trees' values are log-odds, the
 * first of them is added to `start`.
 * @param margins log-odds of every example, filled for both parts @param stop asked between rounds
 */
export class Booster {
  readonly #examples: Examples
  readonly #builder: TreeBuilder
  readonly #wish: BoostingWish
  readonly #gradients: Float64Array
  readonly #curvatures: Float64Array
  readonly #order: Int32Array
  readonly #spare: Int32Array
  /** Gradients and curvatures in the order of the rows: read once for all columns. */
  readonly #ownGradients: Float64Array
  readonly #ownCurvatures: Float64Array
  /** Codes with missing behind the last one that occurs, so that histograms are no longer than needed. */
  readonly #dense: readonly Uint8Array[]
  readonly #codeCounts: Int32Array
  readonly #offsets: Int32Array
  readonly #histogramSize: number
  /** The held-out loss of the rounds that were kept. */
  loss = 0
  #columns: Int32Array
  #free: Float64Array[] = []

  constructor(examples: Examples, builder: TreeBuilder, wish: BoostingWish) {
    const rows = examples.labels.length
    this.#examples = examples
    this.#builder = builder
    this.#wish = wish
    this.#gradients = new Float64Array(rows)
    this.#curvatures = new Float64Array(rows)
    this.#order = new Int32Array(rows)
    this.#spare = new Int32Array(rows)
    this.#ownGradients = new Float64Array(rows)
    this.#ownCurvatures = new Float64Array(rows)
    this.#columns = Int32Array.from(examples.codes, (_, place) => place)
    this.#codeCounts = Int32Array.from(examples.codes, codes => {
      let count = 0
      for (const code of codes) if (code !== missingCode && code >= count) count = code + 1
      return count
    })
    this.#dense = examples.codes.map((codes, column) => {
      const count = this.#codeCounts[column]!
      return codes.map(code => (code === missingCode ? count : code))
    })
    this.#offsets = new Int32Array(examples.codes.length)
    let size = 0
    for (let column = 0; column < examples.codes.length; column++) {
      this.#offsets[column] = size
      size += (this.#codeCounts[column]! + 1) * fields
    }
    this.#histogramSize = size
  }

  /** @returns the log-odds that all begin with */
  boost(
    rows: Int32Array,
    heldOut: Int32Array,
    margins: Float64Array,
    random: Randomness,
    stop: () => boolean = () => false,
  ): number {
    const { labels } = this.#examples
    const wish = this.#wish
    let positives = 0
    for (const row of rows) positives += labels[row]!
    const share = Math.min(Math.max(positives / rows.length, 1e-6), 1 - 1e-6)
    const start = Math.log(share / (1 - share))
    margins.fill(start)
    const before = this.#builder.roots.length
    let [best, bestRounds] = [lossOf(labels, margins, heldOut), 0]
    let kept = Float64Array.from(heldOut, row => margins[row]!)
    const sample = rows.slice()
    const drawn = Math.max(1, Math.round(rows.length * wish.rowShare))
    const columns = Int32Array.from(this.#examples.codes, (_, place) => place)
    const shown = Math.max(1, Math.ceil(columns.length * wish.columnShare))
    for (let round = 1; round <= wish.rounds && round - bestRounds <= wish.patience && !stop(); round++) {
      random.shuffle(sample, drawn)
      random.shuffle(columns, shown)
      this.#columns = columns.slice(0, shown).sort()
      for (let place = 0; place < drawn; place++) {
        const row = sample[place]!
        const probability = 1 / (1 + Math.exp(-margins[row]!))
        this.#gradients[row] = labels[row]! - probability
        this.#curvatures[row] = probability * (1 - probability)
      }
      this.#order.set(sample.subarray(0, drawn))
      if (!this.#grow(drawn)) break
      this.#addTree(rows, margins)
      this.#addTree(heldOut, margins)
      const loss = lossOf(labels, margins, heldOut)
      if (loss < best - 1e-7) {
        best = loss
        bestRounds = round
        kept = Float64Array.from(heldOut, row => margins[row]!)
      }
    }
    this.loss = best
    this.#builder.keep(before + bestRounds)
    heldOut.forEach((row, place) => {
      margins[row] = kept[place]!
    })
    return start
  }

  /** Grows one tree, the leaf with the largest gain first. @returns false where nothing can be divided */
  #grow(rows: number): boolean {
    const builder = this.#builder
    const { leaves, depth, shrinkage, ridge, leaf } = this.#wish
    const open = [this.#node(builder.root(), 0, rows, 0, this.#histogram(0, rows))]
    let count = 1
    while (count < leaves) {
      let best = 0
      for (let place = 1; place < open.length; place++) {
        if (open[place]!.split.gain > open[best]!.split.gain) best = place
      }
      const parent = open[best]!
      const { split, start, end } = parent
      if (!(split.gain > 1e-9)) break
      open[best] = open.at(-1)!
      open.pop()
      const rule = split.set ? builder.setRule(split.set) : numberRule(split.code, split.missingLeft)
      const left = builder.split(parent.node, split.feature, rule)
      const middle = this.#partition(parent)
      const isLast = ++count >= leaves || parent.depth + 1 >= depth
      const [one, other] = this.#divide(parent.histogram!, start, middle, end, isLast ? Number.POSITIVE_INFINITY : leaf)
      open.push(
        this.#node(left, start, middle, parent.depth + 1, one),
        this.#node(left + 1, middle, end, parent.depth + 1, other),
      )
    }
    for (const { node, gradient, curvature, histogram } of open) {
      if (histogram) this.#free.push(histogram)
      builder.value[node] = (shrinkage * gradient) / (curvature + ridge)
    }
    return count > 1
  }

  /**
   * The histograms of the two children, of those that can be divided further: the smaller one is counted, the larger one
   * is what remains of the parent.
   */
  #divide(parent: Float64Array, start: number, middle: number, end: number, leaf: number) {
    const leftIsSmall = middle - start < end - middle
    const small = Math.min(middle - start, end - middle)
    const large = Math.max(middle - start, end - middle)
    if (large < 2 * leaf) {
      this.#free.push(parent)
      return [undefined, undefined]
    }
    const counted = leftIsSmall ? this.#histogram(start, middle) : this.#histogram(middle, end)
    for (const column of this.#columns) {
      const first = this.#offsets[column]!
      const last = first + (this.#codeCounts[column]! + 1) * fields
      for (let place = first; place < last; place++) parent[place]! -= counted[place]!
    }
    let known: Float64Array | undefined = counted
    if (small < 2 * leaf) {
      this.#free.push(counted)
      known = undefined
    }
    return leftIsSmall ? [known, parent] : [parent, known]
  }

  #node(node: number, start: number, end: number, depth: number, histogram: Float64Array | undefined): Node {
    let gradient = 0
    let curvature = 0
    for (let place = start; place < end; place++) {
      gradient += this.#gradients[this.#order[place]!]!
      curvature += this.#curvatures[this.#order[place]!]!
    }
    this.#builder.cover[node] = end - start
    const split: Split = { gain: 0, feature: -1, code: 0, missingLeft: false, set: undefined }
    const made: Node = { node, start, end, depth, gradient, curvature, histogram, split }
    if (histogram) this.#findSplit(made, histogram)
    return made
  }

  #histogram(start: number, end: number): Float64Array {
    const histogram = this.#free.pop() ?? new Float64Array(this.#histogramSize)
    const [order, gradients, curvatures] = [this.#order, this.#ownGradients, this.#ownCurvatures]
    for (let place = start; place < end; place++) {
      gradients[place] = this.#gradients[order[place]!]!
      curvatures[place] = this.#curvatures[order[place]!]!
    }
    for (const column of this.#columns) {
      const codes = this.#dense[column]!
      const offset = this.#offsets[column]!
      histogram.fill(0, offset, offset + (this.#codeCounts[column]! + 1) * fields)
      for (let place = start; place < end; place++) {
        const bin = offset + codes[order[place]!]! * fields
        histogram[bin]! += gradients[place]!
        histogram[bin + 1]! += curvatures[place]!
        histogram[bin + 2]!++
      }
    }
    return histogram
  }

  #findSplit({ start, end, gradient, curvature, split }: Node, histogram: Float64Array): void {
    const { leaf, ridge } = this.#wish
    const wish = { gradient, curvature, rows: end - start, leaf, ridge }
    for (const feature of this.#columns) {
      const column: HistogramColumn = { feature, offset: this.#offsets[feature]!, codes: this.#codeCounts[feature]! }
      if (this.#examples.isCategory[feature]) scanCategory(histogram, column, wish, split)
      else scanNumber(histogram, column, wish, split)
    }
  }

  #partition({ node, start, end, split }: Node): number {
    const codes = this.#examples.codes[split.feature]!
    const order = this.#order
    const { sets } = this.#builder
    const rule = this.#builder.rule[node]!
    let middle = start
    let right = 0
    for (let place = start; place < end; place++) {
      const row = order[place]!
      if (codeGoesLeft(rule, sets, codes[row]!)) order[middle++] = row
      else this.#spare[right++] = row
    }
    order.set(this.#spare.subarray(0, right), middle)
    return middle
  }

  #addTree(rows: Int32Array, margins: Float64Array): void {
    const { feature, rule, left, value, sets } = this.#builder
    const { codes } = this.#examples
    const root = this.#builder.roots.at(-1)!
    for (let place = 0; place < rows.length; place++) {
      const row = rows[place]!
      let node = root
      for (let child = left[node]!; child >= 0; child = left[node]!) {
        node = codeGoesLeft(rule[node]!, sets, codes[feature[node]!]![row]!) ? child : child + 1
      }
      margins[row]! += value[node]!
    }
  }
}

function lossOf(labels: Uint8Array, margins: Float64Array, rows: Int32Array): number {
  let loss = 0
  for (const row of rows) {
    const margin = labels[row]! ? -margins[row]! : margins[row]!
    loss += margin > 0 ? margin + Math.log1p(Math.exp(-margin)) : Math.log1p(Math.exp(margin))
  }
  return rows.length === 0 ? 0 : loss / rows.length
}
