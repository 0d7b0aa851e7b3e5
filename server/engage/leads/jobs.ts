import { z } from 'zod'
import { tenantJob } from '../../platform/work/definition.ts'
import { tellHotLead, tellHotLeads } from './commands.ts'

const tellOne = 'leads.tell_hot'
const tellMany = 'leads.tell_many_hot'

export const reactions = { 'lead.hot': [tellOne], 'leads.hot': [tellMany] }

export const jobs = [
  tenantJob({
    name: tellOne,
    payload: z.object({
      event: z.object({
        subject_id: z.uuid(),
        payload: z.object({
          at: z.string(),
          score: z.number(),
          hotAt: z.number(),
          assigneeId: z.uuid().nullable(),
        }),
      }),
    }),
    handle: (ctx, { event }) => tellHotLead(ctx, event.subject_id, event.payload),
  }),
  tenantJob({
    name: tellMany,
    payload: z.object({
      event: z.object({ payload: z.object({ at: z.string(), leads: z.number(), hotAt: z.number() }) }),
    }),
    handle: (ctx, { event }) => tellHotLeads(ctx, event.payload),
  }),
]
