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

export const upsellSettings = z.strictObject({
  currency: z.string().regex(/^[A-Z]{3}$/),
  plans: z.array(plan).min(2).max(8).meta({ description: 'From the smallest to the largest.' }),
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
