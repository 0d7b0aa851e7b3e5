import { z } from 'zod'
import { moment, pageOf, pageQuery, route } from '../../../platform/http/contract.ts'

const day = z.iso.date()
const month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/)

const period = { from: day, to: day }

const step = z.object({
  stageId: z.uuid(),
  key: z.string(),
  nameJa: z.string(),
  nameEn: z.string(),
  kind: z.enum(['open', 'won', 'lost']),
  entered: z.number().int().meta({ description: 'Leads that reached it for the first time in the period.' }),
  advanced: z.number().int().meta({ description: 'Those of them that have come further by now.' }),
  lost: z.number().int().meta({ description: 'Those of them that came no further and are lost now.' }),
  won: z.number().int().meta({ description: 'Those of them that are won by now.' }),
  conversion: z.number().nullable().meta({ description: 'advanced ÷ entered, in per cent.' }),
  medianDays: z.number().nullable().meta({ description: 'Days of the stays that ended in the period.' }),
})

export const lifecycleFunnel = route({
  method: 'GET',
  path: '/api/v1/automation/lifecycle-funnel',
  operation: 'lifecycleFunnel',
  summary: 'Who reached each stage in a period, how many of them came further, and how long leads stayed',
  access: 'customers.read',
  query: z.object(period),
  reply: z.object({
    steps: z.array(step),
    overall: z.object({
      entered: z.number().int().meta({ description: 'Leads that reached the first stage in the period.' }),
      won: z.number().int(),
      conversion: z.number().nullable(),
    }),
    cohorts: z.array(
      z.object({
        month: z.string().meta({ description: 'Month in which the leads were created, the last twelve.' }),
        leads: z.number().int(),
        reached: z.record(z.string(), z.number().int()).meta({ description: 'By stage: who has ever reached it.' }),
      }),
    ),
  }),
})

export const funnelRows = route({
  method: 'GET',
  path: '/api/v1/automation/lifecycle-funnel/rows',
  operation: 'lifecycleFunnelRows',
  summary: 'The leads behind a number of the funnel',
  access: 'customers.read',
  query: pageQuery.extend({
    ...period,
    stageId: z.uuid(),
    number: z
      .enum(['entered', 'advanced', 'stayed', 'lost', 'won', 'cohort'])
      .meta({ description: 'stayed: came no further by now. cohort: created in `month` and ever in the stage.' }),
    month: month.optional(),
  }),
  reply: pageOf(
    z.object({
      id: z.uuid(),
      name: z.string(),
      company: z.string().nullable(),
      leadScore: z.number().nullable(),
      lifecycleStage: z.string().nullable(),
      at: moment.meta({ description: 'When it reached the stage.' }),
    }),
  ),
})
