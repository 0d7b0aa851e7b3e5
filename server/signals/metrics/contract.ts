import { z } from 'zod'
import { idParams, line, moment, route } from '../../platform/http/contract.ts'

const metricUnits = ['count', 'percent', 'ratio', 'days', 'hours', 'points', 'money', 'date'] as const
const directions = ['up', 'down', 'neither'] as const

const metricKey = z.string().min(1).max(120)
const days = z.number().int().min(1).max(400)
const filterValue = z.union([z.string().max(200), z.number(), z.boolean()])

/** A condition on the rows that are counted: a field of the record, or a property of the event. */
const rowFilter = z.strictObject({
  field: z.string().min(1).max(120),
  op: z.enum(['is', 'is_not', 'at_least', 'at_most', 'is_set', 'is_empty']),
  value: filterValue.optional(),
})
export type RowFilter = z.output<typeof rowFilter>
const filters = z.array(rowFilter).max(10).default([])

const ownRecords = ['ticket', 'invoice', 'payment', 'survey_answer', 'communication'] as const

/** What a company's own metric counts. */
export const ownDefinition = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('events'),
    measure: z.enum(['count', 'sum', 'people', 'days', 'features', 'coverage', 'rate', 'trend']).meta({
      description:
        'coverage: how many of the named events were used, in percent; rate: people with a named event of all active people, in percent; trend: change of the count against the days before, in percent; sum: of a property.',
    }),
    events: z.array(z.string().min(1).max(200)).max(50).meta({ description: 'Empty: every event.' }),
    property: z.string().min(1).max(120).optional(),
    where: filters,
    days,
  }),
  z.strictObject({
    kind: z.literal('records'),
    record: z.enum(ownRecords),
    measure: z.enum(['count', 'sum', 'mean', 'distinct', 'rate', 'trend']),
    field: z.string().min(1).max(60).optional().meta({ description: 'What is summed, averaged or told apart.' }),
    where: filters,
    meeting: filters.meta({ description: 'For a rate: what those rows meet whose share is asked for.' }),
    days,
  }),
  z.strictObject({
    kind: z.literal('ratio'),
    of: metricKey,
    per: metricKey,
    scale: z.union([z.literal(1), z.literal(100)]).default(100),
  }),
])
export type OwnDefinition = z.output<typeof ownDefinition>

const ownKey = z.string().regex(/^own\.[a-z][a-z0-9_]{0,62}$/)
const ownInput = z.object({
  key: ownKey,
  labelJa: line(100),
  labelEn: line(100),
  description: z.string().max(500).nullable().default(null),
  unit: z.enum(metricUnits),
  direction: z.enum(directions),
  definition: ownDefinition,
})
export type OwnMetricInput = z.output<typeof ownInput>
const ownMetric = ownInput.extend({ id: z.uuid(), updatedAt: moment })

const words = z.object({ ja: z.string(), en: z.string() })
const use = z.object({ kind: z.string(), id: z.string(), name: z.string() })

const catalogueMetric = z.object({
  key: z.string(),
  words,
  definition: words,
  formula: z.string(),
  unit: z.enum(metricUnits),
  direction: z.enum(directions),
  window: z.number().int().nullable(),
  facts: z.string().nullable(),
  undated: z.boolean(),
  of: z.array(z.string()),
  /** The company's own one, by its id. */
  ownId: z.uuid().nullable(),
  /** Share of customers with a value, 0 to 1; null before the first computation. */
  coverage: z.number().nullable(),
  median: z.number().nullable(),
  /** When the figures were last worked out. */
  computedAt: moment.nullable(),
  usedBy: z.array(use),
})
export type CatalogueMetric = z.output<typeof catalogueMetric>

export const listMetrics = route({
  method: 'GET',
  path: '/api/v1/metrics',
  operation: 'listMetrics',
  summary: 'The catalogue of metrics: definition, formula, coverage, freshness and where each is used',
  access: 'customers.read',
  reply: z.object({ items: z.array(catalogueMetric), customers: z.number().int() }),
})

export const createOwnMetric = route({
  method: 'POST',
  path: '/api/v1/metrics/own',
  operation: 'createOwnMetric',
  summary: 'Define a metric of the company’s own; it can be used at once wherever metrics can',
  access: 'attributes.manage',
  body: ownInput,
  status: 201,
  reply: ownMetric,
})

export const updateOwnMetric = route({
  method: 'PUT',
  path: '/api/v1/metrics/own/:id',
  operation: 'updateOwnMetric',
  summary: 'Change a metric of the company’s own; its key stays',
  access: 'attributes.manage',
  params: idParams,
  body: ownInput.omit({ key: true }),
  reply: ownMetric,
})

export const deleteOwnMetric = route({
  method: 'DELETE',
  path: '/api/v1/metrics/own/:id',
  operation: 'deleteOwnMetric',
  summary: 'Delete a metric of the company’s own that nothing uses',
  access: 'attributes.manage',
  params: idParams,
  reply: null,
})

export const previewOwnMetric = route({
  method: 'POST',
  path: '/api/v1/metrics/own/preview',
  operation: 'previewOwnMetric',
  summary: 'Work a definition out for every customer without keeping it: coverage, spread and samples',
  access: 'attributes.manage',
  body: z.object({ definition: ownDefinition }),
  reply: z.object({
    customers: z.number().int(),
    withValue: z.number().int(),
    minimum: z.number().nullable(),
    median: z.number().nullable(),
    maximum: z.number().nullable(),
    samples: z.array(z.object({ id: z.uuid(), name: z.string(), value: z.number().nullable() })),
  }),
})

export const customerFigures = route({
  method: 'GET',
  path: '/api/v1/customers/:id/figures',
  operation: 'customerFigures',
  summary: 'Figures of a customer now or on a past day, and how chosen ones went',
  access: 'customers.read',
  params: idParams,
  query: z.object({
    day: z.iso.date().optional(),
    history: z.string().max(1_000).optional().meta({ description: 'Keys of metrics, separated by commas.' }),
  }),
  reply: z.object({
    day: z.string().nullable(),
    computedAt: moment.nullable(),
    figures: z.record(z.string(), z.number().nullable()),
    history: z.record(z.string(), z.array(z.object({ day: z.string(), value: z.number().nullable() }))),
  }),
})

export const rebuildFigures = route({
  method: 'POST',
  path: '/api/v1/metrics/rebuild',
  operation: 'rebuildFigures',
  summary: 'Work out the figures of past days from the facts, and those of now: in the background',
  access: 'attributes.manage',
  body: z.object({ since: z.iso.date() }),
  status: 202,
  reply: z.object({ days: z.number().int() }),
})

const keeping = z.object({
  dailyDays: z.number().int().min(7).max(1_100),
  weeklyDays: z.number().int().min(7).max(3_660),
  monthlyDays: z.number().int().min(31).max(7_320),
})

export const readKeeping = route({
  method: 'GET',
  path: '/api/v1/metrics/keeping',
  operation: 'readKeeping',
  summary: 'For how long the figures of every day, of every week and of every month are kept',
  access: 'customers.read',
  reply: keeping.extend({ days: z.number().int(), oldest: z.string().nullable() }),
})

export const changeKeeping = route({
  method: 'PUT',
  path: '/api/v1/metrics/keeping',
  operation: 'changeKeeping',
  summary: 'Change for how long figures are kept',
  access: 'attributes.manage',
  body: keeping,
  reply: keeping.extend({ days: z.number().int(), oldest: z.string().nullable() }),
})
