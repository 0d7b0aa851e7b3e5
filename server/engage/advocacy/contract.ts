import { z } from 'zod'
import { day, money } from '../../customers/accounts/contract/customers.ts'
import { idParams, line, moment, pageOf, pageQuery, route } from '../../platform/http/contract.ts'

export const advocacyTypes = [
  'CASE_STUDY',
  'TESTIMONIAL',
  'REFERENCE_CALL',
  'SPEAKER_EVENT',
  'PRESS_RELEASE',
  'WEBINAR',
  'USER_GROUP',
  'ADVISORY_BOARD',
] as const
export const advocacyStatuses = ['PENDING', 'REQUESTED', 'IN_PROGRESS', 'COMPLETED', 'DECLINED', 'CANCELLED'] as const

const base = '/api/v1/customer-success'
const link = z
  .url({ protocol: /^https?$/ })
  .max(2_000)
  .nullable()

const fields = {
  type: z.enum(advocacyTypes),
  status: z.enum(advocacyStatuses),
  title: line(300),
  description: z.string().max(10_000).nullable(),
  contactId: z.uuid().nullable(),
  contactName: line(200).nullable(),
  requestedOn: day.nullable(),
  completedOn: day.nullable(),
  outcome: z.string().max(10_000).nullable(),
  value: money.nullable().meta({ description: 'What it was worth, in the customer’s currency.' }),
  caseStudyUrl: link,
  testimonialUrl: link,
}
const activity = z.object({ id: z.uuid(), customerId: z.uuid(), ...fields, createdAt: moment, updatedAt: moment })
export type AdvocacyActivity = z.output<typeof activity>

export const listActivities = route({
  method: 'GET',
  path: `${base}/customers/:id/advocacy-activities`,
  operation: 'listAdvocacyActivities',
  summary: 'Advocacy activities of a customer, latest first',
  access: 'customers.read',
  params: idParams,
  query: pageQuery.extend({ type: z.enum(advocacyTypes).optional(), status: z.enum(advocacyStatuses).optional() }),
  reply: pageOf(activity),
})

export const createActivity = route({
  method: 'POST',
  path: `${base}/customers/:id/advocacy-activities`,
  operation: 'createAdvocacyActivity',
  summary: 'Enter an advocacy activity',
  access: 'customers.write',
  params: idParams,
  body: z.object(fields).partial().required({ type: true, title: true }),
  status: 201,
  reply: activity,
})

export const updateActivity = route({
  method: 'PUT',
  path: `${base}/advocacy-activities/:activityId`,
  operation: 'updateAdvocacyActivity',
  summary: 'Change an advocacy activity; completing it notes the day',
  access: 'customers.write',
  params: z.object({ activityId: z.uuid() }),
  body: z.object(fields).partial(),
  reply: activity,
})
