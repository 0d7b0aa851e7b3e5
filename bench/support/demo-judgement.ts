/** Models of who leaves the demo company, judged on customers that they had not seen, beside the generator's truth. */

import { storyOf } from '../../server/collect/demo/story.ts'
import { leavingProbability } from '../../server/collect/demo/truth.ts'
import type { Story } from '../../server/collect/demo/world.ts'
import { algorithms, growEnsemble } from '../../server/platform/learning/ensemble.ts'
import { evaluate } from '../../server/platform/learning/evaluation.ts'
import { foldsOf } from '../../server/platform/learning/folds.ts'
import { modelOf } from '../../server/platform/learning/model.ts'
import { Randomness, seedFor } from '../../server/platform/learning/randomness.ts'
import { refuseColumns } from '../../server/platform/learning/refusals.ts'
import { pickSet, type TrainingSet } from '../../server/platform/learning/training-set.ts'
import type { Observed } from './demo-observations.ts'
import { observedProbabilities } from './demo-observer.ts'
import { type Method, type Sample, shifted } from './figures-by-customer.ts'
import { type Reasons, reasonsOf, rowsToExplain } from './planted-causes.ts'

const folds = 5
const trees = 250
const seed = 1

export interface Judged {
  /** The forest, boosting, a logistic regression, the health score, the truth. */
  methods: Method[]
  reasons: Record<string, Reasons[]>
  features: number
  seconds: Record<string, number>
}

/**
 * What each method says of every row: by folds of customers, so that none was seen in training. Days are not kept apart:
 * how customers behave does not change with the time in the demo.
 */
export function judge({ set: seen, stories }: Observed, horizon: number): Judged {
  const seconds: Record<string, number> = {}
  const began = performance.now()
  const { kept } = refuseColumns(seen.table, seen.labels, seen.groups, seed)
  seconds.refusals = (performance.now() - began) / 1_000
  const set: TrainingSet = { ...seen, table: kept }
  const fold = foldsOf(set.labels, set.groups, folds, seed)
  const all = Int32Array.from(set.labels, (_, row) => row)
  const splits = Array.from({ length: folds }, (_, number) => ({
    training: all.filter(row => fold[row] !== number),
    test: all.filter(row => fold[row] === number),
  }))
  const reasons: Judged['reasons'] = {}
  const methods = algorithms.map((algorithm): Method => {
    const from = performance.now()
    const scores = new Float64Array(all.length)
    reasons[algorithm] = []
    for (const [number, { training, test }] of splits.entries()) {
      const known = pickSet(set, training)
      const { ensemble } = growEnsemble(algorithm, known.table, known.labels, known.groups, {
        seed: seedFor(seed, 50 + number),
        trees,
        isCancelled: () => false,
        onProgress: () => {},
      })
      const model = modelOf(ensemble)
      const asked = pickSet(set, test)
      model.predict(asked.table).probability.forEach((probability, place) => {
        scores[test[place]!] = probability
      })
      reasons[algorithm].push(...reasonsOf(model, asked, rowsToExplain(asked, stories), stories))
    }
    seconds[algorithm] = (performance.now() - from) / 1_000
    return { name: algorithm, scores }
  })
  const wish = { seed, trees, isCancelled: () => false, onProgress: () => {} }
  for (const { name, probabilities } of evaluate(set, splits, [], wish)) {
    if (name === 'never') continue
    const scores = new Float64Array(all.length)
    splits
      .flatMap(({ test }) => [...test])
      .forEach((row, place) => {
        scores[row] = probabilities[place]!
      })
    methods.push({ name, scores })
  }
  const from = performance.now()
  methods.push({ name: 'truth', scores: truthOf(set, stories, horizon) })
  seconds.truth = (performance.now() - from) / 1_000
  return { methods, reasons, features: kept.columns.length, seconds }
}

function truthOf({ groups, times }: TrainingSet, stories: readonly Story[], within: number): Float64Array {
  return Float64Array.from(groups, (group, row) =>
    leavingProbability(stories[group]!, { day: times[row]!, within, runs: truthRuns, seed: row }),
  )
}

/** Continuations that are played for each row. */
const truthRuns = 200

/** Of so many customers one is judged by the observer, with so many customers as it might be. */
const observed = { every: 6, particles: 2_400 }

/**
 * Some of the customers, judged by the models, by the best observer of what can be seen (`demo-observer.ts`) and by the
 * truth: what the models miss of the truth, and what of that nobody could have told.
 */
export function besideObserver({ set, stories, world }: Observed, methods: readonly Method[], within: number): Sample {
  const rows = Int32Array.from(set.groups, (_, row) => row).filter(row => set.groups[row]! % observed.every === 0)
  const byCustomer = Map.groupBy(rows, row => set.groups[row]!)
  const scores = new Float64Array(set.groups.length)
  for (const [group, own] of byCustomer) {
    const inOrder = own.sort((one, other) => set.times[one]! - set.times[other]!)
    const told = observedProbabilities(storyOf(world, stories[group]!.number), {
      days: inOrder.map(row => set.times[row]!),
      within,
      particles: observed.particles,
      seed: group,
    })
    inOrder.forEach((row, place) => {
      scores[row] = told[place]!
    })
  }
  return sampleOf(set, [...methods.slice(0, -1), { name: 'observer', scores }, methods.at(-1)!], rows)
}

/** Rows whose label is not what the story says. */
export function wrongLabels({ set, stories }: Observed, horizon: number): number {
  return set.labels.reduce((wrong, label, row) => {
    const { endDay } = stories[set.groups[row]!]!
    const day = set.times[row]!
    return wrong + ((endDay !== undefined && endDay > day && endDay <= day + horizon ? 1 : 0) === label ? 0 : 1)
  }, 0)
}

/** Samples of the rows. The days are the same for everybody, so that they are drawn independently of who leaves. */
export function samplesOf({ set, stories }: Observed, methods: readonly Method[]): { drawn: string; sample: Sample }[] {
  const all = Int32Array.from(set.labels, (_, row) => row)
  const order = all.slice()
  new Randomness(seedFor(seed, 3)).shuffle(order)
  const left = order.filter(row => set.labels[row] === 1).slice(0, 1_000)
  const stayed = order.filter(row => set.labels[row] === 0).slice(0, left.length * 5)
  const natural = set.labels.reduce((sum, label) => sum + label, 0)
  const odds = left.length / stayed.length / (natural / (all.length - natural))
  const undecided = all.filter(row => !hasDecided(stories[set.groups[row]!]!, set.times[row]!))
  return [
    { drawn: 'every monthly day of every customer', sample: sampleOf(set, methods, all) },
    { drawn: 'one day a customer', sample: sampleOf(set, methods, oneDayEach(set)) },
    {
      drawn: 'days with leaving and without, 1 to 5 (probabilities moved to that prevalence)',
      sample: sampleOf(set, methods, Int32Array.from([...left, ...stayed]), odds),
    },
    {
      drawn: 'every monthly day of customers that have not decided yet to leave',
      sample: sampleOf(set, methods, undecided),
    },
  ]
}

/** Whether the truth knows of a decision to leave, which nobody can see. */
function hasDecided({ startDay, course }: Story, day: number): boolean {
  const { decidedWeek } = course.latent
  return decidedWeek !== undefined && decidedWeek < Math.floor((day - startDay) / 7)
}

function sampleOf({ groups, labels }: TrainingSet, methods: readonly Method[], rows: Int32Array, odds = 1): Sample {
  return {
    customers: rows.map(row => groups[row]!),
    labels: Uint8Array.from(rows, row => labels[row]!),
    methods: methods.map(({ name, scores }) => ({
      name,
      scores: shifted(
        Float64Array.from(rows, row => scores[row]!),
        odds,
      ),
    })),
  }
}

/** A day of all, drawn for each customer whatever comes: whoever is not there on it, any more or yet, is not seen. */
function oneDayEach({ groups, times }: TrainingSet): Int32Array {
  const days = [...new Set(times)].sort((one, other) => one - other)
  const random = new Randomness(seedFor(seed, 4))
  const drawn = new Map<number, number>()
  return Int32Array.from(groups, (_, row) => row).filter(row => {
    const group = groups[row]!
    if (!drawn.has(group)) drawn.set(group, days[random.below(days.length)]!)
    return drawn.get(group) === times[row]
  })
}
