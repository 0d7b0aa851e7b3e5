import { type RawBuilder, sql } from 'kysely'
import { withinReach } from '../../../customers/accounts/queries/reach.ts'
import { type Context, requirePermission } from '../../../platform/context/context.ts'
import type { Permission } from '../../../platform/permissions/contract.ts'

/** A condition on an expression of a customer's id: it lies within what the actor may do; leads are for those who may all. */
export function customerInReach(
  ctx: Context,
  customer: RawBuilder<unknown>,
  permission: Permission,
): RawBuilder<boolean> {
  const scope = requirePermission(ctx, permission)
  if (scope === 'all') return sql`true`
  return sql`${customer} in (select c.id from customer c where c.tenant_id = ${ctx.tenantId} and ${withinReach(ctx, scope)})`
}
