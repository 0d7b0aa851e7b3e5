import { z } from 'zod'
import { healthLevels, healthTrends } from '../../customers/accounts/contract/customers.ts'
import { idParams, line, moment, pageOf, pageQuery, route } from '../../platform/http/contract.ts'

const score = z.number().min(0).max(100)
const components = {
  engagementScore: score.nullable(),
  successScore: score.nullable(),
  satisfactionScore: score.nullable(),
  financialScore: score.nullable(),
}
const factor = z.object({
  name: line(200),
  value: z.number().nullable(),
  points: z.number().nullable(),
  note: z.string().max(500).nullable(),
})

const healthScore = z.object({
  id: z.uuid(),
  customerId: z.uuid(),
  scoredAt: moment,
  overallScore: score,
  ...components,
  level: z.enum(healthLevels),
  trend: z.enum(healthTrends),
  factors: z.array(factor),
  notes: z.string().nullable(),
  /** `stored` by somebody through the API, or `computed` by a scorecard at the end of a day. */
  source: z.enum(['stored', 'computed']),
  createdAt: moment,
})
export type HealthScore = z.output<typeof healthScore>

const path = '/api/v1/customer-success/customers/:id/health-scores'

export const listHealthScores = route({
  method: 'GET',
  path,
  operation: 'listHealthScores',
  summary: 'Health scores of a customer, latest first',
  access: 'customers.read',
  params: idParams,
  query: pageQuery.extend({
    from: moment.optional(),
    to: moment.optional(),
    source: z.enum(['stored', 'computed']).optional().meta({ description: 'Both when left out.' }),
  }),
  reply: pageOf(healthScore),
})

export const createHealthScore = route({
  method: 'POST',
  path,
  operation: 'createHealthScore',
  summary:
    'Store a health score; the customer’s health follows the latest one. Level and trend are worked out where they are missing',
  access: 'customers.write',
  params: idParams,
  body: z
    .object({
      overallScore: score,
      ...components,
      scoredAt: moment,
      level: z.enum(healthLevels),
      trend: z.enum(healthTrends),
      factors: z.array(factor).max(100),
      notes: z.string().max(5_000).nullable(),
    })
    .partial()
    .required({ overallScore: true }),
  status: 201,
  reply: healthScore,
})

export const calculateHealthScore = route({
  method: 'POST',
  path: `${path}/calculate`,
  operation: 'calculateHealthScore',
  summary:
    'Work out and store a health score from its components: engagement 30 %, success 30 %, satisfaction 20 %, financial 20 %; missing ones are left out of the weighting',
  access: 'customers.write',
  params: idParams,
  body: z
    .object({
      engagementScore: score,
      successScore: score,
      satisfactionScore: score,
      financialScore: score,
      factors: z.array(factor).max(100),
      notes: z.string().max(5_000).nullable(),
    })
    .partial(),
  status: 201,
  reply: healthScore,
})

const healthAlertKinds = ['SIGNIFICANT_DROP', 'BELOW_THRESHOLD', 'RED_ZONE'] as const

export const listHealthAlerts = route({
  method: 'GET',
  path: '/api/v1/customer-success/health-alerts',
  operation: 'listHealthAlerts',
  summary: 'Customers whose health dropped by more than 10 points, is below 60 or below 40',
  access: 'customers.read',
  query: pageQuery.extend({
    csmId: z.uuid().optional().meta({ description: 'Only customers that this member looks after.' }),
    kind: z.enum(healthAlertKinds).optional(),
  }),
  reply: pageOf(
    z.object({
      customerId: z.uuid(),
      customerName: z.string(),
      csmId: z.uuid().nullable(),
      csmName: z.string().nullable(),
      kind: z.enum(healthAlertKinds),
      score,
      previousScore: score.nullable(),
      change: z.number().nullable(),
      level: z.enum(healthLevels),
      scoredAt: moment,
    }),
  ),
})
