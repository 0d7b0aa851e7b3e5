import { AppError } from '../errors/app-error.ts'
import { picked, pickRows, type Table } from './table.ts'

/** What is learned from: rows observed on a day, and what became of them. */
export interface TrainingSet {
  table: Table
  /** 1: left. */
  labels: Uint8Array
  /** The same customer has the same number, and is never divided. */
  groups: Int32Array
  /** Day number of the observation. */
  times: Int32Array
  /** Scores that exist already, to be compared with; higher is riskier, NaN is unknown. */
  baselines?: { name: string; scores: Float64Array }[]
}

/** The named rows of a set, in that order. */
export function pickSet(set: TrainingSet, rows: Int32Array): TrainingSet {
  return {
    table: pickRows(set.table, rows),
    labels: picked(set.labels, rows, Uint8Array),
    groups: picked(set.groups, rows, Int32Array),
    times: picked(set.times, rows, Int32Array),
    baselines: set.baselines?.map(({ name, scores }) => ({ name, scores: picked(scores, rows, Float64Array) })),
  }
}

/** Somebody ended the training before it was done. */
export function cancelled(): AppError {
  return new AppError('conflict', { ja: '学習を中止しました。', en: 'Training was cancelled.' })
}
