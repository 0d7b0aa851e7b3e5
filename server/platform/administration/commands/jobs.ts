import { sql } from 'kysely'
import { type Context, record, requirePermission } from '../../context/context.ts'
import type { Database } from '../../db/kysely.ts'
import { AppError, notFound } from '../../errors/app-error.ts'
import type { RouteReply } from '../../http/contract.ts'
import type { retryJob } from '../contract/jobs.ts'
import { jobLine } from '../queries/jobs.ts'

/** Tries a failed or waiting job of the company again at once, with all its attempts. @throws AppError `conflict` */
export async function retry(ctx: Context, id: number): Promise<RouteReply<typeof retryJob>> {
  requirePermission(ctx, 'jobs.manage')
  const job = await tryAgain(ctx.tx, ctx.tenantId, id)
  record(ctx, { action: 'job.retried', details: { job: id, name: job.name } })
  return job
}

/** Sets a waiting or failed job of the company aside for good. @throws AppError `conflict` for one that runs */
export async function cancel(ctx: Context, id: number): Promise<void> {
  requirePermission(ctx, 'jobs.manage')
  const name = await setAside(ctx.tx, ctx.tenantId, id)
  record(ctx, { action: 'job.cancelled', details: { job: id, name } })
}

/** As `retry`, for whoever may: a job of a tenant, or of none. @param tenantId as it stands in the queue */
export async function tryAgain(tx: Database, tenantId: string, id: number): Promise<RouteReply<typeof retryJob>> {
  const { rows } = await sql<{ line: RouteReply<typeof retryJob> }>`
    update job set state = 'waiting', attempts = 0, run_at = now(), updated_at = now()
    where tenant_id = ${tenantId} and id = ${id} and state in ('failed', 'waiting', 'delayed')
    returning ${jobLine} as line`.execute(tx)
  return rows[0]?.line ?? refuse(tx, tenantId, id)
}

/** As `cancel`, for whoever may: a job of a tenant, or of none. @returns name of the job */
export async function setAside(tx: Database, tenantId: string, id: number): Promise<string> {
  const { rows } = await sql<{ name: string }>`
    update job set state = 'cancelled', key = null, updated_at = now()
    where tenant_id = ${tenantId} and id = ${id} and state in ('failed', 'waiting', 'delayed')
    returning name`.execute(tx)
  return rows[0]?.name ?? refuse(tx, tenantId, id)
}

/** Says why a job of that id cannot be retried or cancelled. */
async function refuse(tx: Database, tenantId: string, id: number): Promise<never> {
  const { rows } = await sql`select 1 from job where tenant_id = ${tenantId} and id = ${id}`.execute(tx)
  if (rows.length === 0) throw notFound()
  throw new AppError('conflict', {
    ja: 'このジョブは実行中か、すでに中止されています。最新の状態を確認してください。',
    en: 'This job is running, or has been cancelled already. Look at its state again.',
  })
}
