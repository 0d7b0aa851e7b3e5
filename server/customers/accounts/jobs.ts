import { z } from 'zod'
import { tenantJob } from '../../platform/work/definition.ts'
import { releaseCustomers } from './commands/release.ts'
import { indexSearchJob, writePieces } from './commands/search.ts'
import { applyTierRuleToAll } from './commands/tiers.ts'

export const releaseCustomersJob = 'customers.release'

export const jobs = [
  tenantJob({
    name: indexSearchJob,
    payload: z.object({ kind: z.enum(['customer', 'contact']), ids: z.array(z.uuid()) }),
    handle: (ctx, { kind, ids }) => writePieces(ctx, kind, ids),
  }),
  tenantJob({
    name: releaseCustomersJob,
    payload: z.object({ event: z.object({ subject_id: z.uuid() }) }),
    handle: (ctx, { event }) => releaseCustomers(ctx, event.subject_id),
  }),
  tenantJob({
    name: 'customers.judge_tiers',
    schedule: '20 3 * * *',
    payload: z.object({}),
    async handle(ctx) {
      await applyTierRuleToAll(ctx, 'rule')
    },
  }),
]
