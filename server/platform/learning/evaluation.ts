import { AppError } from '../errors/app-error.ts'
import { calibrate, calibrated, logistic } from './calibration.ts'
import type { Measures } from './contract.ts'
import { type Algorithm, growEnsemble } from './ensemble.ts'
import type { Split } from './folds.ts'
import { fitRegression } from './logistic-regression.ts'
import { meanMeasures, measuresOf } from './measured.ts'
import { calibrationError, chooseThreshold, type Prices, reliabilityOf } from './measures.ts'
import { seedFor } from './randomness.ts'
import { predictWith } from './scoring.ts'
import { cancelled, pickSet, type TrainingSet } from './training-set.ts'

export interface FoldWish {
  seed: number
  trees: number
  prices?: Prices
  isCancelled: () => boolean
  /** Told how many fits are done. */
  onProgress: (fits: number) => void
}

/** What a method said about rows that it had not learned from, fold after fold. */
export interface Evaluation {
  name: string
  probabilities: Float64Array
  labels: Uint8Array
  /** The score from which on each row counts as leaving: chosen within the training part of its fold. */
  thresholds: Float64Array
  crossValidation: Measures
  seconds: number
}

/** Answers of a method for one fold. */
interface Answer {
  probabilities: Float64Array
  threshold: number
}

/** Lets every method learn from each split's training part and judge its test part. */
export function evaluate(
  set: TrainingSet,
  splits: readonly Split[],
  chosen: readonly Algorithm[],
  wish: FoldWish,
): Evaluation[] {
  const usable = splits.filter(split => isUsable(set.labels, split))
  if (usable.length === 0) {
    throw new AppError('invalid_input', {
      ja: '評価に使える期間がありません。離脱した例がもっと必要です。',
      en: 'No part of the data can be judged: more examples that left are needed.',
    })
  }
  const names = [...chosen, 'logistic', 'never', ...(set.baselines ?? []).map(({ name }) => name)]
  const answers = new Map(names.map(name => [name, { answers: [] as Answer[], seconds: 0 }]))
  let fits = 0
  for (const [number, { training, test }] of usable.entries()) {
    const [known, asked] = [pickSet(set, training), pickSet(set, test)]
    const take = (name: string, answer: () => Answer) => {
      if (wish.isCancelled()) throw cancelled()
      const began = performance.now()
      const entry = answers.get(name)!
      entry.answers.push(answer())
      entry.seconds += (performance.now() - began) / 1_000
    }
    for (const algorithm of chosen) {
      const begin = fits
      take(algorithm, () =>
        answerOf(algorithm, known, asked, {
          ...wish,
          seed: seedFor(wish.seed, 50 + number),
          onProgress: share => wish.onProgress(begin + share),
        }),
      )
      fits++
    }
    take('logistic', () => {
      const regression = fitRegression(known.table, known.labels, wish.seed)
      const threshold = chooseThreshold(regression.predict(known.table), known.labels, wish.prices)
      return { probabilities: regression.predict(asked.table), threshold }
    })
    take('never', () => ({ probabilities: new Float64Array(test.length), threshold: 101 }))
    known.baselines?.forEach(({ name, scores }, place) => {
      take(name, () => baselineAnswer(scores, known.labels, asked.baselines![place]!.scores, wish.prices))
    })
  }
  return names.map(name => gathered(name, set.labels, usable, answers.get(name)!))
}

function isUsable(labels: Uint8Array, { training, test }: Split): boolean {
  const positives = training.reduce((sum, row) => sum + labels[row]!, 0)
  const tested = test.reduce((sum, row) => sum + labels[row]!, 0)
  return positives >= 5 && positives < training.length && tested >= 1 && tested < test.length
}

function answerOf(algorithm: Algorithm, known: TrainingSet, asked: TrainingSet, wish: FoldWish): Answer {
  const { ensemble, outOfSample } = growEnsemble(algorithm, known.table, known.labels, known.groups, wish)
  if (wish.isCancelled()) throw cancelled()
  const { probability } = predictWith(ensemble, asked.table)
  const rows = Int32Array.from(outOfSample, (_, row) => row).filter(row => !Number.isNaN(outOfSample[row]!))
  const heldOut = Float64Array.from(rows, row => calibrated(ensemble.calibration, outOfSample[row]!))
  const labels = Uint8Array.from(rows, row => known.labels[row]!)
  return { probabilities: probability, threshold: chooseThreshold(heldOut, labels, wish.prices) }
}

/** A score of any range as a probability, by Platt's curve on the training part; what is unknown gets the average. */
function baselineAnswer(
  known: Float64Array,
  labels: Uint8Array,
  asked: Float64Array,
  prices: Prices | undefined,
): Answer {
  const values = known.filter(value => !Number.isNaN(value))
  const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
  const scale = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length)) || 1
  const scaled = (scores: Float64Array) =>
    scores.map(value => logistic(Number.isNaN(value) ? 0 : Math.min(8, Math.max(-8, (value - mean) / scale))))
  const calibration = calibrate(scaled(known), labels)
  const probabilities = (scores: Float64Array) => scaled(scores).map(value => calibrated(calibration, value))
  return {
    probabilities: probabilities(asked),
    threshold: chooseThreshold(probabilities(known), labels, prices),
  }
}

function gathered(
  name: string,
  labels: Uint8Array,
  splits: readonly Split[],
  { answers, seconds }: { answers: Answer[]; seconds: number },
): Evaluation {
  const rows = splits.reduce((sum, { test }) => sum + test.length, 0)
  const all: Evaluation = {
    name,
    probabilities: new Float64Array(rows),
    labels: new Uint8Array(rows),
    thresholds: new Float64Array(rows),
    crossValidation: undefined as never,
    seconds,
  }
  let place = 0
  const each = splits.map(({ test }, number) => {
    const { probabilities, threshold } = answers[number]!
    const outcome = Uint8Array.from(test, row => labels[row]!)
    const thresholds = new Float64Array(test.length).fill(threshold)
    all.probabilities.set(probabilities, place)
    all.labels.set(outcome, place)
    all.thresholds.set(thresholds, place)
    place += test.length
    return measuresOf(probabilities, outcome, thresholds)
  })
  // Of few rows the calibration error is mostly chance, so that one is worked out over all folds together.
  const together = calibrationError(reliabilityOf(all.probabilities, all.labels))
  all.crossValidation = { ...meanMeasures(each), calibrationError: together }
  return all
}
