import { z } from 'zod'
import { customerStatuses, customerTiers } from '../../customers/accounts/contract/customers.ts'
import { route } from '../../platform/http/contract.ts'

const count = z.number().int()
const average = z.number().nullable()
const money = z.array(z.object({ currency: z.string(), amount: z.number() }))
const base = '/api/v1/customer-success'

export const getStatistics = route({
  method: 'GET',
  path: `${base}/statistics`,
  operation: 'getStatistics',
  summary:
    'Customers by tier and status, mean health, revenue and lifetime value, at-risk, churned and onboarding counts, mean adoption, NPS, CSAT',
  access: 'customers.read',
  reply: z.object({
    totalCustomers: count,
    customersByTier: z.record(z.enum(customerTiers), count),
    customersByStatus: z.record(z.enum(customerStatuses), count),
    averageHealthScore: average,
    totalAnnualRevenue: z
      .number()
      .meta({ description: 'In the company’s currency; other currencies stand in annualRevenueByCurrency.' }),
    totalLifetimeValue: z.number(),
    currency: z.string(),
    annualRevenueByCurrency: money,
    lifetimeValueByCurrency: money,
    atRiskCustomers: count,
    churnedCustomers: count,
    onboardingCustomers: count,
    averageAdoptionRate: average,
    averageNps: average,
    averageCsat: average,
  }),
})

export const getOnboardingMetrics = route({
  method: 'GET',
  path: `${base}/onboarding-metrics`,
  operation: 'getOnboardingMetrics',
  summary: 'Onboarding: how many, how long, time to value, training, success rate',
  access: 'customers.read',
  reply: z.object({
    totalOnboarding: count,
    completedOnboarding: count,
    inProgress: count,
    onHold: count,
    cancelled: count,
    overdue: count,
    averageTimeToValueDays: average,
    averageOnboardingDays: average,
    trainingCompletionRate: average,
    onboardingSuccessRate: average.meta({ description: 'Percent of the finished ones that were completed.' }),
  }),
})

export const getAdvocacyMetrics = route({
  method: 'GET',
  path: `${base}/advocacy-metrics`,
  operation: 'getAdvocacyMetrics',
  summary: 'Advocates, case studies, testimonials, reference calls, success rate',
  access: 'customers.read',
  reply: z.object({
    totalAdvocates: count.meta({ description: 'Customers with at least one completed activity.' }),
    activeActivities: count,
    caseStudiesPublished: count,
    testimonialsCollected: count,
    referenceCallsCompleted: count,
    advocacySuccessRate: average.meta({ description: 'Percent of the finished ones that were completed.' }),
    byType: z.array(z.object({ type: z.string(), total: count, completed: count })),
  }),
})
