import { sql } from 'kysely'
import { type Context, requirePermission } from '../../../platform/context/context.ts'
import { notFound } from '../../../platform/errors/app-error.ts'
import type { Permission } from '../../../platform/permissions/contract.ts'
import { withinReach } from '../queries/reach.ts'

export interface LockedCustomer {
  id: string
  name: string
  tier_key: string | null
  status: string
  currency: string
}

/**
 * Locks a customer for a change and asks permission for it.
 * @throws AppError `not_found`, also for one outside of the actor's reach
 */
export async function lockCustomer(ctx: Context, id: string, permission: Permission): Promise<LockedCustomer> {
  const scope = requirePermission(ctx, permission)
  const { rows } = await sql<LockedCustomer>`
    select c.id, c.name, c.tier_key, c.status, c.currency from customer c
    where c.tenant_id = ${ctx.tenantId} and c.id = ${id} and c.merged_into is null and ${withinReach(ctx, scope)}
    for no key update`.execute(ctx.tx)
  if (!rows[0]) throw notFound()
  return rows[0]
}

/** Locks several customers, in one order so that two bulk changes cannot block each other. @returns those within reach */
export async function lockCustomers(ctx: Context, ids: string[], permission: Permission): Promise<LockedCustomer[]> {
  const scope = requirePermission(ctx, permission)
  const { rows } = await sql<LockedCustomer>`
    select c.id, c.name, c.tier_key, c.status, c.currency from customer c
    where c.tenant_id = ${ctx.tenantId} and c.id = any(${ids}::uuid[]) and c.merged_into is null and ${withinReach(ctx, scope)}
    order by c.id for no key update`.execute(ctx.tx)
  return rows
}
