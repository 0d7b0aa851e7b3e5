import { sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'

/** Customers of a member who left have nobody until they are handed over; the history says why. */
export async function releaseCustomers(ctx: Context, memberId: string): Promise<void> {
  await sql`
    with released as (
      update customer set owner_id = null, updated_at = ${ctx.now}
      where tenant_id = ${ctx.tenantId} and owner_id = ${memberId}::uuid returning id)
    insert into customer_history (tenant_id, id, customer_id, at, field, from_value, to_value, cause)
    select ${ctx.tenantId}, gen_random_uuid(), released.id, ${ctx.now}, 'owner', ${memberId}, null, 'member_left'
    from released returning 1`.execute(ctx.tx)
}
