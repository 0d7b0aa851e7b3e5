import { type Bins, codesOf, findBins } from './bins.ts'
import { Booster, type BoostingWish } from './boosted-trees.ts'
import { type Calibration, calibrate, logistic } from './calibration.ts'
import { foldsOf } from './folds.ts'
import { type Examples, ForestGrower } from './forest-tree.ts'
import { areaUnderRoc } from './measures.ts'
import { Randomness, seedFor } from './randomness.ts'
import type { Table } from './table.ts'
import { joinTrees, TreeBuilder, type Trees } from './trees.ts'

export const algorithms = ['forest', 'boosting'] as const
export type Algorithm = (typeof algorithms)[number]

/** Part of the trees that is a smaller ensemble of its own: what it says is `start + scale * (sum of its leaves)`. */
export interface Block {
  first: number
  end: number
  start: number
  scale: number
}

/**
 * Trees and what their sum means: `start` and one leaf of each tree give the score, of the forest a share, of boosting
 * log-odds.
 */
export interface Ensemble {
  algorithm: Algorithm
  bins: Bins[]
  trees: Trees
  start: number
  blocks: Block[]
  calibration: Calibration
}

/** What was learned, and the scores that its rows got from those trees which had not seen them (0 to 1, NaN for none). */
export interface Fitted {
  ensemble: Ensemble
  outOfSample: Float64Array
}

export interface FitWish {
  seed: number
  trees: number
  isCancelled: () => boolean
  onProgress: (share: number) => void
}

/** Learns from all rows of a table. */
export function growEnsemble(
  algorithm: Algorithm,
  table: Table,
  labels: Uint8Array,
  groups: Int32Array,
  wish: FitWish,
): Fitted {
  const bins = findBins(table)
  const numbers = new Map<number, number>()
  const examples: Examples = {
    codes: codesOf(bins, table),
    isCategory: bins.map(({ kind }) => kind === 'category'),
    labels,
    groups: Int32Array.from(groups, group => {
      if (!numbers.has(group)) numbers.set(group, numbers.size)
      return numbers.get(group)!
    }),
    groupCount: numbers.size,
  }
  return algorithm === 'forest' ? fitForest(bins, examples, wish) : fitBoosting(bins, examples, wish)
}

// Draws of the bootstrap: on average 1.6 of them are one row.
const leafChoices = [1, 4, 10, 24]
const trialTrees = 30
const trialRows = 8_000
const forestBlocks = 10

function fitForest(bins: Bins[], examples: Examples, wish: FitWish): Fitted {
  const rows = examples.labels.length
  const positives = examples.labels.reduce((sum, label) => sum + label, 0)
  // The rarer the positives, the more they count, with measure: calibration sets the level right afterwards.
  const positiveWeight = Math.min(10, Math.max(1, Math.sqrt((rows - positives) / Math.max(1, positives)) / 2))
  const leaf = chooseLeaf(examples, positiveWeight, wish)
  const builder = new TreeBuilder()
  const grower = new ForestGrower(examples, builder)
  const sums = new Float64Array(rows)
  const counts = new Int32Array(rows)
  for (let tree = 0; tree < wish.trees && !wish.isCancelled(); tree++) {
    grower.grow({ leaf, positiveWeight }, new Randomness(seedFor(wish.seed, tree)))
    grower.addOutOfBag(sums, counts)
    wish.onProgress((tree + 1) / wish.trees)
  }
  const outOfSample = sums.map((sum, row) => (counts[row]! > 0 ? sum / counts[row]! : Number.NaN))
  const trees = builder.build()
  const count = trees.roots.length
  for (let node = 0; node < trees.value.length; node++) trees.value[node]! /= count
  const blocks = Array.from(
    { length: Math.min(forestBlocks, count) },
    (_, number, of = Math.min(forestBlocks, count)) => {
      const [first, end] = [Math.floor((count * number) / of), Math.floor((count * (number + 1)) / of)]
      return { first, end, start: 0, scale: count / (end - first) }
    },
  )
  const calibration = calibrate(outOfSample, examples.labels)
  return { ensemble: { algorithm: 'forest', bins, trees, start: 0, blocks, calibration }, outOfSample }
}

/** How small leaves may be: tried with a few trees, judged on the rows that each tree did not draw. */
function chooseLeaf(examples: Examples, positiveWeight: number, wish: FitWish): number {
  const trial = partOf(examples, trialRows, wish.seed)
  let [best, chosen] = [-1, leafChoices[0]!]
  for (const leaf of leafChoices) {
    if (wish.isCancelled()) break
    const builder = new TreeBuilder()
    const grower = new ForestGrower(trial, builder)
    const sums = new Float64Array(trial.labels.length)
    const counts = new Int32Array(trial.labels.length)
    for (let tree = 0; tree < Math.min(trialTrees, wish.trees); tree++) {
      grower.grow({ leaf, positiveWeight }, new Randomness(seedFor(wish.seed, -1 - tree)))
      grower.addOutOfBag(sums, counts)
      builder.keep(0)
      builder.setWords = 0
      builder.sets.fill(0)
    }
    const known = Int32Array.from(counts, (_, row) => row).filter(row => counts[row]! > 0)
    const area = areaUnderRoc(
      Float64Array.from(known, row => sums[row]! / counts[row]!),
      Uint8Array.from(known, row => trial.labels[row]!),
    )
    if (area && area.value > best) [best, chosen] = [area.value, leaf]
  }
  return chosen
}

/** All examples, or a part of the groups that is about as large as asked. */
function partOf(examples: Examples, most: number, seed: number): Examples {
  const rows = examples.labels.length
  if (rows <= most) return examples
  const chosen = new Uint8Array(examples.groupCount)
  const order = Int32Array.from(chosen, (_, group) => group)
  new Randomness(seedFor(seed, 7)).shuffle(order)
  for (let place = 0; place < (examples.groupCount * most) / rows; place++) chosen[order[place]!] = 1
  const kept = Int32Array.from(examples.labels, (_, row) => row).filter(row => chosen[examples.groups[row]!])
  return {
    ...examples,
    codes: examples.codes.map(codes => Uint8Array.from(kept, row => codes[row]!)),
    labels: Uint8Array.from(kept, row => examples.labels[row]!),
    groups: Int32Array.from(kept, row => examples.groups[row]!),
  }
}

/** Large sets need fewer boosters to be sure, and no trial of the style: they carry larger trees. */
const manyRows = 50_000
const innerFolds = { few: 5, many: 3 }

/**
 * Boosting as a mean of several boosters, each stopped on the groups that it has not seen; those groups' scores are
 * what the calibration learns from.
 */
function fitBoosting(bins: Bins[], examples: Examples, wish: FitWish): Fitted {
  const { labels, groups, groupCount } = examples
  const rows = labels.length
  const folds = Math.max(2, Math.min(rows > manyRows ? innerFolds.many : innerFolds.few, groupCount))
  const fold = foldsOf(labels, groups, folds, seedFor(wish.seed, 11))
  const outOfSample = new Float64Array(rows).fill(Number.NaN)
  const all = Int32Array.from(labels, (_, row) => row)
  const parts: Trees[] = []
  const starts: number[] = []
  let style = rows > manyRows ? boostingStyles.slice(1) : boostingStyles
  for (let number = 0; number < folds && !wish.isCancelled(); number++) {
    const training = all.filter(row => fold[row] !== number)
    const heldOut = all.filter(row => fold[row] === number)
    const tried = style.map(each => {
      const builder = new TreeBuilder()
      const own = new Float64Array(rows)
      const booster = new Booster(examples, builder, {
        ...each,
        leaf: Math.min(each.leaf, Math.max(3, Math.round(rows / 200))),
      })
      const random = new Randomness(seedFor(wish.seed, 100 + number))
      const start = booster.boost(training, heldOut, own, random, wish.isCancelled)
      return { each, builder, start, own, loss: booster.loss }
    })
    // The first booster is grown in every style; the others in that which did best on what it had not seen.
    const best = tried.reduce((one, other) => (other.loss < one.loss ? other : one))
    style = [best.each]
    starts.push(best.start)
    for (const row of heldOut) outOfSample[row] = logistic(best.own[row]!)
    parts.push(best.builder.build())
    wish.onProgress((number + 1) / folds)
  }
  const trees = joinTrees(parts)
  for (let node = 0; node < trees.value.length; node++) trees.value[node]! /= parts.length
  let end = 0
  const blocks = parts.map(({ roots }, number) => {
    const first = end
    end += roots.length
    return { first, end, start: starts[number]!, scale: parts.length }
  })
  const start = starts.reduce((sum, each) => sum + each, 0) / Math.max(1, starts.length)
  const calibration = calibrate(outOfSample, labels)
  return { ensemble: { algorithm: 'boosting', bins, trees, start, blocks, calibration }, outOfSample }
}

/** Many small steps of small trees for what is mostly noise, larger trees for what is intricate. */
const boostingStyles: BoostingWish[] = [
  {
    rounds: 600,
    patience: 30,
    shrinkage: 0.07,
    leaves: 12,
    depth: 6,
    leaf: 20,
    ridge: 3,
    rowShare: 0.7,
    columnShare: 0.6,
  },
  {
    rounds: 400,
    patience: 20,
    shrinkage: 0.12,
    leaves: 40,
    depth: 12,
    leaf: 8,
    ridge: 1,
    rowShare: 0.8,
    columnShare: 0.6,
  },
]
