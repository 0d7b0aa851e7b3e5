import { type RawBuilder, sql } from 'kysely'
import { type Context, requirePermission } from '../../../platform/context/context.ts'
import type { Scope } from '../../../platform/permissions/contract.ts'

/**
 * The customers that a record scope covers, as a condition on `c`: `own` those one looks after, `team` also those of
 * the colleagues in one's teams and those that nobody looks after.
 */
export function withinReach(ctx: Context, scope: Scope): RawBuilder<boolean> {
  if (scope === 'all') return sql`true`
  return scope === 'own' ? lookedAfterBy(ctx, scope) : sql`(c.owner_id is null or ${lookedAfterBy(ctx, scope)})`
}

/** A condition on `c`: the actor, or a colleague of one of their teams, looks after it. */
export function lookedAfterBy(ctx: Context, whose: 'own' | 'team'): RawBuilder<boolean> {
  return isColleague(ctx, sql`c.owner_id`, whose)
}

/** A condition on the id of a member: the actor, or also a colleague of one of their teams. */
export function isColleague(ctx: Context, member: RawBuilder<unknown>, whose: 'own' | 'team'): RawBuilder<boolean> {
  const self = ctx.actor.id ?? null
  if (whose === 'own') return sql`${member} = ${self}::uuid`
  return sql`(${member} = ${self}::uuid or ${member} in (
    select colleague.member_id from team_member own
    join team_member colleague on colleague.tenant_id = ${ctx.tenantId} and colleague.team_id = own.team_id
    where own.tenant_id = ${ctx.tenantId} and own.member_id = ${self}::uuid))`
}

/** A condition on a record `r` with a `customer_id`: its customer is one that the actor may see. */
export function visibleRecord(ctx: Context): RawBuilder<boolean> {
  const scope = requirePermission(ctx, 'customers.read')
  if (scope === 'all') return sql`true`
  return sql`r.customer_id in (
    select c.id from customer c where c.tenant_id = ${ctx.tenantId} and ${withinReach(ctx, scope)})`
}
