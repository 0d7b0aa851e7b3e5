import { z } from 'zod'
import { idParams, moment, pageOf, pageQuery, route } from '../../../platform/http/contract.ts'

const words = z.object({ ja: z.string(), en: z.string() })
const bases = z.enum(['model', 'rules'])
const held = z.enum(['no_model', 'young', 'no_usage'])
const confidence = z.enum(['high', 'medium', 'low'])

/** What raised or lowered the chance. */
const factor = z.object({
  feature: z.string(),
  words: words.meta({ description: 'The factor in a sentence with its values: “Login days fell from 21 to 4”.' }),
  name: words,
  value: z.union([z.number(), z.string()]).nullable(),
  before: z.number().nullable().meta({ description: 'About four weeks ago, where it was kept.' }),
  part: z.number().meta({ description: 'Percentage points that it adds to the chance; negative: that it takes away.' }),
})

const predictionLine = z.object({
  id: z.uuid().meta({ description: 'Of the customer.' }),
  name: z.string(),
  ownerId: z.uuid().nullable(),
  ownerName: z.string().nullable(),
  tierKey: z.string().nullable(),
  plan: z.string().nullable(),
  arr: z.number(),
  currency: z.string(),
  renewalOn: z.string().nullable(),
  healthScore: z.number().nullable(),
  healthLevel: z.enum(['POOR', 'FAIR', 'GOOD', 'EXCELLENT']).nullable(),
  score: z.number(),
  before7: z.number().nullable().meta({ description: 'The score a week ago.' }),
  band: z.string(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  confidence,
  basis: bases,
  held: held.nullable(),
  atStake: z.number().meta({ description: 'Yearly revenue times the chance.' }),
  factors: z.array(factor).meta({ description: 'The three that raise it most.' }),
  predictedAt: moment,
})

const listQuery = {
  band: z.string().max(200).optional().meta({ description: 'Keys of bands, with commas.' }),
  ownerId: z.uuid().optional(),
  mine: z.enum(['own', 'team']).optional(),
  tierKey: z.string().max(40).optional(),
  segmentId: z.uuid().optional(),
  basis: bases.optional(),
  held: held.optional(),
  q: z.string().trim().max(100).optional(),
  minScore: z.coerce.number().min(0).max(100).optional(),
  renewalWithin: z.coerce
    .number()
    .int()
    .min(1)
    .max(730)
    .optional()
    .meta({ description: 'Days until the renewal at most.' }),
  risen: z.coerce.number().min(1).max(100).optional().meta({ description: 'Rose by so many points in a week.' }),
}

export const listChurnPredictions = route({
  method: 'GET',
  path: '/api/v1/churn/predictions',
  operation: 'listChurnPredictions',
  summary: 'Customers by their chance of leaving, with the reasons',
  access: 'customers.read',
  query: pageQuery.extend({ ...listQuery, sort: z.enum(['score', 'at_stake', 'risen', 'renewal']).default('score') }),
  reply: pageOf(predictionLine).extend({ total: z.number().int() }),
})

export const predictChurn = route({
  method: 'POST',
  path: '/api/v1/churn/predictions',
  operation: 'predictChurn',
  summary: 'Judge everybody anew now, as happens each morning at six',
  access: 'churn.manage',
  status: 202,
  reply: z.object({ queued: z.literal(true) }),
})

const customerChurn = predictionLine.extend({
  threshold: z.number().int(),
  protective: z.array(factor).meta({ description: 'The three that lower it most.' }),
  base: z.number().nullable().meta({
    description: 'Where the parts start from: the average chance, in percent. Base and all parts add up to the chance.',
  }),
  rest: z.number().nullable().meta({ description: 'What all factors that are not listed add, in percentage points.' }),
  actions: z.array(z.object({ words, because: words })),
  history: z.array(
    z.object({
      day: z.string(),
      score: z.number(),
      band: z.string(),
      basis: bases,
      version: z.number().int().nullable(),
    }),
  ),
  model: z.object({ id: z.uuid(), version: z.number().int(), horizonDays: z.number().int() }).nullable(),
  evidence: z
    .object({ customers: z.number().int(), left: z.number().int() })
    .nullable()
    .meta({ description: 'Of a score by rules: on how much history of the company it rests.' }),
  simulable: z.array(
    z.object({
      feature: z.string(),
      name: words,
      unit: z.string().nullable(),
      value: z.union([z.number(), z.string()]).nullable(),
      choices: z.array(z.string()).nullable(),
      low: z.number().nullable().meta({ description: 'A tenth of the customers lie below.' }),
      high: z.number().nullable(),
    }),
  ),
})

export const getCustomerChurn = route({
  method: 'GET',
  path: '/api/v1/customers/:id/churn',
  operation: 'getCustomerChurn',
  summary: 'A customer’s chance of leaving: reasons for and against in words, what to do, history',
  access: 'customers.read',
  params: idParams,
  reply: customerChurn,
})

export const simulateCustomerChurn = route({
  method: 'POST',
  path: '/api/v1/customers/:id/churn/what-if',
  operation: 'simulateCustomerChurn',
  summary: 'What the model would say if some of its figures were others; nothing is stored',
  access: 'customers.read',
  params: idParams,
  body: z.strictObject({
    changes: z
      .array(
        z.strictObject({ feature: z.string().max(100), value: z.union([z.number(), z.string().max(200)]).nullable() }),
      )
      .min(1)
      .max(20),
  }),
  reply: z.object({
    before: z.number(),
    after: z.number(),
    band: z.string(),
    factors: z.array(factor),
    protective: z.array(factor),
  }),
})
