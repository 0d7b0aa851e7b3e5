import { z } from 'zod'
import { tenantJob } from '../../platform/work/definition.ts'
import { findJob, findOpportunities } from './commands/find.ts'

export const jobs = [
  tenantJob({
    name: findJob,
    payload: z.object({}),
    handle: findOpportunities,
    schedule: '25 * * * *',
  }),
]
