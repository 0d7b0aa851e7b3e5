import { z } from 'zod'
import { idParams, line, moment, route } from '../../../platform/http/contract.ts'
import { customerTiers } from './customers.ts'

export const tierMeasures = ['annual_revenue', 'monthly_revenue', 'plan', 'licences'] as const

const tier = z.object({
  key: z.string().regex(/^[a-z][a-z0-9_]{0,30}$/),
  category: z.enum(customerTiers).meta({ description: 'What it is called in the API of record.' }),
  ja: line(60),
  en: line(60),
  minimum: z.number().min(0).max(1e12).optional().meta({ description: 'From this revenue or licence count on.' }),
  plans: z.array(line(60)).max(50).optional().meta({ description: 'For the measure `plan`: compared in lower case.' }),
  seats: z
    .number()
    .int()
    .min(1)
    .optional()
    .meta({ description: 'Seats that it includes; without it there is no limit.' }),
  csmRatio: z
    .number()
    .int()
    .min(1)
    .max(100_000)
    .nullable()
    .meta({ description: 'Customers per CSM; null where pooled or automated.' }),
  responseHours: z.number().min(0).max(1_000).nullable().meta({ description: 'First answer of support, in hours.' }),
  onboardingDays: z.number().int().min(1).max(1_000).optional(),
  touchJa: z.string().max(200),
  touchEn: z.string().max(200),
})
export type Tier = z.output<typeof tier>

const model = z.object({
  preset: z.string().max(40),
  measure: z.enum(tierMeasures),
  currency: z.string().regex(/^[A-Z]{3}$/),
  rates: z
    .record(z.string().regex(/^[A-Z]{3}$/), z.number().positive().max(1e9))
    .meta({ description: 'What one unit of another currency is worth here, for this rule only.' }),
  tiers: z.array(tier).min(1).max(12).meta({ description: 'Lowest tier first.' }),
})
export type TierModel = z.output<typeof model>

/** The tiers as they stand in a blueprint, whose name is that of the preset. */
export const tiersItem = z.strictObject(model.omit({ preset: true }).shape)

export const getTierModel = route({
  method: 'GET',
  path: '/api/v1/tiers',
  operation: 'getTierModel',
  summary: 'The tiers of the company, the rule that assigns them, how many customers each has, and the presets',
  access: 'customers.read',
  reply: z.object({
    model,
    counts: z.array(z.object({ key: z.string().nullable(), customers: z.number().int(), pinned: z.number().int() })),
    presets: z.array(model),
  }),
})

const move = z.object({ from: z.string().nullable(), to: z.string().nullable(), customers: z.number().int() })

export const previewTierModel = route({
  method: 'POST',
  path: '/api/v1/tiers/preview',
  operation: 'previewTierModel',
  summary: 'How many customers would move between which tiers under another rule; changes nothing',
  access: 'tiers.manage',
  body: model,
  reply: z.object({
    moves: z.array(move),
    samples: z.array(
      z.object({ id: z.uuid(), name: z.string(), from: z.string().nullable(), to: z.string().nullable() }),
    ),
  }),
})

export const setTierModel = route({
  method: 'PUT',
  path: '/api/v1/tiers',
  operation: 'setTierModel',
  summary: 'Set the tiers and their rule; every customer is judged anew',
  access: 'tiers.manage',
  body: model,
  reply: z.object({ moves: z.array(move) }),
})

export const pinTier = route({
  method: 'PUT',
  path: '/api/v1/customers/:id/tier',
  operation: 'pinTier',
  summary: 'Put a customer into a tier by hand, or give it back to the rule with null',
  access: 'customers.write',
  params: idParams,
  body: z.object({ tierKey: z.string().max(40).nullable(), note: line(500).optional() }),
  reply: null,
})

export const listHistory = route({
  method: 'GET',
  path: '/api/v1/customers/:id/history',
  operation: 'listCustomerHistory',
  summary: 'Who looked after a customer, its tier, status and parent, from when to when',
  access: 'customers.read',
  params: idParams,
  query: z.object({ field: z.enum(['owner', 'tier', 'status', 'parent']).optional() }),
  reply: z.object({
    items: z.array(
      z.object({
        id: z.uuid(),
        at: moment,
        field: z.string(),
        from: z.string().nullable(),
        to: z.string().nullable(),
        cause: z.string(),
        actorId: z.uuid().nullable(),
        actorName: z.string().nullable(),
        note: z.string().nullable(),
      }),
    ),
  }),
})
