import { z } from 'zod'
import { day } from '../../customers/accounts/contract/customers.ts'
import { moment, pageOf, pageQuery, route } from '../../platform/http/contract.ts'

/** Headings under which KPIs stand. */
export const kpiThemes = [
  'revenue',
  'retention',
  'health',
  'satisfaction',
  'onboarding',
  'usage',
  'support',
  'work',
  'advocacy',
] as const

/**
 * Of which days a value of a period is worked out: as of its last day, of its month, of the three or twelve months that
 * end with it, or from the beginning of the fiscal year to its end.
 */
export const kpiWindows = ['day', 'month', 'three_months', 'twelve_months', 'fiscal_year'] as const
export const kpiUnits = ['percent', 'count', 'days', 'hours', 'points', 'money', 'ratio'] as const
export const targetBounds = ['at_least', 'more_than', 'at_most', 'less_than'] as const
export const blueprints = ['saas-success', 'plugin-marketplace', 'early-success'] as const

const words = z.object({ ja: z.string(), en: z.string() })
const month = z.string().regex(/^(19|20|21)\d{2}-(0[1-9]|1[0-2])$/)
const figure = z.object({
  month: z.string().meta({ description: 'The period, YYYY-MM.' }),
  from: z.string().meta({ description: 'First day that it looks at.' }),
  to: z.string().meta({ description: 'Last day that it looks at; today at most.' }),
  value: z.number().nullable(),
  numerator: z.number(),
  denominator: z.number().nullable(),
  customers: z.number().int().meta({ description: 'Customers with a row behind it.' }),
  target: z.number().nullable().meta({ description: 'What was to be reached in this period.' }),
})
const steps = z.array(z.number().min(-1_000_000_000_000).max(1_000_000_000_000)).min(1).max(10)
const target = z.object({
  bound: z.enum(targetBounds),
  steps: steps.meta({ description: 'For the first year, the second and so on; the last one stays.' }),
  startsOn: z.string(),
  responsibleId: z.uuid().nullable(),
  responsibleName: z.string().nullable(),
})

const described = z.object({
  key: z.string(),
  theme: z.enum(kpiThemes),
  words,
  definition: words,
  formula: z.string(),
  unit: z.enum(kpiUnits),
  direction: z.enum(['up', 'down', 'neither']),
  window: z.enum(kpiWindows),
  ownerRole: z.string().meta({ description: 'Who usually answers for it.' }),
  currency: z.string().meta({ description: 'Of money: the company’s.' }),
  computedAt: moment.meta({
    description:
      'When the value to date was worked out: now, or some minutes ago in companies with very many customers.',
  }),
  headline: z.enum(['current', 'last']).meta({
    description: 'Which value is compared with the target: the one to date, or that of the last full period.',
  }),
  current: figure.meta({ description: 'To date.' }),
  last: figure.meta({ description: 'The last full period.' }),
  previous: figure.meta({ description: 'The one before it.' }),
  target: target.nullable(),
  state: z.enum(['met', 'near', 'missed', 'none']).meta({
    description: 'Against the target; `near` within a tenth of it.',
  }),
  series: z.array(figure).meta({ description: 'By month, oldest first.' }),
})

export type Kpi = z.output<typeof described>

/** Whose customers are looked at. */
const whose = {
  ownerId: z.uuid().optional(),
  tierKey: z.string().max(40).optional(),
  segmentId: z.uuid().optional(),
  mine: z.enum(['own', 'team']).optional(),
}
const keyParams = z.object({ key: z.string().max(60) })

export const listKpis = route({
  method: 'GET',
  path: '/api/v1/kpis',
  operation: 'listKpis',
  summary: 'KPIs: value to date, of the last full period and the one before, target and whether it is met, 12 months',
  access: 'customers.read',
  query: z.object({
    ...whose,
    theme: z.enum(kpiThemes).optional(),
    keys: z.string().max(400).optional().meta({ description: 'Only these KPIs, with commas.' }),
  }),
  reply: z.object({ items: z.array(described) }),
})

export const describeKpis = route({
  method: 'GET',
  path: '/api/v1/kpis/definitions',
  operation: 'describeKpis',
  summary: 'What each KPI says and how it is worked out, without values',
  access: 'customers.read',
  reply: z.object({
    items: z.array(
      described.pick({ key: true, theme: true, words: true, definition: true, formula: true, unit: true }),
    ),
  }),
})

const part = z.object({
  key: z.string().nullable(),
  name: z.string().nullable(),
  current: figure.pick({ value: true, numerator: true, denominator: true, customers: true }),
  last: figure.pick({ value: true, numerator: true, denominator: true, customers: true }),
})

export const getKpi = route({
  method: 'GET',
  path: '/api/v1/kpis/:key',
  operation: 'getKpi',
  summary: 'One KPI with 24 months, by tier and by CSM (as they are now), and the targets that blueprints suggest',
  access: 'customers.read',
  params: keyParams,
  query: z.object(whose),
  reply: described.extend({
    numerator: words.meta({ description: 'What the upper part of the fraction is, or what is added up.' }),
    denominator: words.nullable(),
    byTier: z.array(part),
    byOwner: z.array(part),
    suggested: z.array(z.object({ blueprint: z.enum(blueprints), bound: z.enum(targetBounds), steps })),
  }),
})

const rowsQuery = {
  ...whose,
  month: month.optional().meta({ description: 'The period; that of the headline without it.' }),
  order: z.enum(['desc', 'asc']).default('desc').meta({ description: 'By numerator, then denominator.' }),
}

export const listKpiRows = route({
  method: 'GET',
  path: '/api/v1/kpis/:key/rows',
  operation: 'listKpiRows',
  summary: 'The customers behind a value, each with what it adds to numerator and denominator',
  access: 'customers.read',
  params: keyParams,
  query: pageQuery.extend(rowsQuery),
  reply: pageOf(
    z.object({
      id: z.uuid(),
      name: z.string(),
      tierKey: z.string().nullable(),
      ownerName: z.string().nullable(),
      numerator: z.number(),
      denominator: z.number().nullable(),
    }),
  ),
})

export const exportKpiRows = route({
  method: 'GET',
  path: '/api/v1/kpis/:key/rows/export',
  operation: 'exportKpiRows',
  summary: 'All customers behind a value as CSV (UTF-8 with BOM)',
  access: 'customers.export',
  params: keyParams,
  query: z.object(rowsQuery),
  reply: z.string(),
  contentType: 'application/octet-stream',
})

/** A target as it stands in a blueprint. */
export const kpiTargetItem = z.strictObject({
  kpi: z.string().max(60),
  bound: z.enum(targetBounds),
  steps,
  startsOn: day.optional().meta({ description: 'First day of the first year; the present fiscal year without it.' }),
  responsible: z.email().nullable().default(null).meta({ description: 'Address of the member who answers for it.' }),
})

export const setKpiTarget = route({
  method: 'PUT',
  path: '/api/v1/kpis/:key/target',
  operation: 'setKpiTarget',
  summary: 'Set what a KPI is to reach, by year, and who answers for it',
  access: 'kpis.manage',
  params: keyParams,
  body: z.object({
    bound: z.enum(targetBounds).optional().meta({ description: 'By the direction of the KPI without it.' }),
    steps,
    startsOn: day.optional().meta({ description: 'First day of the first year; the present fiscal year without it.' }),
    responsibleId: z.uuid().nullable().default(null),
  }),
  reply: target,
})

export const deleteKpiTarget = route({
  method: 'DELETE',
  path: '/api/v1/kpis/:key/target',
  operation: 'deleteKpiTarget',
  summary: 'Take the target of a KPI away',
  access: 'kpis.manage',
  params: keyParams,
  reply: null,
})
