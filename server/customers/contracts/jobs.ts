import { z } from 'zod'
import { tenantJob } from '../../platform/work/definition.ts'
import { endRevenueOfChurned, followCalendar } from './commands/calendar.ts'

export const endRevenueJob = 'contracts.end_revenue'

export const jobs = [
  // However a customer was marked as gone: by hand, in bulk, by an import, an event or a webhook.
  tenantJob({
    name: endRevenueJob,
    payload: z.object({ event: z.object({ subject_id: z.uuid() }) }),
    handle: (ctx, { event }) => endRevenueOfChurned(ctx, event.subject_id),
  }),
  tenantJob({
    name: 'contracts.follow_calendar',
    schedule: '5 0 * * *',
    payload: z.object({}),
    handle: ctx => followCalendar(ctx),
  }),
]
