import { codesOf } from './bins.ts'
import { calibrated, logistic } from './calibration.ts'
import type { Ensemble } from './ensemble.ts'
import type { Table } from './table.ts'
import { addLeaves, blockRows, type Walk, walkOf } from './trees.ts'

/** Calibrated probabilities, and how far the parts of the ensemble disagree (their 10 % and 90 % points). */
export interface Prediction {
  probability: Float64Array
  low: Float64Array
  high: Float64Array
}

/** Predicts block by block of rows and tree by tree, so that codes and nodes stay in the processor's cache. */
export function predict(ensemble: Ensemble, walk: Walk, table: Table): Prediction {
  const { bins, blocks, start, calibration } = ensemble
  const columns = codesOf(bins, table)
  const { rows } = table
  const result = { probability: new Float64Array(rows), low: new Float64Array(rows), high: new Float64Array(rows) }
  const codes = new Uint8Array(Math.max(1, columns.length) * blockRows)
  const sums = blocks.map(() => new Float64Array(blockRows))
  const said = new Float64Array(blocks.length)
  const probability = (score: number) => calibrated(calibration, scoreShare(ensemble, score))
  for (let first = 0; first < rows; first += blockRows) {
    const count = Math.min(blockRows, rows - first)
    columns.forEach((column, place) => {
      codes.set(column.subarray(first, first + count), place * blockRows)
    })
    blocks.forEach((block, number) => {
      sums[number]!.fill(0)
      addLeaves(walk, block, codes, count, sums[number]!)
    })
    for (let row = 0; row < count; row++) {
      let total = start
      for (let number = 0; number < blocks.length; number++) {
        const sum = sums[number]![row]!
        total += sum
        said[number] = blocks[number]!.start + blocks[number]!.scale * sum
      }
      const whole = probability(total)
      said.sort()
      result.probability[first + row] = whole
      result.low[first + row] = Math.min(whole, probability(quantile(said, 0.1)))
      result.high[first + row] = Math.max(whole, probability(quantile(said, 0.9)))
    }
  }
  return result
}

/** The sum of an ensemble as a share of 0 to 1, before calibration. */
export function scoreShare(ensemble: Pick<Ensemble, 'algorithm'>, score: number): number {
  return ensemble.algorithm === 'boosting' ? logistic(score) : Math.min(1, Math.max(0, score))
}

/** Predicts once. */
export function predictWith(ensemble: Ensemble, table: Table): Prediction {
  return predict(ensemble, walkOf(ensemble.trees), table)
}

function quantile(sorted: Float64Array, share: number): number {
  const place = (sorted.length - 1) * share
  const below = Math.floor(place)
  const above = Math.min(sorted.length - 1, below + 1)
  return sorted[below]! + (place - below) * (sorted[above]! - sorted[below]!)
}
