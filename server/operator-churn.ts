import { z } from 'zod'
import { type PositiveReason, readChurnFile } from './operator-churn-file.ts'
import { checked } from './operator-wishes.ts'
import type { Measures } from './platform/learning/contract.ts'
import { compareInThread } from './platform/learning/thread.ts'
import { proposedOf } from './platform/learning/training.ts'

const evaluateWish = z.object({
  file: z.string(),
  target: z.string(),
  /** The value of the target that means leaving; found by its meaning without it. */
  positive: z.string().optional(),
  seed: z.coerce.number().int().min(0).max(2_000_000_000),
  trees: z.coerce.number().int().min(10).max(2_000),
})

/** How well models of a file's rows tell who leaves. */
export interface ChurnEvaluation {
  file: string
  target: string
  positive: string
  positiveReason: PositiveReason
  rows: number
  /** Rows that do not say what became of them. */
  leftOut: number
  positives: number
  prevalence: number
  seed: number
  folds: number
  columns: { name: string; kind: 'number' | 'category' }[]
  refused: { name: string; reason: string; auc?: number }[]
  /** Mean of the folds, the calibration error over all of them together; `seconds` of learning in all of them, without what the other methods take. */
  methods: (Measures & { name: string; seconds: number })[]
  proposed: string
  /** From reading the file to the end. */
  seconds: number
}

const folds = 5

/**
 * Evaluates models on a flat file by five stratified folds, without any company.
 * @throws AppError `not_found` for the file, `invalid_input` for what cannot be learned from
 */
export async function evaluateChurnFile(
  wish: z.input<typeof evaluateWish>,
  tell: (share: number) => void,
): Promise<ChurnEvaluation> {
  const began = performance.now()
  const { file, target, positive, seed, trees } = checked(evaluateWish, wish)
  const read = await readChurnFile(file, target, positive)
  const { table, labels } = read
  const groups = Int32Array.from(labels, (_, row) => row)
  const set = { table, labels, groups, times: new Int32Array(labels.length) }
  const shares = [0, 0]
  // A thread each: the two take about as long.
  const [forest, boosting] = await Promise.all(
    (['forest', 'boosting'] as const).map((algorithm, place) =>
      compareInThread(
        set,
        { seed, trees, folds, algorithms: [algorithm] },
        {
          onProgress: share => {
            shares[place] = share
            tell((shares[0]! + shares[1]!) / 2)
          },
        },
      ),
    ),
  )
  const comparison = [forest!.comparison[0]!, ...boosting!.comparison]
  const positives = labels.reduce((sum, label) => sum + label, 0)
  return {
    file,
    target: read.target,
    positive: read.positive,
    positiveReason: read.positiveReason,
    rows: labels.length,
    leftOut: read.leftOut,
    positives,
    prevalence: positives / labels.length,
    seed,
    folds,
    columns: table.columns
      .filter(({ name }) => !forest!.refused.some(refused => refused.name === name))
      .map(({ name, kind }) => ({ name, kind })),
    refused: forest!.refused,
    methods: comparison.map(({ name, crossValidation, seconds }) => ({ name, ...crossValidation, seconds })),
    proposed: proposedOf(comparison, ['forest', 'boosting']),
    seconds: (performance.now() - began) / 1_000,
  }
}
