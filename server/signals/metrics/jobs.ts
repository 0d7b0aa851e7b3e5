import { z } from 'zod'
import { followFactsJob } from '../../customers/accounts/events.ts'
import { tenantJob } from '../../platform/work/definition.ts'
import { computeAll, computeAllJob, followFacts, rebuildDays, rebuildJob } from './commands/follow.ts'

export const jobs = [
  tenantJob({
    name: followFactsJob,
    payload: z.object({}),
    handle: ctx => followFacts(ctx),
    // Heals what a lost worker left; otherwise each write asks for it.
    schedule: '*/15 * * * *',
  }),
  tenantJob({
    name: computeAllJob,
    payload: z.object({}),
    handle: ctx => computeAll(ctx),
    // After midnight, when a day has ended and windows have moved.
    schedule: '10 0 * * *',
  }),
  tenantJob({
    name: rebuildJob,
    payload: z.object({ oldest: z.iso.date(), before: z.iso.date().optional() }),
    handle: (ctx, wish) => rebuildDays(ctx, wish),
  }),
]
