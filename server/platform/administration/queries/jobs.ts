import { type RawBuilder, sql } from 'kysely'
import type { z } from 'zod'
import { type Context, requirePermission } from '../../context/context.ts'
import type { RouteReply } from '../../http/contract.ts'
import { cursorOf, readCursor } from '../../http/paging.ts'
import type { jobStatistics, listJobs, retryJob } from '../contract/jobs.ts'

type JobLine = RouteReply<typeof retryJob>

/** What an administrator sees of a job, as JSON: never its payload. A delayed job waits, too; `runAt` says until when. */
export const jobLine: RawBuilder<unknown> = sql`json_build_object(
  'id', job.id, 'name', job.name, 'state', case job.state when 'delayed' then 'waiting' else job.state end,
  'attempts', job.attempts, 'maxAttempts', job.max_attempts, 'runAt', job.run_at, 'leaseUntil', job.lease_until,
  'lastError', job.last_error, 'createdAt', job.created_at, 'updatedAt', job.updated_at)`

/** A page of the company's jobs, newest first. The queue knows no row-level security: each statement names the tenant. */
export async function readJobs(
  ctx: Context,
  query: z.output<typeof listJobs.query>,
): Promise<RouteReply<typeof listJobs>> {
  requirePermission(ctx, 'jobs.manage')
  const before = readCursor(query.cursor, 1)
  const conditions = [sql`job.tenant_id = ${ctx.tenantId}`]
  if (query.state) {
    const states = query.state === 'waiting' ? ['waiting', 'delayed'] : [query.state]
    conditions.push(sql`job.state = any(${states})`)
  }
  if (query.name) conditions.push(sql`job.name = ${query.name}`)
  if (before) conditions.push(sql`job.id < ${before[0]}`)
  const { rows } = await sql<{ line: JobLine }>`
    select ${jobLine} as line from job where ${sql.join(conditions, sql` and `)} order by job.id desc limit ${query.limit + 1}`.execute(
    ctx.tx,
  )
  const items = rows.slice(0, query.limit).map(row => row.line)
  return { items, next: rows.length > query.limit ? cursorOf([items.at(-1)!.id]) : null }
}

/** How many of the company's jobs wait, run and failed, and when its schedules come next. */
export async function readJobStatistics(ctx: Context): Promise<RouteReply<typeof jobStatistics>> {
  requirePermission(ctx, 'jobs.manage')
  const counts = await sql<Omit<RouteReply<typeof jobStatistics>, 'schedules'>>`
    select count(*) filter (where state in ('waiting', 'delayed')) as waiting, count(*) filter (where state = 'leased') as leased,
      count(*) filter (where state = 'failed') as failed,
      extract(epoch from now() - min(run_at) filter (where state = 'waiting'))::float8 as "oldestWaitingSeconds"
    from job where tenant_id = ${ctx.tenantId}`.execute(ctx.tx)
  const schedules = await sql<{ line: RouteReply<typeof jobStatistics>['schedules'][number] }>`
    select json_build_object('name', name, 'cron', cron, 'timeZone', time_zone, 'nextAt', next_at, 'lastAt', last_at) as line
    from job_schedule where tenant_id = ${ctx.tenantId} order by name`.execute(ctx.tx)
  return { ...counts.rows[0]!, schedules: schedules.rows.map(row => row.line) }
}
