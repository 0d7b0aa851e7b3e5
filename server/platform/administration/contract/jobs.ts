import { z } from 'zod'
import { moment, pageOf, pageQuery, route } from '../../http/contract.ts'

const jobParams = z.object({ id: z.coerce.number().int().positive() })

const jobShape = z.object({
  id: z.number().int(),
  name: z.string(),
  state: z.enum(['waiting', 'leased', 'failed', 'cancelled']),
  attempts: z.number().int(),
  maxAttempts: z.number().int(),
  runAt: moment,
  leaseUntil: moment.nullable(),
  lastError: z.string().nullable(),
  createdAt: moment,
  updatedAt: moment,
})

export const listJobs = route({
  method: 'GET',
  path: '/api/v1/jobs',
  operation: 'listJobs',
  summary: 'Unfinished and failed jobs of the company, newest first',
  access: 'jobs.manage',
  query: pageQuery.extend({
    state: z.enum(['waiting', 'leased', 'failed', 'cancelled']).optional(),
    name: z.string().max(80).optional(),
  }),
  reply: pageOf(jobShape),
})

export const jobStatistics = route({
  method: 'GET',
  path: '/api/v1/job-statistics',
  operation: 'jobStatistics',
  summary: 'How many jobs wait, run and failed, and the schedules of the company',
  access: 'jobs.manage',
  reply: z.object({
    waiting: z.number().int(),
    leased: z.number().int(),
    failed: z.number().int(),
    oldestWaitingSeconds: z.number().nullable(),
    schedules: z.array(
      z.object({
        name: z.string(),
        cron: z.string(),
        timeZone: z.string(),
        nextAt: moment,
        lastAt: moment.nullable(),
      }),
    ),
  }),
})

export const retryJob = route({
  method: 'POST',
  path: '/api/v1/jobs/:id/retries',
  operation: 'retryJob',
  summary: 'Try a failed or waiting job again at once',
  access: 'jobs.manage',
  params: jobParams,
  reply: jobShape,
})

export const cancelJob = route({
  method: 'DELETE',
  path: '/api/v1/jobs/:id',
  operation: 'cancelJob',
  summary: 'Set a waiting or failed job aside for good',
  access: 'jobs.manage',
  params: jobParams,
  reply: null,
})
