import { z } from 'zod'
import { condition } from '../../../catalog/conditions/contract.ts'
import { idParams, line, moment, pageOf, pageQuery, route } from '../../../platform/http/contract.ts'
import { scorecardDefinition } from './definition.ts'

const base = '/api/v1/health/scorecards'
const states = ['draft', 'enabled', 'archived'] as const

const key = z.string().regex(/^[a-z][a-z0-9_-]{0,62}$/)

/** A scorecard as it stands in a blueprint. */
export const scorecardItem = z.strictObject({
  key,
  nameJa: line(100),
  nameEn: line(100),
  state: z.enum(['draft', 'enabled']).default('enabled'),
  position: z.number().int().min(0).max(1_000).default(1),
  condition: condition.nullable().default(null),
  definition: scorecardDefinition,
})

const scorecard = z.object({
  id: z.uuid(),
  key: z.string(),
  nameJa: z.string(),
  nameEn: z.string(),
  state: z.enum(states),
  position: z.number().int(),
  condition: condition.nullable(),
  /** As it counts; null before it was published. */
  definition: scorecardDefinition.nullable(),
  /** What is being worked on; null: as published. */
  draft: scorecardDefinition.nullable(),
  version: z.number().int(),
  customers: z.number().int(),
  meanScore: z.number().nullable(),
})

export const listScorecards = route({
  method: 'GET',
  path: base,
  operation: 'listScorecards',
  summary: 'Scorecards in the order in which they are tried for a customer',
  access: 'customers.read',
  reply: z.object({
    items: z.array(scorecard),
    /** Ready-made ones to begin with. */
    presets: z.array(
      z.object({ key: z.string(), nameJa: z.string(), nameEn: z.string(), definition: scorecardDefinition }),
    ),
  }),
})

export const createScorecard = route({
  method: 'POST',
  path: base,
  operation: 'createScorecard',
  summary: 'Make a scorecard as a draft',
  access: 'health.manage',
  body: z.strictObject({
    key: key.optional(),
    nameJa: line(100),
    nameEn: line(100),
    condition: condition.nullable().default(null),
    definition: scorecardDefinition,
  }),
  status: 201,
  reply: scorecard,
})

export const getScorecard = route({
  method: 'GET',
  path: `${base}/:id`,
  operation: 'getScorecard',
  summary: 'One scorecard',
  access: 'customers.read',
  params: idParams,
  reply: scorecard,
})

export const updateScorecard = route({
  method: 'PATCH',
  path: `${base}/:id`,
  operation: 'updateScorecard',
  summary: 'Change names, order, whom it is for, state, or the draft; what counts changes when it is published',
  access: 'health.manage',
  params: idParams,
  body: z.strictObject({
    nameJa: line(100).optional(),
    nameEn: line(100).optional(),
    position: z.number().int().min(0).max(1_000).optional(),
    condition: condition.nullable().optional(),
    state: z.enum(states).optional(),
    draft: scorecardDefinition.nullable().optional(),
  }),
  reply: scorecard,
})

export const publishScorecard = route({
  method: 'POST',
  path: `${base}/:id/publish`,
  operation: 'publishScorecard',
  summary: 'Make the draft the version that counts, and score everybody anew',
  access: 'health.manage',
  params: idParams,
  body: z.strictObject({ note: z.string().max(500).nullable().default(null) }),
  reply: scorecard,
})

export const deleteScorecard = route({
  method: 'DELETE',
  path: `${base}/:id`,
  operation: 'deleteScorecard',
  summary: 'Delete a scorecard that is not enabled, with its versions; scores of the past stay',
  access: 'health.manage',
  params: idParams,
  reply: null,
})

export const listScorecardVersions = route({
  method: 'GET',
  path: `${base}/:id/versions`,
  operation: 'listScorecardVersions',
  summary: 'Versions of a scorecard, latest first',
  access: 'customers.read',
  params: idParams,
  reply: z.object({
    items: z.array(
      z.object({
        version: z.number().int(),
        definition: scorecardDefinition,
        note: z.string().nullable(),
        publishedByName: z.string().nullable(),
        publishedAt: moment,
      }),
    ),
  }),
})

/** Customers by colour of their band: green, yellow, orange, red. */
const colours = z.record(z.string(), z.number().int())

const draftOn = z.strictObject({
  definition: scorecardDefinition,
  day: z.iso.date().optional().meta({ description: 'A past day; today when left out.' }),
})

const change = z.object({
  id: z.uuid(),
  name: z.string(),
  from: z.number().nullable(),
  to: z.number().nullable(),
  fromBand: z.string().nullable(),
  toBand: z.string().nullable(),
})

export const previewScorecard = route({
  method: 'POST',
  path: `${base}/:id/preview`,
  operation: 'previewScorecard',
  summary:
    'What a changed definition would do to today’s scores: who moves between which bands, and what it would have said of past days',
  access: 'customers.read',
  params: idParams,
  body: draftOn.extend({ history: z.boolean().default(false) }),
  reply: z.object({
    /** The day that was compared: the last kept one until the day asked for. */
    day: z.string(),
    customers: z.number().int(),
    /** Those who change their band; `matrix` has those who stay as well. */
    moves: z.array(z.object({ from: z.string().nullable(), to: z.string().nullable(), customers: z.number().int() })),
    matrix: z.array(z.object({ from: z.string().nullable(), to: z.string().nullable(), customers: z.number().int() })),
    /** Customers that would fall below these scores, and those that would come back above them. */
    thresholds: z.array(z.object({ below: z.number(), falling: z.number().int(), rising: z.number().int() })),
    meanBefore: z.number().nullable(),
    meanAfter: z.number().nullable(),
    largest: z.array(change),
    series: z.array(
      z.object({
        day: z.string(),
        before: z.number().nullable(),
        after: z.number().nullable(),
        coloursBefore: colours,
        coloursAfter: colours,
      }),
    ),
  }),
})

export const previewCustomers = route({
  method: 'POST',
  path: `${base}/:id/preview/customers`,
  operation: 'previewScorecardCustomers',
  summary: 'The customers behind a preview: whose score a changed definition would change, the largest change first',
  access: 'customers.read',
  params: idParams,
  query: pageQuery,
  body: draftOn.extend({
    from: z.string().max(60).nullable().optional().meta({ description: 'Only of this band; null: without a score.' }),
    to: z.string().max(60).nullable().optional(),
  }),
  reply: pageOf(change),
})

const interval = z.tuple([z.number(), z.number()])

export const backtestScorecard = route({
  method: 'POST',
  path: `${base}/:id/backtest`,
  operation: 'backtestScorecard',
  summary:
    'Does the score tell who leaves? Against churn within the days after, or against who has left where there is no history',
  access: 'customers.read',
  params: idParams,
  body: z.strictObject({
    definition: scorecardDefinition.optional(),
    mode: z.enum(['history', 'now']).default('history'),
    horizonDays: z.number().int().min(30).max(365).default(90),
  }),
  reply: z.object({
    mode: z.enum(['history', 'now']),
    observations: z.number().int(),
    churned: z.number().int(),
    /** Fewer than ten who left: the figures would be chance. */
    enough: z.boolean(),
    prevalence: z.number(),
    auc: z.number().nullable(),
    aucInterval: interval.nullable(),
    /** Shares of those who stayed and of those who left, at or below each score. */
    roc: z.array(z.tuple([z.number(), z.number()])),
    deciles: z.array(
      z.object({
        decile: z.number().int(),
        customers: z.number().int(),
        churned: z.number().int(),
        rate: z.number(),
        lift: z.number().nullable(),
      }),
    ),
    bands: z.array(
      z.object({
        band: z.string(),
        customers: z.number().int(),
        churned: z.number().int(),
        rate: z.number(),
        interval,
      }),
    ),
    days: z.array(z.string()),
  }),
})
