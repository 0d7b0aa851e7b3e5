import { implement } from '../http/implement.ts'
import { cancel, retry } from './commands/jobs.ts'
import { cancelJob, jobStatistics, listJobs, retryJob } from './contract/jobs.ts'
import { readJobStatistics, readJobs } from './queries/jobs.ts'

export const jobRoutes = [
  implement(listJobs, (ctx, { query }) => readJobs(ctx, query)),
  implement(jobStatistics, ctx => readJobStatistics(ctx)),
  implement(retryJob, (ctx, { params }) => retry(ctx, params.id)),
  implement(cancelJob, async (ctx, { params }) => {
    await cancel(ctx, params.id)
    return undefined
  }),
]
