import { z } from 'zod'
import { tenantJob } from '../../platform/work/definition.ts'
import { audienceJob, followAudience, followAudiences } from './commands/queue.ts'
import { followChecklists } from './commands/tell.ts'

export const jobs = [
  tenantJob({
    name: audienceJob,
    payload: z.object({ messageId: z.uuid() }),
    handle: (ctx, { messageId }) => followAudience(ctx, messageId),
  }),
  tenantJob({
    name: 'in_app.watch',
    payload: z.object({}),
    async handle(ctx) {
      await followAudiences(ctx)
      await followChecklists(ctx)
    },
    schedule: '*/10 * * * *',
  }),
]
