import { sql } from 'kysely'
import { type Context, enqueue, record, requirePermission } from '../../../platform/context/context.ts'
import { AppError, notFound } from '../../../platform/errors/app-error.ts'
import type { StageAction } from '../../../signals/lifecycle/contract/stages.ts'
import { runJob } from './begin.ts'
import { customerOfLead } from './customer.ts'
import { type Ending, settle } from './settle.ts'
import { sync } from './sync.ts'
import { tellAll } from './tell.ts'
import { welcome } from './welcome.ts'

/** After so many attempts (about four hours) a person has to look. */
const mostAttempts = 8

/**
 * Does one action that waits, once. What it wrote before it failed is taken back; the failure stays in the log, and it is
 * tried again.
 */
export async function runAction(ctx: Context, id: string): Promise<void> {
  const { rows } = await sql<{ contact_id: string; action: StageAction; attempts: number }>`
    select contact_id, action, attempts from lifecycle_action
    where tenant_id = ${ctx.tenantId} and id = ${id} and state = 'waiting' for update`.execute(ctx.tx)
  const [waiting] = rows
  if (!waiting) return
  const { events, jobs, records } = ctx.pending
  const before = [events.length, jobs.length, records.length] as const
  await sql`savepoint action`.execute(ctx.tx)
  try {
    const ending = await act(ctx, id, waiting)
    if (ending) await settle(ctx, [id], ending)
  } catch (error) {
    await sql`rollback to savepoint action`.execute(ctx.tx)
    events.length = before[0]
    jobs.length = before[1]
    records.length = before[2]
    await fail(ctx, id, waiting.attempts + 1, error)
  }
}

async function act(
  ctx: Context,
  id: string,
  { contact_id, action }: { contact_id: string; action: StageAction },
): Promise<Ending | undefined> {
  switch (action.kind) {
    case 'notify':
      await tellAll(ctx, [id])
      return undefined
    case 'sync':
      return sync(ctx, id)
    case 'create_customer':
      return customerOfLead(ctx, contact_id, action)
    case 'welcome_mail':
      return welcome(ctx, id, contact_id, action)
  }
}

async function fail(ctx: Context, id: string, attempts: number, error: unknown): Promise<void> {
  const words = error instanceof AppError ? error.words[ctx.locale] : (error as Error).message
  const isOver = attempts >= mostAttempts
  await sql`
    update lifecycle_action set state = ${isOver ? 'failed' : 'waiting'}, error = ${words.slice(0, 500)}, attempts = ${attempts},
      updated_at = ${ctx.now}
    where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx)
  if (isOver) return
  enqueue(ctx, { name: runJob, payload: { id }, runAt: new Date(ctx.now.getTime() + 60_000 * 2 ** (attempts - 1)) })
}

/** Tries an action again that failed. @throws AppError `not_found`, `conflict` for one that did not fail */
export async function retryAction(ctx: Context, id: string): Promise<void> {
  requirePermission(ctx, 'leads.manage')
  const { rows } = await sql<{ state: string; contact_id: string }>`
    select state, contact_id from lifecycle_action where tenant_id = ${ctx.tenantId} and id = ${id} for update`.execute(
    ctx.tx,
  )
  const [known] = rows
  if (!known) throw notFound()
  if (known.state !== 'failed') {
    throw new AppError('conflict', {
      ja: '再実行できるのは、失敗したアクションだけです。一覧を読み込み直してください。',
      en: 'Only an action that failed can be tried again. Load the list again.',
    })
  }
  await sql`
    update lifecycle_action set state = 'waiting', reason = null, error = null, attempts = 0, updated_at = ${ctx.now}
    where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx)
  enqueue(ctx, { name: runJob, payload: { id } })
  const subject = { kind: 'contact', id: known.contact_id }
  record(ctx, { action: 'lifecycle_action.retried', subject, details: { action: id } })
}
