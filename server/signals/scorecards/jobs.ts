import { z } from 'zod'
import { enqueue } from '../../platform/context/context.ts'
import { tenantJob } from '../../platform/work/definition.ts'
import { figuresChanged, figuresChangedEvent } from '../metrics/events.ts'
import { changedCustomers } from '../metrics/queries/changed.ts'
import { daysToScore, recalculateHealth, scoreDays } from './commands/recalculate.ts'

const scoreDaysJob = 'health.score_days'
/** Days that one job scores. */
const mostDays = 30

export const reactions = { [figuresChanged]: ['health.follow'] }

export const jobs = [
  tenantJob({
    name: 'health.follow',
    payload: figuresChangedEvent,
    async handle(ctx, { event }) {
      const { at, all, from } = event.payload
      if (all) {
        await recalculateHealth(ctx)
        enqueue(ctx, { name: scoreDaysJob, payload: { days: await daysToScore(ctx, from) } })
        return
      }
      const changed = changedCustomers(ctx, at)
      await recalculateHealth(ctx, changed)
      if (from) await scoreDays(ctx, await daysToScore(ctx, from), changed)
    },
  }),
  tenantJob({
    name: scoreDaysJob,
    payload: z.object({ days: z.array(z.iso.date()) }),
    async handle(ctx, { days }) {
      await scoreDays(ctx, days.slice(0, mostDays))
      const later = days.slice(mostDays)
      if (later.length > 0) enqueue(ctx, { name: scoreDaysJob, payload: { days: later } })
    },
  }),
  tenantJob({
    name: 'health.recalculate',
    payload: z.object({}),
    async handle(ctx) {
      await recalculateHealth(ctx)
    },
    // Overrides and judgements by hand run out at midnight.
    schedule: '40 0 * * *',
  }),
]
