import { type RawBuilder, sql } from 'kysely'
import { isColleague, withinReach } from '../../../customers/accounts/queries/reach.ts'
import { type Context, permissionScope, requirePermission } from '../../../platform/context/context.ts'
import type { Scope } from '../../../platform/permissions/contract.ts'

/** A condition on the task `t`: its customer is one of those that a record scope covers. */
function ofCustomers(ctx: Context, scope: Scope): RawBuilder<boolean> {
  return sql`t.customer_id in (select c.id from customer c where c.tenant_id = ${ctx.tenantId} and ${withinReach(ctx, scope)})`
}

/** A condition on `t`: somebody among one's own people has it or made it, or nobody has it. */
function ofColleagues(ctx: Context, whose: 'own' | 'team'): RawBuilder<boolean> {
  return sql`(${isColleague(ctx, sql`t.assignee_id`, whose)} or ${isColleague(ctx, sql`t.created_by`, whose)}
    or t.customer_id is null and t.assignee_id is null)`
}

/** A condition on `t`: the actor may change it. Those of one's customers, one's own and what one made; a lead those of the teams. */
export function mayChange(ctx: Context): RawBuilder<boolean> {
  const scope = permissionScope(ctx.actor, 'tasks.handle')
  if (scope === undefined) return sql`false`
  if (scope === 'all') return sql`true`
  return sql`coalesce(${ofColleagues(ctx, scope)} or ${ofCustomers(ctx, scope)}, false)`
}

/** A condition on `t`: the actor may see it. Without a customer it is a matter of who has it and their teams. */
export function visible(ctx: Context): RawBuilder<boolean> {
  const scope = requirePermission(ctx, 'customers.read')
  const customers = scope === 'all' ? sql`t.customer_id is not null` : ofCustomers(ctx, scope)
  const others = permissionScope(ctx.actor, 'tasks.handle') === 'all' ? sql`true` : ofColleagues(ctx, 'team')
  return sql`(${customers} or coalesce(${others}, false))`
}
