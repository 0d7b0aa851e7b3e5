import { sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'
import { noteToday } from './facts.ts'

/** Customers of a member who left have nobody until they are handed over; the history says why. */
export async function releaseCustomers(ctx: Context, memberId: string): Promise<void> {
  const { rows } = await sql<{ customer_id: string }>`
    with released as (
      update customer set owner_id = null, updated_at = ${ctx.now}
      where tenant_id = ${ctx.tenantId} and owner_id = ${memberId}::uuid returning id)
    insert into customer_history (tenant_id, id, customer_id, at, field, from_value, to_value, cause)
    select ${ctx.tenantId}, gen_random_uuid(), released.id, ${ctx.now}, 'owner', ${memberId}, null, 'member_left'
    from released returning customer_id`.execute(ctx.tx)
  await noteToday(
    ctx,
    'customer',
    rows.map(row => row.customer_id),
  )
}
