import { sql } from 'kysely'
import { z } from 'zod'
import { tenantJob } from '../../platform/work/definition.ts'
import { followDelivery } from './commands/follow.ts'

/** Deliveries that were followed are kept so long (days): a repetition after that is too old to be accepted anyway. */
const keptDays = 30

export const jobs = [
  tenantJob({
    name: 'webhooks.follow',
    payload: z.object({ endpointId: z.uuid(), webhookId: z.string() }),
    handle: followDelivery,
  }),
  tenantJob({
    name: 'webhooks.forget',
    payload: z.object({}),
    async handle(ctx) {
      const horizon = new Date(ctx.now.getTime() - keptDays * 86_400_000)
      await sql`
        delete from webhook_delivery where tenant_id = ${ctx.tenantId} and received_at < ${horizon} and state <> 'waiting'`.execute(
        ctx.tx,
      )
    },
    schedule: '40 3 * * *',
  }),
]
