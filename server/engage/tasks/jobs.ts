import { z } from 'zod'
import { tenantJob } from '../../platform/work/definition.ts'
import { taskOfChurned, taskOfHotLeads } from './commands/rules.ts'
import { releaseTasks } from './commands/tasks.ts'
import { escalateTasks, remindOfTasks } from './commands/tell.ts'
import { taskSettings } from './queries/stored.ts'

const leadHot = 'tasks.lead_hot'
const leadsHot = 'tasks.leads_hot'
const churned = 'tasks.customer_churned'
const release = 'tasks.release'

export const reactions = {
  'lead.hot': [leadHot],
  'leads.hot': [leadsHot],
  'customer.churned': [churned],
  'member.removed': [release],
}

export const jobs = [
  tenantJob({
    name: leadHot,
    payload: z.object({ event: z.object({ subject_id: z.uuid(), payload: z.looseObject({ at: z.string() }) }) }),
    handle: (ctx, { event }) => taskOfHotLeads(ctx, event.payload.at, event.subject_id),
  }),
  tenantJob({
    name: leadsHot,
    payload: z.object({ event: z.object({ payload: z.looseObject({ at: z.string() }) }) }),
    handle: (ctx, { event }) => taskOfHotLeads(ctx, event.payload.at),
  }),
  tenantJob({
    name: churned,
    payload: z.object({ event: z.object({ subject_id: z.uuid() }) }),
    handle: (ctx, { event }) => taskOfChurned(ctx, event.subject_id),
  }),
  tenantJob({
    name: release,
    payload: z.object({ event: z.object({ subject_id: z.uuid() }) }),
    handle: (ctx, { event }) => releaseTasks(ctx, event.subject_id),
  }),
  tenantJob({
    name: 'tasks.watch',
    payload: z.object({}),
    async handle(ctx) {
      await remindOfTasks(ctx)
      await escalateTasks(ctx, (await taskSettings(ctx)).escalateDays)
    },
    schedule: '*/15 * * * *',
  }),
]
