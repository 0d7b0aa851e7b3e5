import { z } from 'zod'
import { line, route } from '../../../platform/http/contract.ts'

const plan = z.strictObject({
  name: line(60).meta({ description: 'As customers have it; compared in lower case.' }),
  pricePerUser: z.number().min(0).max(1e9).meta({ description: 'A month.' }),
  monthlyLimit: z
    .number()
    .int()
    .min(1)
    .max(1e9)
    .nullable()
    .meta({ description: 'Uses a month that it includes; null: no limit.' }),
})

export const eventMeanings = ['signal', 'milestone', 'event'] as const
export const eventPlans = ['free', 'paid', 'any'] as const

const noticedEvent = z.strictObject({
  event: line(200).meta({ description: 'Name of the event, or page:name, screen:name.' }),
  meaning: z.enum(eventMeanings).meta({
    description: 'signal: speaks for a larger plan by itself; milestone, event: only says that now is a good time.',
  }),
  plan: z.enum(eventPlans).meta({ description: 'Customers of a plan without price, of one with a price, or of both.' }),
  times: z.number().int().min(1).max(1e6),
  days: z.number().int().min(1).max(365).meta({ description: 'In so many last days, today included.' }),
})
export type NoticedEvent = z.output<typeof noticedEvent>

export const upsellSettings = z.strictObject({
  currency: z.string().regex(/^[A-Z]{3}$/),
  plans: z.array(plan).min(2).max(8).meta({ description: 'From the smallest to the largest.' }),
  events: z.array(noticedEvent).max(30).meta({ description: 'What customers do that speaks for a larger plan.' }),
  hourlyRate: z.number().min(0).max(1e7),
  hoursPerWork: z.number().min(0).max(1_000),
  months: z.number().min(1).max(12),
  channel: z.string().max(61).nullable().meta({ description: 'Key of a channel that is told of every opportunity.' }),
})
export type UpsellSettings = z.output<typeof upsellSettings>

export const getUpsellSettings = route({
  method: 'GET',
  path: '/api/v1/upsell/settings',
  operation: 'getUpsellSettings',
  summary: 'Plans with their prices, and what the return is worked out with',
  access: 'customers.read',
  reply: upsellSettings,
})

export const putUpsellSettings = route({
  method: 'PUT',
  path: '/api/v1/upsell/settings',
  operation: 'putUpsellSettings',
  summary: 'Set plans with their prices, and what the return is worked out with',
  access: 'tiers.manage',
  body: upsellSettings,
  reply: upsellSettings,
})
