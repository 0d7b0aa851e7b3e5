import { z } from 'zod'
import { idParams, moment, route } from '../../../platform/http/contract.ts'
import { modelReport } from '../../../platform/learning/contract.ts'
import { churnSettings } from './settings.ts'

export const algorithms = ['forest', 'boosting'] as const
export type Algorithm = (typeof algorithms)[number]

const words = z.object({ ja: z.string(), en: z.string() })
const algorithm = z.enum(algorithms)

/** A version in the list. */
const modelLine = z.object({
  id: z.uuid(),
  version: z.number().int(),
  state: z.enum(['training', 'ready', 'live', 'retired', 'rejected', 'failed', 'cancelled']),
  algorithm: algorithm.nullable().meta({ description: 'Serves, or is proposed.' }),
  horizonDays: z.number().int(),
  rows: z.number().int().nullable().meta({ description: 'Observations: a customer on a day.' }),
  positives: z.number().int().nullable().meta({ description: 'Of them, those who left within the horizon.' }),
  auc: z.number().nullable(),
  brier: z.number().nullable(),
  stage: z.enum(['gathering', 'cross-validation', 'back-test', 'model']).nullable(),
  progress: z.number(),
  cancelling: z.boolean(),
  fault: words.nullable(),
  requestedBy: z.string().nullable(),
  createdAt: moment,
  trainedAt: moment.nullable(),
  liveAt: moment.nullable(),
})

const model = modelLine.extend({
  settings: churnSettings,
  seed: z.number().int(),
  days: z.array(z.string()).meta({ description: 'Days on which customers were looked at.' }),
  refused: z.array(
    z.object({
      name: z.string(),
      words,
      reason: z.enum(['leak', 'identifier', 'constant', 'empty']),
      auc: z.number().nullable(),
    }),
  ),
  reports: z.object({ forest: modelReport.nullable(), boosting: modelReport.nullable() }),
  features: z
    .array(z.object({ name: z.string(), words, unit: z.string().nullable() }))
    .meta({ description: 'What the report calls by name, in words.' }),
})

const base = '/api/v1/churn/models'

export const listChurnModels = route({
  method: 'GET',
  path: base,
  operation: 'listChurnModels',
  summary: 'Versions of the model, the latest first',
  access: 'customers.read',
  reply: z.object({ items: z.array(modelLine) }),
})

export const trainChurnModel = route({
  method: 'POST',
  path: base,
  operation: 'trainChurnModel',
  summary: 'Train a new version in the background; the one that serves goes on serving',
  access: 'churn.manage',
  body: z.strictObject({ seed: z.number().int().min(1).max(2_000_000_000).default(1) }),
  status: 202,
  reply: modelLine,
})

export const getChurnModel = route({
  method: 'GET',
  path: `${base}/:id`,
  operation: 'getChurnModel',
  summary: 'One version with the report of both kinds of trees',
  access: 'customers.read',
  params: idParams,
  reply: model,
})

export const cancelChurnTraining = route({
  method: 'POST',
  path: `${base}/:id/cancel`,
  operation: 'cancelChurnTraining',
  summary: 'Stop a training',
  access: 'churn.manage',
  params: idParams,
  reply: modelLine,
})

export const promoteChurnModel = route({
  method: 'POST',
  path: `${base}/:id/promote`,
  operation: 'promoteChurnModel',
  summary: 'Let a version serve: a new one, or one of before (roll back); everybody is judged anew',
  access: 'churn.manage',
  params: idParams,
  body: z.strictObject({ algorithm: algorithm.optional().meta({ description: 'The proposed one without it.' }) }),
  reply: modelLine,
})

export const rejectChurnModel = route({
  method: 'POST',
  path: `${base}/:id/reject`,
  operation: 'rejectChurnModel',
  summary: 'Note that a trained version is not wanted',
  access: 'churn.manage',
  params: idParams,
  reply: modelLine,
})

/** Why there is no model, or why a new one is due. */
const readiness = z.object({
  observations: z.number().int(),
  left: z.number().int().meta({ description: 'Customers that left and whose days before it are known.' }),
  neededLeft: z.number().int(),
  stayed: z.number().int(),
  neededStayed: z.number().int(),
  monthsOfHistory: z.number(),
  neededMonths: z.number(),
  ready: z.boolean(),
})

export const churnOverview = route({
  method: 'GET',
  path: '/api/v1/churn',
  operation: 'churnOverview',
  summary: 'What serves, how customers are spread over the bands, who is not judged and why, drift, what is missing',
  access: 'customers.read',
  reply: z.object({
    live: modelLine.nullable(),
    training: modelLine.nullable(),
    waiting: modelLine.nullable().meta({ description: 'The latest trained version nobody has decided about.' }),
    readiness: readiness.nullable().meta({ description: 'While no model serves and none is trained.' }),
    threshold: z.number().int(),
    predictedAt: moment.nullable(),
    customers: z.number().int(),
    warned: z.number().int().meta({ description: 'Customers at or above the threshold.' }),
    bands: z.array(
      z.object({ key: z.string(), customers: z.number().int(), arr: z.number(), before7: z.number().int() }),
    ),
    held: z.object({ no_model: z.number().int(), young: z.number().int(), no_usage: z.number().int() }),
    expected: z
      .number()
      .meta({ description: 'Customers expected to leave within the horizon: the sum of the chances.' }),
    arrAtRisk: z
      .number()
      .meta({ description: 'Yearly revenue times the chance, added up; in the company’s currency.' }),
    medianArr: z.number().nullable(),
    currency: z.string(),
    drift: z
      .object({
        day: z.string(),
        stability: z
          .number()
          .meta({ description: 'Population stability index; from 0.1 on noticeable, from 0.25 on large.' }),
        features: z.array(z.object({ name: z.string(), words, index: z.number() })),
        judged: z.number().int(),
        left: z.number().int(),
        expected: z.number(),
      })
      .nullable(),
    retrain: z
      .array(z.enum(['age', 'drift', 'calibration', 'definition', 'first']))
      .meta({ description: 'Why a new training is proposed.' }),
  }),
})

export const churnReasons = route({
  method: 'GET',
  path: '/api/v1/churn/reasons',
  operation: 'listChurnReasons',
  summary: 'Recorded reasons of those who left, the most frequent first',
  access: 'customers.read',
  query: z.object({ months: z.coerce.number().int().min(1).max(60).default(12) }),
  reply: z.object({
    left: z.number().int(),
    withReason: z.number().int(),
    items: z.array(z.object({ reason: z.string(), customers: z.number().int(), arr: z.number() })),
  }),
})
