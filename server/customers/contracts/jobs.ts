import { z } from 'zod'
import { tenantJob } from '../../platform/work/definition.ts'
import { followCalendar } from './commands/calendar.ts'

export const jobs = [
  tenantJob({
    name: 'contracts.follow_calendar',
    schedule: '5 0 * * *',
    payload: z.object({}),
    handle: ctx => followCalendar(ctx),
  }),
]
