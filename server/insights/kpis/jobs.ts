import { z } from 'zod'
import { tenantJob } from '../../platform/work/definition.ts'
import { figuresChanged, figuresChangedEvent } from '../../signals/metrics/events.ts'
import { keepMonth, keepMonthJob, keepMonthsSoon, keepsMonths } from './commands/months.ts'
import { companyOf } from './queries/statement.ts'

export const reactions = { [figuresChanged]: ['kpis.follow'] }

export const jobs = [
  tenantJob({
    name: 'kpis.follow',
    payload: figuresChangedEvent,
    async handle(ctx, { event }) {
      if (!(await keepsMonths(ctx))) return
      const { all, since } = event.payload
      // Each night everything: records as they are now (status, owner, merges) change months gone by, too.
      if (all) return keepMonthsSoon(ctx)
      const { today } = await companyOf(ctx)
      if (since !== null && since.slice(0, 7) < today.slice(0, 7)) await keepMonthsSoon(ctx, since)
    },
  }),
  tenantJob({
    name: 'kpis.keep_present',
    payload: z.object({}),
    async handle(ctx) {
      if (await keepsMonths(ctx)) await keepMonthsSoon(ctx, (await companyOf(ctx)).today)
    },
    schedule: '25 * * * *',
  }),
  tenantJob({
    name: keepMonthJob,
    payload: z.object({ month: z.string().regex(/^\d{4}-\d{2}$/) }),
    handle: (ctx, { month }) => keepMonth(ctx, month),
  }),
]
