import { sql } from 'kysely'
import { type Context, record, requirePermission } from '../../context/context.ts'
import { AppError, notFound } from '../../errors/app-error.ts'
import type { RouteReply } from '../../http/contract.ts'
import type { retryJob } from '../contract/jobs.ts'
import { jobLine } from '../queries/jobs.ts'

/** Tries a failed or waiting job of the company again at once, with all its attempts. @throws AppError `conflict` */
export async function retry(ctx: Context, id: number): Promise<RouteReply<typeof retryJob>> {
  requirePermission(ctx, 'jobs.manage')
  const { rows } = await sql<{ line: RouteReply<typeof retryJob> }>`
    update job set state = 'waiting', attempts = 0, run_at = now(), updated_at = now()
    where tenant_id = ${ctx.tenantId} and id = ${id} and state in ('failed', 'waiting', 'delayed')
    returning ${jobLine} as line`.execute(ctx.tx)
  const job = rows[0]?.line
  if (!job) throw await refusal(ctx, id)
  record(ctx, { action: 'job.retried', details: { job: id, name: job.name } })
  return job
}

/** Sets a waiting or failed job of the company aside for good. @throws AppError `conflict` for one that runs */
export async function cancel(ctx: Context, id: number): Promise<void> {
  requirePermission(ctx, 'jobs.manage')
  const { rows } = await sql<{ name: string }>`
    update job set state = 'cancelled', key = null, updated_at = now()
    where tenant_id = ${ctx.tenantId} and id = ${id} and state in ('failed', 'waiting', 'delayed')
    returning name`.execute(ctx.tx)
  const job = rows[0]
  if (!job) throw await refusal(ctx, id)
  record(ctx, { action: 'job.cancelled', details: { job: id, name: job.name } })
}

/** Why a job of that id cannot be retried or cancelled. */
async function refusal(ctx: Context, id: number): Promise<AppError> {
  const { rows } = await sql`select 1 from job where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx)
  if (rows.length === 0) return notFound()
  return new AppError('conflict', {
    ja: 'このジョブは実行中か、すでに中止されています。画面を更新して状態を確認してください。',
    en: 'This job is running, or has been cancelled already. Reload to see its state.',
  })
}
