import { missingCode } from './bins.ts'
import type { Examples } from './forest-tree.ts'
import type { Randomness } from './randomness.ts'
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
  histogram: Float64Array
  gain: number
  feature: number
  code: number
  missingLeft: boolean
  set: Int32Array | undefined
}

// Per code: gradient, curvature, rows.
const fields = 3
/** Levels with little support are drawn to the mean when categories are put in order. */
const categorySmoothing = 10
const fewLevels = 6
const setRidge = 10

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
    const { leaves, depth, shrinkage, ridge } = this.#wish
    const root = this.#node(builder.root(), 0, rows, 0, this.#histogram(0, rows))
    const open = [root]
    let count = 1
    while (count < leaves) {
      let best = 0
      for (let place = 1; place < open.length; place++) if (open[place]!.gain > open[best]!.gain) best = place
      const parent = open[best]!
      if (!(parent.gain > 1e-9)) break
      open.splice(best, 1)
      const rule = parent.set ? builder.setRule(parent.set) : numberRule(parent.code, parent.missingLeft)
      const left = builder.split(parent.node, parent.feature, rule)
      const middle = this.#partition(parent)
      // The smaller child is counted; the larger one is what remains of the parent.
      const leftIsSmall = middle - parent.start < parent.end - middle
      const last = ++count >= leaves
      const deep = parent.depth + 1 >= depth
      const small = leftIsSmall
        ? this.#histogram(parent.start, middle, last || deep)
        : this.#histogram(middle, parent.end, last || deep)
      const large = parent.histogram
      for (let place = 0; place < large.length; place++) large[place]! -= small[place]!
      const [one, other] = leftIsSmall ? [small, large] : [large, small]
      open.push(
        this.#node(left, parent.start, middle, parent.depth + 1, one, last),
        this.#node(left + 1, middle, parent.end, parent.depth + 1, other, last),
      )
    }
    for (const { histogram } of open) this.#free.push(histogram)
    for (const { node, gradient, curvature } of open) {
      builder.value[node] = (shrinkage * gradient) / (curvature + ridge)
    }
    return count > 1
  }

  #node(node: number, start: number, end: number, depth: number, histogram: Float64Array, last = false): Node {
    let [gradient, curvature] = [0, 0]
    for (let place = start; place < end; place++) {
      gradient += this.#gradients[this.#order[place]!]!
      curvature += this.#curvatures[this.#order[place]!]!
    }
    this.#builder.cover[node] = end - start
    const made: Node = {
      node,
      start,
      end,
      depth,
      gradient,
      curvature,
      histogram,
      gain: 0,
      feature: -1,
      code: 0,
      missingLeft: false,
      set: undefined,
    }
    if (!last && depth < this.#wish.depth && end - start >= 2 * this.#wish.leaf) this.#findSplit(made)
    return made
  }

  #histogram(start: number, end: number, empty = false): Float64Array {
    const histogram = this.#free.pop() ?? new Float64Array(this.#histogramSize)
    histogram.fill(0)
    if (empty) return histogram
    const order = this.#order
    const gradients = this.#gradients
    const curvatures = this.#curvatures
    for (const column of this.#columns) {
      const codes = this.#dense[column]!
      const offset = this.#offsets[column]!
      for (let place = start; place < end; place++) {
        const row = order[place]!
        const bin = offset + codes[row]! * fields
        histogram[bin]! += gradients[row]!
        histogram[bin + 1]! += curvatures[row]!
        histogram[bin + 2]!++
      }
    }
    return histogram
  }

  #findSplit(node: Node): void {
    const codes = new Int32Array(256)
    for (const column of this.#columns) {
      const offset = this.#offsets[column]!
      const last = this.#codeCounts[column]!
      let occupied = 0
      for (let code = 0; code <= last; code++)
        if (node.histogram[offset + code * fields + 2]! > 0) codes[occupied++] = code
      if (occupied < 2) continue
      if (this.#examples.isCategory[column]) this.#scanSets(node, column, codes.slice(0, occupied))
      else this.#scanNumbers(node, column, codes, occupied)
    }
  }

  #scanNumbers(node: Node, column: number, codes: Int32Array, occupied: number): void {
    const { histogram } = node
    const offset = this.#offsets[column]!
    const hasMissing = codes[occupied - 1] === this.#codeCounts[column]
    const known = hasMissing ? occupied - 1 : occupied
    const missing = offset + this.#codeCounts[column]! * fields
    let [gradient, curvature, rows] = [0, 0, 0]
    for (let place = 0; place < known; place++) {
      const bin = offset + codes[place]! * fields
      gradient += histogram[bin]!
      curvature += histogram[bin + 1]!
      rows += histogram[bin + 2]!
      const last = place === known - 1
      if (last && !hasMissing) break
      const code = last ? missingCode - 1 : (codes[place]! + codes[place + 1]! - 1) >>> 1
      this.#consider(node, column, gradient, curvature, rows, code, false, undefined)
      if (!hasMissing || last) continue
      const [g, c, n] = [histogram[missing]!, histogram[missing + 1]!, histogram[missing + 2]!]
      this.#consider(node, column, gradient + g, curvature + c, rows + n, code, true, undefined)
    }
  }

  #scanSets(node: Node, column: number, codes: Int32Array): void {
    const { histogram } = node
    const offset = this.#offsets[column]!
    const rate = (code: number) => {
      const bin = offset + code * fields
      return histogram[bin]! / (histogram[bin + 1]! + categorySmoothing * 0.25)
    }
    const sorted = codes.sort((one, other) => rate(one) - rate(other) || one - other)
    const missing = this.#codeCounts[column]!
    const named = sorted.map(code => (code === missing ? missingCode : code))
    let [gradient, curvature, rows] = [0, 0, 0]
    for (let place = 0; place < sorted.length - 1; place++) {
      const bin = offset + sorted[place]! * fields
      gradient += histogram[bin]!
      curvature += histogram[bin + 1]!
      rows += histogram[bin + 2]!
      this.#consider(node, column, gradient, curvature, rows, 0, false, named.subarray(0, place + 1))
    }
  }

  #consider(
    node: Node,
    feature: number,
    gradient: number,
    curvature: number,
    rows: number,
    code: number,
    missingLeft: boolean,
    set: Int32Array | undefined,
  ): void {
    const { leaf } = this.#wish
    // Sets of many levels find more that is only chance than a limit of a number does.
    const ridge = this.#wish.ridge + (set && this.#codeCounts[feature]! > fewLevels ? setRidge : 0)
    if (rows < leaf || node.end - node.start - rows < leaf) return
    const rest = node.gradient - gradient
    const gain =
      (gradient * gradient) / (curvature + ridge) +
      (rest * rest) / (node.curvature - curvature + ridge) -
      (node.gradient * node.gradient) / (node.curvature + ridge)
    if (gain <= node.gain) return
    Object.assign(node, { gain, feature, code, missingLeft, set })
  }

  #partition({ node, feature, start, end }: Node): number {
    const codes = this.#examples.codes[feature]!
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
