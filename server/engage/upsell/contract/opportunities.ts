import { z } from 'zod'
import { idParams, moment, pageOf, pageQuery, route } from '../../../platform/http/contract.ts'

export const upsellKinds = ['free_to_paid', 'plan_up'] as const

/** What speaks for a larger plan (UPS-1, UPS-2). */
const upsellSignals = [
  'over_limit',
  'near_limit',
  'features',
  'team',
  'heavy_user',
  'many_runs',
  'seats',
  'asks',
  'day_14',
  'day_30',
  'event',
] as const

/** Why now (UPS-3). */
export const upsellTimings = ['limit', 'renewal', 'quarter_end', 'milestone', 'event'] as const

export const upsellStatuses = ['open', 'working', 'won', 'lost', 'expired'] as const

const opportunity = z.object({
  id: z.uuid(),
  customerId: z.uuid(),
  customerName: z.string(),
  kind: z.enum(upsellKinds),
  status: z.enum(upsellStatuses),
  ownerId: z.uuid().nullable(),
  ownerName: z.string().nullable(),
  plan: z.string(),
  nextPlan: z.string(),
  users: z.number().int(),
  uses: z.number().int().meta({ description: 'In the last 30 days.' }),
  estimatedArr: z.number().meta({ description: 'Users x price a month of the next plan x 12.' }),
  currency: z.string(),
  signals: z.array(
    z.object({
      key: z.enum(upsellSignals),
      value: z.number(),
      event: z.string().optional().meta({ description: 'Its name, where an event of the company speaks.' }),
    }),
  ),
  timing: z.array(z.enum(upsellTimings)),
  contactBy: z.iso.date().nullable().meta({ description: 'Day by which the customer has to be contacted.' }),
  renewalOn: z.iso.date().nullable(),
  foundAt: moment,
})
export type UpsellOpportunity = z.output<typeof opportunity>

export const listUpsell = route({
  method: 'GET',
  path: '/api/v1/upsell',
  operation: 'listUpsell',
  summary: 'Customers to whom a larger plan can be offered, the largest estimated revenue first',
  access: 'customers.read',
  query: pageQuery.extend({
    kind: z.enum(upsellKinds).optional(),
    status: z.enum(upsellStatuses).optional().meta({ description: 'Left out: open and in hand.' }),
    timing: z.enum(upsellTimings).optional(),
    mine: z.enum(['own']).optional(),
    search: z.string().max(200).optional(),
  }),
  reply: pageOf(opportunity).extend({ total: z.number().int(), estimatedArr: z.number(), currency: z.string() }),
})

export const changeUpsell = route({
  method: 'POST',
  path: '/api/v1/upsell/change',
  operation: 'changeUpsell',
  summary: 'Say how opportunities stand: open, in hand, won, lost',
  access: 'customers.write',
  body: z.strictObject({
    ids: z.array(z.uuid()).min(1).max(5_000),
    status: z.enum(['open', 'working', 'won', 'lost']),
  }),
  reply: z.object({ changed: z.number().int() }),
})

export const returnBasis = route({
  method: 'GET',
  path: '/api/v1/upsell/customers/:id/return',
  operation: 'getReturnBasis',
  summary: 'What the return of the product for a customer is worked out from, as far as it is known',
  access: 'customers.read',
  params: idParams,
  reply: z.object({
    customerName: z.string(),
    people: z.number().int(),
    hourlyRate: z.number(),
    workPerMonth: z.number().int(),
    hoursPerWork: z.number(),
    months: z.number(),
    price: z.number(),
    currency: z.string(),
  }),
})
