import { type RawBuilder, sql } from 'kysely'
import { withinReach } from '../../../customers/accounts/queries/reach.ts'
import { type Context, requirePermission } from '../../../platform/context/context.ts'

/** A condition on a contact `c`: one that there is, at a customer within the actor's reach, or a lead. */
export function reachableContact(ctx: Context): RawBuilder<boolean> {
  const scope = requirePermission(ctx, 'customers.read')
  if (scope === 'all') return sql`c.merged_into is null`
  return sql`(c.merged_into is null and (c.customer_id is null or c.customer_id in (
    select reached.id from customer reached where reached.tenant_id = ${ctx.tenantId}
      and reached.id in (select c.id from customer c where c.tenant_id = ${ctx.tenantId} and ${withinReach(ctx, scope)}))))`
}

/** A condition on a contact `c`: it belongs to no customer and is in no stage. */
export function unstagedLead(ctx: Context): RawBuilder<boolean> {
  return sql`(c.merged_into is null and c.customer_id is null and not exists (
    select 1 from lifecycle_position p where p.tenant_id = ${ctx.tenantId} and p.contact_id = c.id and p.stage_id is not null))`
}
