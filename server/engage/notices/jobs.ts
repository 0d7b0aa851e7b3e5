import { sql } from 'kysely'
import { z } from 'zod'
import { tenantIdOf } from '../../platform/context/context.ts'
import { outsideJob, tenantJob } from '../../platform/work/definition.ts'
import { releaseJob, sendJob } from './commands/notify.ts'
import { releaseHeld } from './commands/release.ts'
import { sendDelivery } from './commands/send.ts'
import { actOnPress, interactJob, pressed } from './commands/slack.ts'
import { sendWeeklyReports } from './commands/weekly.ts'

/** Notices and their deliveries are kept so long (days). */
const keptDays = 365
/** What was used of cards is known so long, longer than any of it holds (days). */
const keptUses = 30

export const jobs = [
  outsideJob({
    name: sendJob,
    payload: z.object({ tenantId: z.uuid(), id: z.uuid() }),
    handle: (installation, { tenantId, id }) => sendDelivery(installation, tenantIdOf(tenantId), id),
  }),
  outsideJob({ name: interactJob, payload: pressed, handle: actOnPress }),
  tenantJob({
    name: releaseJob,
    payload: z.object({}),
    async handle(ctx) {
      await releaseHeld(ctx)
    },
    // What a lost job left; each held mail asks for its own moment otherwise.
    schedule: '7 * * * *',
  }),
  tenantJob({
    name: 'notices.weekly',
    payload: z.object({}),
    async handle(ctx) {
      await sendWeeklyReports(ctx)
    },
    // Mornings begin at quarters of an hour, as time zones lie.
    schedule: '*/15 * * * *',
  }),
  tenantJob({
    name: 'notices.forget',
    payload: z.object({}),
    async handle(ctx) {
      const horizon = new Date(ctx.now.getTime() - keptDays * 86_400_000)
      await sql`delete from notice where tenant_id = ${ctx.tenantId} and created_at < ${horizon}`.execute(ctx.tx)
      const used = new Date(ctx.now.getTime() - keptUses * 86_400_000)
      await sql`delete from notice_card_use where tenant_id = ${ctx.tenantId} and used_at < ${used}`.execute(ctx.tx)
    },
    schedule: '25 4 * * *',
  }),
]
