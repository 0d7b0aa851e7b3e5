import { sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'

/** Says of messages that they lie in the development mailbox: there is no server that would take them. */
export async function keepMessages(ctx: Context, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await sql`
    update message set state = 'kept', lease_until = null, variables = '{}', updated_at = now()
    where tenant_id = ${ctx.tenantId} and id = any(${ids}::uuid[]) and state = 'sending'`.execute(ctx.tx)
}
