import { z } from 'zod'
import { day } from '../../customers/accounts/contract/customers.ts'
import { idParams, line, moment, pageOf, pageQuery, route } from '../../platform/http/contract.ts'

export const reviewTypes = ['WEEKLY', 'MONTHLY', 'QUARTERLY', 'ANNUAL', 'EXECUTIVE', 'STRATEGIC'] as const

const base = '/api/v1/customer-success'
const points = z.array(z.string().trim().min(1).max(2_000)).max(100)

const fields = {
  type: z.enum(reviewTypes),
  scheduledAt: moment,
  heldAt: moment.nullable(),
  agenda: points,
  attendees: points,
  achievements: points,
  challenges: points,
  metricsReview: z
    .array(z.object({ name: line(200), value: z.number().nullable(), target: z.number().nullable() }))
    .max(100),
  goalsProgress: z.string().max(10_000).nullable(),
  decisions: points,
  actionItems: z
    .array(z.object({ title: line(500), ownerId: z.uuid().nullable(), dueOn: day.nullable(), done: z.boolean() }))
    .max(100),
  nextSteps: z.string().max(10_000).nullable(),
  overallRating: z.number().int().min(1).max(5).nullable(),
  feedback: z.string().max(10_000).nullable(),
  followUpOn: day.nullable(),
}
const review = z.object({ id: z.uuid(), customerId: z.uuid(), ...fields, createdAt: moment, updatedAt: moment })
export type BusinessReview = z.output<typeof review>

export const listReviews = route({
  method: 'GET',
  path: `${base}/customers/:id/business-reviews`,
  operation: 'listBusinessReviews',
  summary: 'Business reviews of a customer, latest first',
  access: 'customers.read',
  params: idParams,
  query: pageQuery.extend({ type: z.enum(reviewTypes).optional() }),
  reply: pageOf(review),
})

export const createReview = route({
  method: 'POST',
  path: `${base}/customers/:id/business-reviews`,
  operation: 'createBusinessReview',
  summary: 'Plan a business review or write one down',
  access: 'customers.write',
  params: idParams,
  body: z.object(fields).partial().required({ type: true, scheduledAt: true }),
  status: 201,
  reply: review,
})

export const updateReview = route({
  method: 'PUT',
  path: `${base}/business-reviews/:reviewId`,
  operation: 'updateBusinessReview',
  summary: 'Change a business review; fields that are not named stay as they are',
  access: 'customers.write',
  params: z.object({ reviewId: z.uuid() }),
  body: z.object(fields).partial(),
  reply: review,
})
