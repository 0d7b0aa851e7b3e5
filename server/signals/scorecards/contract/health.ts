import { z } from 'zod'
import { idParams, line, moment, pageOf, pageQuery, route } from '../../../platform/http/contract.ts'
import { scorecardDefinition } from './definition.ts'

const words = z.object({ ja: z.string(), en: z.string() })
const score = z.number().min(0).max(100)

const factorState = z.object({
  key: z.string(),
  nameJa: z.string(),
  nameEn: z.string(),
  /** Points out of 100 that it could add (0: it is unknown and left out), and that it adds. */
  weight: z.number(),
  points: z.number(),
  score: z.number().nullable(),
  input: z.number().nullable(),
  unit: z.string().nullable(),
  /** Day of the last fact behind it; null where facts carry no day of their own. */
  asOf: z.string().nullable(),
  /** Older than the scorecard allows. */
  stale: z.boolean(),
  source: z.enum(['metric', 'manual', 'field']),
  sourceKey: z.string(),
})

export const customerHealth = route({
  method: 'GET',
  path: '/api/v1/customers/:id/health',
  operation: 'customerHealth',
  summary:
    'The health of a customer now or on a past day: score, band, factors, coverage, history with the versions of the scorecard',
  access: 'customers.read',
  params: idParams,
  query: z.object({ day: z.iso.date().optional() }),
  reply: z.object({
    day: z.string().nullable(),
    computedAt: moment.nullable(),
    score: z.number().nullable(),
    raw: z.number().nullable(),
    band: z.string().nullable(),
    coverage: z.number(),
    exception: words.nullable(),
    override: z
      .object({
        id: z.uuid(),
        score,
        reason: z.string(),
        setByName: z.string().nullable(),
        setAt: moment,
        expiresOn: z.string(),
      })
      .nullable(),
    scorecard: z
      .object({
        id: z.uuid(),
        nameJa: z.string(),
        nameEn: z.string(),
        version: z.number().int(),
        bands: scorecardDefinition.shape.bands,
      })
      .nullable(),
    factors: z.array(factorState),
    measures: z.array(
      z.object({
        key: z.string(),
        nameJa: z.string(),
        nameEn: z.string(),
        value: z.number().nullable(),
        note: z.string().nullable(),
        measuredByName: z.string().nullable(),
        measuredAt: moment.nullable(),
        expiresOn: z.string().nullable(),
      }),
    ),
    history: z.array(
      z.object({
        day: z.string(),
        score: z.number().nullable(),
        band: z.string().nullable(),
        version: z.number().int(),
      }),
    ),
  }),
})

export const healthChanges = route({
  method: 'GET',
  path: '/api/v1/customers/:id/health/changes',
  operation: 'healthChanges',
  summary: 'What changed between two days, and why: by factor, in words',
  access: 'customers.read',
  params: idParams,
  query: z.object({
    from: z.iso.date().optional().meta({ description: 'Four weeks ago when left out.' }),
    to: z.iso.date().optional(),
  }),
  reply: z.object({
    from: z.object({ day: z.string(), score: z.number().nullable() }).nullable(),
    to: z.object({ day: z.string(), score: z.number().nullable() }).nullable(),
    causes: z.array(z.object({ key: z.string(), change: z.number(), words })),
  }),
})

export const overrideHealth = route({
  method: 'POST',
  path: '/api/v1/customers/:id/health/override',
  operation: 'overrideHealth',
  summary: 'Set the score by hand, with the reason, until a day',
  access: 'customers.write',
  params: idParams,
  body: z.strictObject({ score, reason: line(500), expiresOn: z.iso.date() }),
  reply: z.object({ id: z.uuid() }),
})

export const endHealthOverride = route({
  method: 'DELETE',
  path: '/api/v1/customers/:id/health/override',
  operation: 'endHealthOverride',
  summary: 'Give the score back to the scorecard',
  access: 'customers.write',
  params: idParams,
  reply: null,
})

export const measureHealth = route({
  method: 'POST',
  path: '/api/v1/customers/:id/health/measures',
  operation: 'measureHealth',
  summary: 'Judge a factor by hand, for so long',
  access: 'customers.write',
  params: idParams,
  body: z.strictObject({
    key: z.string().regex(/^[a-z][a-z0-9_]{0,40}$/),
    value: score,
    note: z.string().max(500).nullable().default(null),
    expiresOn: z.iso.date().nullable().default(null),
  }),
  reply: z.object({ id: z.uuid() }),
})

export const recalculate = route({
  method: 'POST',
  path: '/api/v1/health/recalculate',
  operation: 'recalculateHealth',
  summary: 'Work out figures and health anew: of some customers at once, of all in the background',
  access: 'customers.write',
  body: z.strictObject({ customerIds: z.array(z.uuid()).max(1_000).optional() }),
  reply: z.object({ customers: z.number().int().nullable(), changed: z.number().int().nullable() }),
})

const share = z.object({
  key: z.string().nullable(),
  name: z.string().nullable(),
  customers: z.number().int(),
  mean: z.number().nullable(),
  /** Customers by colour of their band: green, yellow, orange, red. */
  colours: z.record(z.string(), z.number().int()),
})

export const healthOverview = route({
  method: 'GET',
  path: '/api/v1/health/overview',
  operation: 'healthOverview',
  summary: 'Health of the whole portfolio: distribution, the last 90 days, by tier, by segment and by CSM',
  access: 'customers.read',
  query: z.object({ ownerId: z.uuid().optional(), mine: z.enum(['own', 'team']).optional() }),
  reply: z.object({
    customers: z.number().int(),
    scored: z.number().int(),
    mean: z.number().nullable(),
    coverage: z.number().nullable(),
    computedAt: moment.nullable(),
    bands: z.array(
      z.object({
        band: z.string(),
        nameJa: z.string(),
        nameEn: z.string(),
        colour: z.string(),
        customers: z.number().int(),
        /** By currency; null where there is none. */
        arr: z.array(z.object({ currency: z.string(), amount: z.number() })).nullable(),
      }),
    ),
    trend: z.array(
      z.object({
        day: z.string(),
        mean: z.number().nullable(),
        customers: z.number().int(),
        colours: z.record(z.string(), z.number().int()),
      }),
    ),
    byTier: z.array(share),
    bySegment: z.array(share),
    byOwner: z.array(share),
    markers: z.array(z.object({ day: z.string(), nameJa: z.string(), nameEn: z.string(), version: z.number().int() })),
  }),
})

export const healthMovers = route({
  method: 'GET',
  path: '/api/v1/health/movers',
  operation: 'healthMovers',
  summary: 'Customers whose score moved most in the last days, with the causes in words',
  access: 'customers.read',
  query: pageQuery.extend({
    days: z.coerce.number().int().min(1).max(120).default(28),
    direction: z.enum(['down', 'up']).default('down'),
    mine: z.enum(['own', 'team']).optional(),
  }),
  reply: pageOf(
    z.object({
      id: z.uuid(),
      name: z.string(),
      ownerName: z.string().nullable(),
      arr: z.number(),
      currency: z.string(),
      score: z.number(),
      before: z.number(),
      change: z.number(),
      causes: z.array(z.object({ key: z.string(), change: z.number(), words })),
    }),
  ),
})
