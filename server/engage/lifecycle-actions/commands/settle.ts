import { sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'
import type { LifecycleAction } from '../contract.ts'

/** How an action ended. */
export interface Ending {
  state: 'done' | 'failed' | 'skipped'
  reason: NonNullable<LifecycleAction['reason']>
  mailId?: string
  customerId?: string
  noticeKey?: string
}

/** Notes how actions ended. */
export async function settle(ctx: Context, ids: readonly string[], ending: Ending): Promise<void> {
  const { state, reason, mailId = null, customerId = null, noticeKey = null } = ending
  await sql`
    update lifecycle_action set state = ${state}, reason = ${reason}, error = null, attempts = attempts + 1, mail_id = ${mailId}::uuid,
      customer_id = ${customerId}::uuid, notice_key = ${noticeKey}, updated_at = ${ctx.now}
    where tenant_id = ${ctx.tenantId} and id = any(${ids}::uuid[])`.execute(ctx.tx)
}
