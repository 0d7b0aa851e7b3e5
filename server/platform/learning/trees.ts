import { missingCode } from './bins.ts'

/**
 * The trees of an ensemble, node after node. A node without `left` (-1) is a leaf; `left + 1` is its right child.
 * `rule` says who goes left: for numbers the highest code in the low byte, and bit 8 where missing goes left; for
 * categories bit 9, and above it which of the `sets` (256 bits each) holds the codes that go left.
 */
export interface Trees {
  roots: Int32Array
  feature: Uint16Array
  rule: Int32Array
  left: Int32Array
  value: Float32Array
  cover: Float32Array
  sets: Uint32Array
}

const missingLeft = 1 << 8
const isSet = 1 << 9
const setShift = 10
const wordsOfSet = 8

/** Who goes left at a number: codes up to `code`, and the missing ones if said. */
export function numberRule(code: number, missing: boolean): number {
  return code | (missing ? missingLeft : 0)
}

/** Collects nodes while trees grow. */
export class TreeBuilder {
  roots: number[] = []
  count = 0
  setWords = 0
  feature = new Uint16Array(1_024)
  rule = new Int32Array(1_024)
  left = new Int32Array(1_024)
  value = new Float32Array(1_024)
  cover = new Float32Array(1_024)
  sets = new Uint32Array(1_024)

  /** Begins a tree. @returns its root */
  root(): number {
    this.roots.push(this.count)
    return this.#add(1)
  }

  /** Makes a leaf the parent of two. @returns the left child */
  split(node: number, feature: number, rule: number): number {
    const left = this.#add(2)
    this.feature[node] = feature
    this.rule[node] = rule
    this.left[node] = left
    return left
  }

  /** Stores which codes go left. @returns the rule */
  setRule(codes: Iterable<number>): number {
    const place = this.setWords
    if (place + wordsOfSet > this.sets.length) this.sets = enlarged(this.sets, Uint32Array)
    for (const code of codes) this.sets[place + (code >>> 5)]! |= 1 << (code & 31)
    this.setWords += wordsOfSet
    return isSet | ((place / wordsOfSet) << setShift)
  }

  /** Forgets all trees after the first `trees`. */
  keep(trees: number): void {
    if (trees >= this.roots.length) return
    this.count = this.roots[trees]!
    this.roots.length = trees
  }

  build(): Trees {
    const { count } = this
    return {
      roots: Int32Array.from(this.roots),
      feature: this.feature.slice(0, count),
      rule: this.rule.slice(0, count),
      left: this.left.slice(0, count),
      value: this.value.slice(0, count),
      cover: this.cover.slice(0, count),
      sets: this.sets.slice(0, this.setWords),
    }
  }

  #add(nodes: number): number {
    const first = this.count
    this.count += nodes
    if (this.count > this.left.length) {
      this.feature = enlarged(this.feature, Uint16Array)
      this.rule = enlarged(this.rule, Int32Array)
      this.left = enlarged(this.left, Int32Array)
      this.value = enlarged(this.value, Float32Array)
      this.cover = enlarged(this.cover, Float32Array)
    }
    for (let node = first; node < this.count; node++) this.left[node] = -1
    return first
  }
}

function enlarged<Values extends Uint16Array | Int32Array | Float32Array | Uint32Array>(
  values: Values,
  make: new (length: number) => Values,
): Values {
  const larger = new make(values.length * 2)
  larger.set(values as never)
  return larger
}

/** Trees of several ensembles as one, in order. */
export function joinTrees(parts: readonly Trees[]): Trees {
  const nodes = parts.reduce((sum, { left }) => sum + left.length, 0)
  const words = parts.reduce((sum, { sets }) => sum + sets.length, 0)
  const joined: Trees = {
    roots: Int32Array.from({ length: parts.reduce((sum, { roots }) => sum + roots.length, 0) }),
    feature: new Uint16Array(nodes),
    rule: new Int32Array(nodes),
    left: new Int32Array(nodes),
    value: new Float32Array(nodes),
    cover: new Float32Array(nodes),
    sets: new Uint32Array(words),
  }
  let [tree, node, word] = [0, 0, 0]
  for (const part of parts) {
    for (const root of part.roots) joined.roots[tree++] = root + node
    joined.feature.set(part.feature, node)
    joined.value.set(part.value, node)
    joined.cover.set(part.cover, node)
    joined.sets.set(part.sets, word)
    for (let place = 0; place < part.left.length; place++) {
      const left = part.left[place]!
      const rule = part.rule[place]!
      joined.left[node + place] = left < 0 ? -1 : left + node
      joined.rule[node + place] = rule & isSet ? rule + ((word / wordsOfSet) << setShift) : rule
    }
    node += part.left.length
    word += part.sets.length
  }
  return joined
}

/** Whether a code goes left by the rule of an inner node. */
export function codeGoesLeft(rule: number, sets: Uint32Array, code: number): boolean {
  if ((rule & isSet) === 0) return code === missingCode ? (rule & missingLeft) !== 0 : code <= (rule & 255)
  return ((sets[(rule >>> setShift) * wordsOfSet + (code >>> 5)]! >>> (code & 31)) & 1) === 1
}

/** Rows of a block; a power of two, so that a column's place is known beforehand. */
export const blockRows = 512
const setPlaceShift = 10

/**
 * Trees laid out for walking without branches: three whole numbers a node (where its column begins in a block; limit,
 * shift of the codes and place of the set; left child). A node goes right where a code is above the limit or in its set;
 * numbers have an empty set, and categories a limit that is never passed. A leaf is its own left child.
 */
export interface Walk {
  roots: Int32Array
  nodes: Int32Array
  value: Float32Array
  sets: Uint32Array
}

export function walkOf(trees: Trees): Walk {
  const nodes = new Int32Array(trees.left.length * 4)
  // The first set is the empty one; the others say who goes right.
  const sets = new Uint32Array(trees.sets.length + wordsOfSet)
  trees.sets.forEach((word, place) => {
    sets[place + wordsOfSet] = ~word
  })
  for (let node = 0; node < trees.left.length; node++) {
    const place = node * 4
    const rule = trees.rule[node]!
    const left = trees.left[node]!
    nodes[place] = left < 0 ? 0 : trees.feature[node]! * blockRows
    nodes[place + 1] = 255
    nodes[place + 2] = left < 0 ? node : left
    if (left < 0) continue
    if (rule & isSet) nodes[place + 1]! |= ((rule >>> setShift) + 1) << setPlaceShift
    else {
      // Shifted by one, the code of missing (255) becomes 0 and is below every limit.
      const shift = rule & missingLeft ? 1 : 0
      nodes[place + 1] = ((rule & 255) + shift) | (shift << 9)
    }
  }
  return { roots: trees.roots, nodes, value: trees.value, sets }
}

/**
 * Adds the value of each row's leaf to `sums`, tree by tree, four rows at a time: while one waits for memory the others
 * go on.
 * @param trees the first tree and the one behind the last @param block codes of a block of rows, column by column; the
 * rows up to a multiple of four are walked, too
 */
export function addLeaves(
  { roots, nodes, value, sets }: Walk,
  trees: { first: number; end: number },
  block: Uint8Array,
  rows: number,
  sums: Float64Array,
): void {
  for (let tree = trees.first; tree < trees.end; tree++) {
    const root = roots[tree]!
    for (let row = 0; row < rows; row += 4) {
      let one = root
      let two = root
      let three = root
      let four = root
      for (;;) {
        const nextOne = next(nodes, sets, block, row, one)
        const nextTwo = next(nodes, sets, block, row + 1, two)
        const nextThree = next(nodes, sets, block, row + 2, three)
        const nextFour = next(nodes, sets, block, row + 3, four)
        if (((nextOne ^ one) | (nextTwo ^ two) | (nextThree ^ three) | (nextFour ^ four)) === 0) break
        one = nextOne
        two = nextTwo
        three = nextThree
        four = nextFour
      }
      sums[row]! += value[one]!
      sums[row + 1]! += value[two]!
      sums[row + 2]! += value[three]!
      sums[row + 3]! += value[four]!
    }
  }
}

function next(nodes: Int32Array, sets: Uint32Array, block: Uint8Array, row: number, node: number): number {
  const place = node << 2
  const code = block[nodes[place]! + row]!
  const rule = nodes[place + 1]!
  const above = ((rule & 511) - ((code + ((rule >>> 9) & 1)) & 255)) >>> 31
  const inSet = sets[((rule >>> setPlaceShift) << 3) + (code >>> 5)]! >>> (code & 31)
  return nodes[place + 2]! + ((above | inSet) & 1)
}
