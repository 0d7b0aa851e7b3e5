import { AppError } from '../errors/app-error.ts'
import type { Measures, ModelReport } from './contract.ts'
import { type Algorithm, algorithms, type Ensemble, growEnsemble } from './ensemble.ts'
import { type Evaluation, evaluate, type FoldWish } from './evaluation.ts'
import { crossValidationSplits, outOfTimeCut, outOfTimeSplits } from './folds.ts'
import { chooseThreshold, type Prices } from './measures.ts'
import { writeModel } from './model.ts'
import { seedFor } from './randomness.ts'
import { type RefusedColumn, refuseColumns } from './refusals.ts'
import { reportOf } from './report.ts'
import { cancelled, pickSet, type TrainingSet } from './training-set.ts'

export type { TrainingSet } from './training-set.ts'

export interface TrainingWish {
  seed: number
  algorithms: Algorithm[]
  folds?: number
  /** The last part of the time that is kept for the back-test, 0.25 unless said; 0 for none. */
  outOfTimeShare?: number
  /** Trees of the forest, 250 unless said. */
  trees?: number
  /** Days until an outcome is known: what was observed less than that before a test begins is not learned from for it. */
  horizon?: number
  prices?: Prices
}

/** How a method did in cross-validation. */
export interface ComparedMethod {
  name: string
  /** Mean of the folds; the calibration error over all of them together. */
  crossValidation: Measures
  /** Of learning in all folds. */
  seconds: number
}

export interface TrainingResult {
  /** Of the algorithms that were wished. */
  models: Record<Algorithm, { bytes: Uint8Array<ArrayBuffer>; report: ModelReport }>
  proposed: Algorithm
  refused: RefusedColumn[]
  comparison: ComparedMethod[]
}

/** Called now and then with the share that is done. */
export type ProgressListener = (share: number, stage: string) => void

interface Prepared {
  kept: TrainingSet
  refused: RefusedColumn[]
  cut: number | undefined
  past: Int32Array
  folds: number
}

/**
 * Learns to tell who leaves, by the wished algorithms, and finds out how well on rows that were not learned from. The
 * same set and seed give the same models. Blocks for as long as it takes: run it in a thread (`thread.ts`).
 * @throws AppError `invalid_input` where there is too little to learn from, `conflict` when it was cancelled
 */
export function learn(
  set: TrainingSet,
  wish: TrainingWish,
  onProgress: ProgressListener,
  isCancelled: () => boolean,
): TrainingResult {
  const prepared = prepare(set, wish)
  const { kept, refused, cut, folds } = prepared
  const chosen = algorithms.filter(algorithm => wish.algorithms.includes(algorithm))
  const parts = chosen.length * (folds + (cut === undefined ? 1 : 1 + backTestFolds))
  let done = 0
  const step = (stage: string) => ({
    onProgress: (share: number) => onProgress(Math.min(1, (done + share) / parts), stage),
    isCancelled,
  })
  const common: Omit<FoldWish, 'onProgress'> = { ...foldWish(wish), isCancelled }
  const crossed = evaluateSplits(prepared, wish, chosen, { ...common, onProgress: step('cross-validation').onProgress })
  done += chosen.length * folds
  const backTest =
    cut === undefined
      ? undefined
      : evaluate(
          kept,
          outOfTimeSplits(kept, { folds: backTestFolds, seed: wish.seed, gap: wish.horizon ?? 0, cut }),
          chosen,
          { ...common, onProgress: step('back-test').onProgress },
        )
  if (backTest) done += chosen.length * backTestFolds
  const models = {} as TrainingResult['models']
  for (const algorithm of chosen) {
    const began = performance.now()
    const { ensemble } = growEnsemble(algorithm, kept.table, kept.labels, kept.groups, {
      ...common,
      seed: seedFor(wish.seed, 1),
      onProgress: step('model').onProgress,
    })
    refuseCancelled(isCancelled)
    const seconds = (performance.now() - began) / 1_000
    models[algorithm] = {
      bytes: writeModel(ensemble),
      report: reported(prepared, wish, { algorithm, ensemble, crossed, backTest, seconds }),
    }
    done++
    onProgress(Math.min(1, done / parts), 'model')
  }
  return { models, proposed: proposedOf(crossed, chosen), refused, comparison: comparisonOf(crossed) }
}

/** Only finds out how well each method does, by cross-validation. @throws AppError as `learn` */
export function compare(
  set: TrainingSet,
  wish: TrainingWish,
  onProgress: ProgressListener,
  isCancelled: () => boolean,
): Pick<TrainingResult, 'refused' | 'comparison' | 'proposed'> {
  const prepared = prepare(set, { ...wish, outOfTimeShare: 0 })
  const chosen = algorithms.filter(algorithm => wish.algorithms.includes(algorithm))
  const parts = chosen.length * prepared.folds
  const crossed = evaluateSplits(prepared, wish, chosen, {
    ...foldWish(wish),
    isCancelled,
    onProgress: share => onProgress(share / parts, 'cross-validation'),
  })
  return { refused: prepared.refused, comparison: comparisonOf(crossed), proposed: proposedOf(crossed, chosen) }
}

/** More change the third place of the area under the curve at most, and cost time with every prediction. */
const defaultTrees = 250
const backTestFolds = 3
/** With fewer of either class nothing can be said about anything. */
const leastOfClass = 20

function foldWish(wish: TrainingWish) {
  return { seed: wish.seed, trees: wish.trees ?? defaultTrees, prices: wish.prices }
}

function prepare(set: TrainingSet, wish: TrainingWish): Prepared {
  refuseBroken(set)
  const cut = outOfTimeCut(set, { share: wish.outOfTimeShare ?? 0.25, gap: wish.horizon ?? 0 })
  const all = Int32Array.from(set.labels, (_, row) => row)
  const past = cut === undefined ? all : all.filter(row => set.times[row]! < cut)
  const early = pickSet(set, past)
  const { kept, refused } = refuseColumns(early.table, early.labels, early.groups, wish.seed)
  const names = new Set(kept.columns.map(({ name }) => name))
  const columns = set.table.columns.filter(({ name }) => names.has(name))
  if (columns.length === 0) {
    throw new AppError('invalid_input', {
      ja: '学習に使える列がありません。除外された列を確認してください。',
      en: 'There is no column to learn from. See which were refused, and why.',
    })
  }
  return { kept: { ...set, table: { rows: set.table.rows, columns } }, refused, cut, past, folds: wish.folds ?? 5 }
}

function refuseBroken({ table, labels, groups, times }: TrainingSet): void {
  const lengths = [labels.length, groups.length, times.length]
  if (lengths.some(length => length !== table.rows)) throw new Error('The parts of a training set differ in length.')
  const positives = labels.reduce((sum, label) => sum + label, 0)
  const negatives = labels.length - positives
  if (positives >= leastOfClass && negatives >= leastOfClass) return
  throw new AppError('invalid_input', {
    ja: `学習には、離脱した例と継続した例がそれぞれ${leastOfClass}件以上必要です（現在 ${positives}件、${negatives}件）。`,
    en: `Learning needs at least ${leastOfClass} examples that left and ${leastOfClass} that stayed; there are ${positives} and ${negatives}.`,
  })
}

/** Cross-validation within what is known before the back-test. */
function evaluateSplits(prepared: Prepared, wish: TrainingWish, chosen: Algorithm[], more: FoldWish): Evaluation[] {
  const past = pickSet(prepared.kept, prepared.past)
  const splits = crossValidationSplits(past, { folds: prepared.folds, seed: wish.seed, gap: wish.horizon ?? 0 })
  return evaluate(past, splits, chosen, more)
}

function reported(
  prepared: Prepared,
  wish: TrainingWish,
  made: {
    algorithm: Algorithm
    ensemble: Ensemble
    crossed: Evaluation[]
    backTest: Evaluation[] | undefined
    seconds: number
  },
): ModelReport {
  const { kept, cut, folds } = prepared
  const { algorithm, ensemble, crossed, backTest, seconds } = made
  const own = crossed.find(({ name }) => name === algorithm)!
  const measured = (backTest ?? crossed).map(evaluation => {
    if (!backTest) return evaluation
    // Thresholds come from the time before.
    const before = crossed.find(({ name }) => name === evaluation.name)!
    return {
      ...evaluation,
      thresholds: evaluation.thresholds.fill(chooseThreshold(before.probabilities, before.labels, wish.prices)),
    }
  })
  const late = cut === undefined ? [] : [...kept.times.keys()].filter(row => kept.times[row]! >= cut)
  const last = late.reduce((latest, row) => Math.max(latest, kept.times[row]!), cut ?? 0)
  const positives = late.reduce((sum, row) => sum + kept.labels[row]!, 0)
  return reportOf(kept, ensemble, {
    algorithm,
    seed: wish.seed,
    seconds,
    folds,
    outOfTime: cut === undefined ? null : { from: cut, to: last, rows: late.length, positives },
    threshold: chooseThreshold(own.probabilities, own.labels, wish.prices),
    measured,
    crossValidation: own.crossValidation,
  })
}

function comparisonOf(crossed: readonly Evaluation[]): ComparedMethod[] {
  return crossed.map(({ name, crossValidation, seconds }) => ({ name, crossValidation, seconds }))
}

/** The better ranking by cross-validation; where they hardly differ, the better probabilities. */
export function proposedOf(comparison: readonly ComparedMethod[], chosen: readonly Algorithm[]): Algorithm {
  const of = (algorithm: Algorithm) => comparison.find(({ name }) => name === algorithm)!.crossValidation
  return chosen.reduce((best, each) => {
    const distance = (of(each).auc ?? 0) - (of(best).auc ?? 0)
    if (Math.abs(distance) > 0.001) return distance > 0 ? each : best
    return (of(each).brier ?? 1) < (of(best).brier ?? 1) ? each : best
  })
}

function refuseCancelled(isCancelled: () => boolean): void {
  if (isCancelled()) throw cancelled()
}
