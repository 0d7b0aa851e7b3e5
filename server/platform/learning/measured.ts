import type { Measures } from './contract.ts'
import {
  areaUnderRoc,
  averagePrecision,
  brierScore,
  calibrationError,
  precisionAt,
  reliabilityOf,
  scoreOf,
  shareOf,
} from './measures.ts'

const shares = [0.01, 0.05, 0.1, 0.2]

/** All measures of probabilities. @param thresholds score from which on each row counts as leaving */
export function measuresOf(probabilities: Float64Array, labels: Uint8Array, thresholds: Float64Array): Measures {
  let [caught, called, positives] = [0, 0, 0]
  for (let row = 0; row < labels.length; row++) {
    const acts = scoreOf(probabilities[row]!) >= thresholds[row]!
    positives += labels[row]!
    if (!acts) continue
    called++
    caught += labels[row]!
  }
  const rows = labels.length
  const negatives = rows - positives
  const area = areaUnderRoc(probabilities, labels)
  const precision = shareOf(caught, called)
  const recall = shareOf(caught, positives)
  const falseAlarms = negatives === 0 ? 0 : (called - caught) / negatives
  const atShares = shares.map(share => ({ share, ...precisionAt(probabilities, labels, share) }))
  return {
    auc: area?.value ?? null,
    aucLow: area?.low ?? null,
    aucHigh: area?.high ?? null,
    brier: brierScore(probabilities, labels),
    calibrationError: calibrationError(reliabilityOf(probabilities, labels)),
    averagePrecision: averagePrecision(probabilities, labels),
    threshold: thresholds.reduce((sum, threshold) => sum + threshold, 0) / rows,
    accuracy: (caught + negatives - (called - caught)) / rows,
    precision: precision?.value ?? null,
    precisionLow: precision?.low ?? null,
    precisionHigh: precision?.high ?? null,
    recall: recall?.value ?? null,
    recallLow: recall?.low ?? null,
    recallHigh: recall?.high ?? null,
    f1: called + positives === 0 ? null : (2 * caught) / (called + positives),
    balancedPrecision: recall && called > 0 ? recall.value / (recall.value + falseAlarms) : null,
    precisionAt: atShares,
    lift10: positives === 0 ? null : atShares[2]!.precision / (positives / rows),
  }
}

/** The mean of the folds, measure by measure; folds where one is not defined are left out of it. */
export function meanMeasures(folds: readonly Measures[]): Measures {
  const mean = (values: (number | null)[]) => {
    const known = values.filter(value => value !== null)
    return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length
  }
  const plain = Object.keys(folds[0]!).filter(name => name !== 'precisionAt') as Exclude<
    keyof Measures,
    'precisionAt'
  >[]
  const means = Object.fromEntries(plain.map(name => [name, mean(folds.map(fold => fold[name]))]))
  return {
    ...(means as Omit<Measures, 'precisionAt'>),
    precisionAt: shares.map((share, place) => ({
      share,
      precision: mean(folds.map(fold => fold.precisionAt[place]!.precision)),
      captured: mean(folds.map(fold => fold.precisionAt[place]!.captured)),
    })),
  }
}
