import { z } from 'zod'
import { idParams, line, moment, route } from '../../platform/http/contract.ts'
import { day, money } from '../accounts/contract/customers.ts'

export const onboardingStatuses = ['NOT_STARTED', 'IN_PROGRESS', 'COMPLETED', 'ON_HOLD', 'CANCELLED'] as const
export const dataMigrationStatuses = ['NOT_STARTED', 'IN_PROGRESS', 'COMPLETED', 'FAILED'] as const

const paragraph = z.string().trim().min(1).max(2_000)
const percent = z.number().min(0).max(100)

/** A number that the customer wants to move, with where it was, shall be and is. */
export const valueMetric = z.object({
  name: line(200),
  unit: line(40).nullable(),
  baseline: z.number().nullable(),
  target: z.number().nullable(),
  current: z.number().nullable(),
})

const fields = {
  businessObjectives: z.array(paragraph).max(50),
  successCriteria: z.array(paragraph).max(50),
  valueMetrics: z.array(valueMetric).max(50),
  onboardingStatus: z.enum(onboardingStatuses),
  onboardingStartedOn: day.nullable(),
  onboardingTargetOn: day.nullable(),
  onboardingCompletedOn: day.nullable(),
  firstValueOn: day
    .nullable()
    .meta({ description: 'First day on which the customer had the value that it bought for.' }),
  integrationStatus: z.enum(dataMigrationStatuses),
  dataMigrationStatus: z.enum(dataMigrationStatuses),
  trainingCompletion: percent.nullable().meta({ description: 'Percent.' }),
  adoptionRate: percent.nullable().meta({ description: 'Percent.' }),
  nps: z.number().min(-100).max(100).nullable(),
  csat: z.number().min(1).max(5).nullable(),
  ces: z.number().min(1).max(7).nullable(),
  annualRevenue: money.nullable(),
  lifetimeValue: money.nullable(),
  expansionProbability: percent.nullable().meta({ description: 'Percent.' }),
  notes: z.string().max(20_000).nullable(),
}

const profile = z.object({
  customerId: z.uuid(),
  csm: z.object({ id: z.uuid(), name: z.string() }).nullable(),
  executiveSponsor: z.string().nullable(),
  ...fields,
  createdAt: moment,
  updatedAt: moment,
})
export type SuccessProfile = z.output<typeof profile>

export const getProfile = route({
  method: 'GET',
  path: '/api/v1/customer-success/customers/:id/profile',
  operation: 'getProfile',
  summary: 'The success profile of a customer',
  access: 'customers.read',
  params: idParams,
  reply: profile,
})

export const putProfile = route({
  method: 'PUT',
  path: '/api/v1/customer-success/customers/:id/profile',
  operation: 'putProfile',
  summary: 'Write the success profile; it is made where there is none, fields that are not named stay',
  access: 'customers.write',
  params: idParams,
  body: z.object({ executiveSponsor: line(200).nullable(), ...fields }).partial(),
  reply: profile,
})
