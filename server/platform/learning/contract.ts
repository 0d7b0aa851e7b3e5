import { z } from 'zod'

const nullable = z.number().nullable()

/** How well probabilities told who left. Null where the measure is not defined, such as a precision of nobody. */
export const measures = z.object({
  auc: nullable,
  aucLow: nullable,
  aucHigh: nullable,
  brier: nullable,
  calibrationError: nullable,
  averagePrecision: nullable,
  /** Score from which on somebody counts as leaving; the mean of the folds' own where there are folds. */
  threshold: nullable,
  accuracy: nullable,
  precision: nullable,
  precisionLow: nullable,
  precisionHigh: nullable,
  recall: nullable,
  recallLow: nullable,
  recallHigh: nullable,
  f1: nullable,
  /** Precision if as many had left as stayed. */
  balancedPrecision: nullable,
  precisionAt: z.array(z.object({ share: z.number(), precision: nullable, captured: nullable })),
  lift10: nullable,
})

export type Measures = z.infer<typeof measures>

const methodReport = measures.extend({
  /** `model`, `other` (the other algorithm), `logistic`, `never`, or the name of a baseline. */
  name: z.string(),
  /** Rows whose rounded score is that, 0 to 100; every curve follows from it. */
  byScore: z.array(z.object({ score: z.number(), left: z.number(), stayed: z.number() })),
})

export type MethodReport = z.infer<typeof methodReport>

/** What is known of a trained model. Made on rows that it had not seen; the data are given with their prevalence. */
export const modelReport = z.object({
  algorithm: z.enum(['forest', 'boosting']),
  seed: z.number(),
  rows: z.number(),
  positives: z.number(),
  prevalence: z.number(),
  features: z.number(),
  seconds: z.number(),
  folds: z.number(),
  /** Days and rows of the back-test, on which `methods` are measured; without it they are measured by cross-validation. */
  outOfTime: z.object({ from: z.number(), to: z.number(), rows: z.number(), positives: z.number() }).nullable(),
  /** 0 to 100; chosen on rows that were held out of training and are not those that `methods` are measured on. */
  threshold: z.number(),
  methods: z.array(methodReport),
  /** The model's measures, mean of the folds. */
  crossValidation: measures,
  reliability: z.array(
    z.object({ predicted: z.number(), observed: z.number(), low: z.number(), high: z.number(), rows: z.number() }),
  ),
  calibration: z.object({ method: z.enum(['isotonic', 'platt']), rows: z.number() }),
  importance: z.array(
    z.object({
      feature: z.string(),
      share: z.number(),
      partial: z.array(
        z.object({ at: z.union([z.number(), z.string()]).nullable(), probability: z.number(), rows: z.number() }),
      ),
    }),
  ),
  /** How the training set was spread, for watching drift: one share for each bin or level, and the last for missing. */
  spread: z.array(
    z.object({
      feature: z.string(),
      edges: z.union([z.array(z.number()), z.array(z.string())]),
      shares: z.array(z.number()),
    }),
  ),
})

export type ModelReport = z.infer<typeof modelReport>
