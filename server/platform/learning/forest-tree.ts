import { missingCode } from './bins.ts'
import type { Randomness } from './randomness.ts'
import { codeGoesLeft, numberRule, type TreeBuilder } from './trees.ts'

/** What trees are grown on: codes column by column, which columns are categories, and who is positive. */
export interface Examples {
  codes: readonly Uint8Array[]
  isCategory: readonly boolean[]
  labels: Uint8Array
  /** Rows of the same group are never divided between what is learned from and what is judged on; numbers from 0. */
  groups: Int32Array
  groupCount: number
}

export interface ForestWish {
  /** Draws of the bootstrap that a leaf holds at least. */
  leaf: number
  /** How many times a positive example counts. */
  positiveWeight: number
}

// One sum for both counts: the draws in the low 26 bits, the positive ones above, exact up to 2^52.
const positiveUnit = 2 ** 26

/** Grows trees of a random forest: a bootstrap of the groups each, the best split by Gini among the root of the number of columns. */
export class ForestGrower {
  readonly #examples: Examples
  readonly #builder: TreeBuilder
  readonly #order: Int32Array
  readonly #spare: Int32Array
  readonly #packed: Float64Array
  readonly #features: Int32Array
  readonly #groupDraws: Uint8Array
  readonly #histogram = new Float64Array(256)
  readonly #occupied = new Int32Array(256)
  readonly #sorted = new Int32Array(256)
  readonly #shares = new Float64Array(256)
  readonly #words = new Int32Array(8)
  /** How often the bootstrap of the last tree drew each row. */
  readonly draws: Uint8Array

  // The best split of the node at hand.
  #gain = 0
  #feature = -1
  #code = 0
  #missingLeft = false
  readonly #set = new Int32Array(256)
  #setSize = 0

  constructor(examples: Examples, builder: TreeBuilder) {
    const rows = examples.labels.length
    this.#examples = examples
    this.#builder = builder
    this.#order = new Int32Array(rows)
    this.#spare = new Int32Array(rows)
    this.#packed = new Float64Array(rows)
    this.#features = Int32Array.from(examples.codes, (_, place) => place)
    this.draws = new Uint8Array(rows)
    this.#groupDraws = new Uint8Array(examples.groupCount)
  }

  grow(wish: ForestWish, random: Randomness): void {
    const { labels, groups, groupCount } = this.#examples
    const groupDraws = this.#groupDraws.fill(0)
    for (let draw = 0; draw < groupCount; draw++) {
      const group = random.below(groupCount)
      if (groupDraws[group]! < 255) groupDraws[group]!++
    }
    let drawn = 0
    let sum = 0
    for (let row = 0; row < labels.length; row++) {
      const draws = groupDraws[groups[row]!]!
      this.draws[row] = draws
      if (draws === 0) continue
      this.#order[drawn++] = row
      this.#packed[row] = draws * (labels[row]! ? 1 + positiveUnit : 1)
      sum += this.#packed[row]!
    }
    const builder = this.#builder
    const tries = Math.max(1, Math.round(Math.sqrt(this.#features.length)))
    const waiting: [node: number, start: number, end: number, sum: number][] = [[builder.root(), 0, drawn, sum]]
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const [node, start, end, packed] = next
      const positive = Math.floor(packed / positiveUnit)
      const count = packed - positive * positiveUnit
      const weighted = positive * wish.positiveWeight
      const total = count - positive + weighted
      builder.value[node] = weighted / total
      builder.cover[node] = total
      if (positive === 0 || positive === count || count < 2 * wish.leaf) continue
      if (!this.#findSplit(start, end, packed, wish, tries, random)) continue
      const rule =
        this.#setSize > 0
          ? builder.setRule(this.#set.subarray(0, this.#setSize))
          : numberRule(this.#code, this.#missingLeft)
      const left = builder.split(node, this.#feature, rule)
      const [middle, leftSum] = this.#partition(node, start, end)
      waiting.push([left + 1, middle, end, packed - leftSum], [left, start, middle, leftSum])
    }
  }

  /** Adds the leaf's value to each row that the last tree has not drawn. */
  addOutOfBag(sums: Float64Array, counts: Int32Array): void {
    const { feature, rule, left, value, sets } = this.#builder
    const { codes } = this.#examples
    const { draws } = this
    const root = this.#builder.roots.at(-1)!
    for (let row = 0; row < sums.length; row++) {
      if (draws[row]! > 0) continue
      let node = root
      for (let child = left[node]!; child >= 0; child = left[node]!) {
        const code = codes[feature[node]!]![row]!
        node = codeGoesLeft(rule[node]!, sets, code) ? child : child + 1
      }
      sums[row]! += value[node]!
      counts[row]!++
    }
  }

  #partition(node: number, start: number, end: number): [middle: number, leftSum: number] {
    const codes = this.#examples.codes[this.#feature]!
    const order = this.#order
    const spare = this.#spare
    const packed = this.#packed
    const { sets } = this.#builder
    const rule = this.#builder.rule[node]!
    let middle = start
    let right = 0
    let sum = 0
    for (let place = start; place < end; place++) {
      const row = order[place]!
      if (codeGoesLeft(rule, sets, codes[row]!)) {
        order[middle++] = row
        sum += packed[row]!
      } else spare[right++] = row
    }
    for (let place = 0; place < right; place++) order[middle + place] = spare[place]!
    return [middle, sum]
  }

  #findSplit(start: number, end: number, packed: number, wish: ForestWish, tries: number, random: Randomness): boolean {
    this.#gain = 0
    this.#feature = -1
    const features = this.#features
    let tried = 0
    for (let place = 0; place < features.length && tried < tries; place++) {
      const other = place + random.below(features.length - place)
      const feature = features[other]!
      features[other] = features[place]!
      features[place] = feature
      const occupied = this.#fill(this.#examples.codes[feature]!, start, end)
      if (occupied > 1) {
        tried++
        if (this.#examples.isCategory[feature]) this.#scanSets(feature, occupied, packed, wish)
        else this.#scanNumbers(feature, occupied, packed, wish)
      }
      for (let bin = 0; bin < occupied; bin++) this.#histogram[this.#occupied[bin]!] = 0
    }
    return this.#feature >= 0
  }

  /** Fills the histogram. @returns how many codes occur; `occupied` lists them in order */
  #fill(codes: Uint8Array, start: number, end: number): number {
    const histogram = this.#histogram
    const order = this.#order
    const packed = this.#packed
    const words = this.#words
    words.fill(0)
    for (let place = start; place < end; place++) {
      const row = order[place]!
      const code = codes[row]!
      histogram[code]! += packed[row]!
      words[code >>> 5]! |= 1 << (code & 31)
    }
    let count = 0
    for (let word = 0; word < 8; word++) {
      let bits = words[word]!
      while (bits !== 0) {
        const bit = 31 - Math.clz32(bits & -bits)
        this.#occupied[count++] = (word << 5) + bit
        bits &= bits - 1
      }
    }
    return count
  }

  #scanNumbers(feature: number, occupied: number, packed: number, wish: ForestWish): void {
    const codes = this.#occupied
    const missing = codes[occupied - 1] === missingCode ? this.#histogram[missingCode]! : 0
    const known = missing > 0 ? occupied - 1 : occupied
    let sum = 0
    for (let bin = 0; bin < known; bin++) {
      sum += this.#histogram[codes[bin]!]!
      const last = bin === known - 1
      if (last && missing === 0) break
      // Between the two codes, so that what lies in the gap goes to the nearer one.
      const code = last ? missingCode - 1 : (codes[bin]! + codes[bin + 1]! - 1) >>> 1
      if (this.#improves(sum, packed, wish)) this.#take(feature, code, false)
      if (missing > 0 && !last && this.#improves(sum + missing, packed, wish)) this.#take(feature, code, true)
    }
  }

  /** Categories in the order of their share of positives; the best division of a two-class problem is among these. */
  #scanSets(feature: number, occupied: number, packed: number, wish: ForestWish): void {
    const histogram = this.#histogram
    const sorted = this.#sorted
    const shares = this.#shares
    for (let place = 0; place < occupied; place++) {
      const code = this.#occupied[place]!
      const value = histogram[code]!
      const positive = Math.floor(value / positiveUnit)
      const share = positive / (value - positive * positiveUnit)
      let hole = place
      for (; hole > 0 && shares[hole - 1]! > share; hole--) {
        sorted[hole] = sorted[hole - 1]!
        shares[hole] = shares[hole - 1]!
      }
      sorted[hole] = code
      shares[hole] = share
    }
    let sum = 0
    for (let place = 0; place < occupied - 1; place++) {
      sum += histogram[sorted[place]!]!
      if (!this.#improves(sum, packed, wish)) continue
      this.#take(feature, 0, false)
      this.#set.set(sorted.subarray(0, place + 1))
      this.#setSize = place + 1
    }
  }

  #take(feature: number, code: number, missing: boolean): void {
    this.#feature = feature
    this.#code = code
    this.#missingLeft = missing
    this.#setSize = 0
  }

  /** Whether this is the best split so far; Gini, up to what is the same for all splits of the node. */
  #improves(leftPacked: number, packed: number, wish: ForestWish): boolean {
    const leftPositive = Math.floor(leftPacked / positiveUnit)
    const leftCount = leftPacked - leftPositive * positiveUnit
    const positive = Math.floor(packed / positiveUnit)
    const count = packed - positive * positiveUnit
    const rightCount = count - leftCount
    if (leftCount < wish.leaf || rightCount < wish.leaf) return false
    const weight = wish.positiveWeight
    const left1 = leftPositive * weight
    const left0 = leftCount - leftPositive
    const right1 = (positive - leftPositive) * weight
    const right0 = rightCount - positive + leftPositive
    const gain =
      (left1 * left1 + left0 * left0) / (left1 + left0) + (right1 * right1 + right0 * right0) / (right1 + right0)
    if (gain <= this.#gain) return false
    this.#gain = gain
    return true
  }
}
