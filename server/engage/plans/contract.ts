import { z } from 'zod'
import { day } from '../../customers/accounts/contract/customers.ts'
import { valueMetric } from '../../customers/record/contract.ts'
import { idParams, line, moment, pageOf, pageQuery, route } from '../../platform/http/contract.ts'

export const planTypes = ['ONBOARDING', 'QUARTERLY', 'ANNUAL', 'EXPANSION', 'RECOVERY'] as const
export const planStatuses = ['DRAFT', 'ACTIVE', 'COMPLETED', 'ON_HOLD', 'CANCELLED'] as const
export const milestoneStatuses = ['PENDING', 'IN_PROGRESS', 'COMPLETED', 'OVERDUE', 'CANCELLED'] as const
export const milestonePriorities = ['LOW', 'MEDIUM', 'HIGH', 'CRITICAL'] as const
/** Places of the stakeholder map (CUS-10). */
const stakeholderPlaces = ['SPONSOR', 'KEY_STAKEHOLDER', 'DAY_TO_DAY', 'TECHNICAL'] as const

const base = '/api/v1/customer-success'
const paragraph = z.string().trim().min(1).max(2_000)

const milestoneFields = {
  title: line(300),
  description: z.string().max(5_000).nullable(),
  dueOn: day.nullable(),
  status: z.enum(milestoneStatuses),
  priority: z.enum(milestonePriorities),
  ownerId: z.uuid().nullable(),
  deliverables: z.array(paragraph).max(50),
  completedOn: day.nullable(),
}
const milestone = z.object({ id: z.uuid(), planId: z.uuid(), ...milestoneFields, createdAt: moment, updatedAt: moment })
export type Milestone = z.output<typeof milestone>
const milestoneInput = z.object(milestoneFields).partial().required({ title: true })

const planFields = {
  name: line(300),
  type: z.enum(planTypes),
  status: z.enum(planStatuses),
  ownerId: z.uuid().nullable(),
  startsOn: day.nullable(),
  endsOn: day.nullable(),
  businessObjectives: z.array(paragraph).max(50),
  successMetrics: z.array(valueMetric).max(50),
  stakeholders: z
    .array(z.object({ contactId: z.uuid().nullable(), name: line(200), role: z.enum(stakeholderPlaces) }))
    .max(100),
  notes: z.string().max(20_000).nullable(),
}
const plan = z.object({
  id: z.uuid(),
  customerId: z.uuid(),
  ...planFields,
  milestones: z.array(milestone),
  createdAt: moment,
  updatedAt: moment,
})
export type SuccessPlan = z.output<typeof plan>

export const listPlans = route({
  method: 'GET',
  path: `${base}/customers/:id/success-plans`,
  operation: 'listSuccessPlans',
  summary: 'Success plans of a customer with their milestones, latest first',
  access: 'customers.read',
  params: idParams,
  query: pageQuery.extend({ status: z.enum(planStatuses).optional(), type: z.enum(planTypes).optional() }),
  reply: pageOf(plan),
})

export const createPlan = route({
  method: 'POST',
  path: `${base}/customers/:id/success-plans`,
  operation: 'createSuccessPlan',
  summary: 'Make a success plan, with milestones where they are given',
  access: 'customers.write',
  params: idParams,
  body: z
    .object({ ...planFields, milestones: z.array(milestoneInput).max(100) })
    .partial()
    .required({ name: true, type: true }),
  status: 201,
  reply: plan,
})

const planParams = z.object({ planId: z.uuid() })

export const getPlan = route({
  method: 'GET',
  path: `${base}/success-plans/:planId`,
  operation: 'getSuccessPlan',
  summary: 'A success plan with its milestones',
  access: 'customers.read',
  params: planParams,
  reply: plan,
})

export const updatePlan = route({
  method: 'PUT',
  path: `${base}/success-plans/:planId`,
  operation: 'updateSuccessPlan',
  summary: 'Change a success plan; fields that are not named stay as they are',
  access: 'customers.write',
  params: planParams,
  body: z.object(planFields).partial(),
  reply: plan,
})

export const addMilestone = route({
  method: 'POST',
  path: `${base}/success-plans/:planId/milestones`,
  operation: 'addMilestone',
  summary: 'Add a milestone to a success plan',
  access: 'customers.write',
  params: planParams,
  body: milestoneInput,
  status: 201,
  reply: milestone,
})

export const updateMilestone = route({
  method: 'PUT',
  path: `${base}/success-plans/:planId/milestones/:milestoneId`,
  operation: 'updateMilestone',
  summary: 'Change a milestone; completing it notes the day',
  access: 'customers.write',
  params: z.object({ planId: z.uuid(), milestoneId: z.uuid() }),
  body: z.object(milestoneFields).partial(),
  reply: milestone,
})
