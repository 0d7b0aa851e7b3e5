import { lockCustomers } from '../../../customers/accounts/commands/lock.ts'
import { type Context, enqueue, record, requirePermission } from '../../../platform/context/context.ts'
import { computeAllJob, recomputeCustomers } from '../../metrics/commands/follow.ts'
import { recalculateHealth } from './recalculate.ts'

/**
 * Works figures and health out anew: of some customers at once, of all of them in the background.
 * @returns null where it is done in the background
 */
export async function recalculateNow(ctx: Context, ids: string[] | undefined) {
  requirePermission(ctx, 'customers.write')
  record(ctx, { action: 'health.recalculation_asked', details: { customers: ids?.length ?? null } })
  if (ids === undefined) {
    enqueue(ctx, { name: computeAllJob, payload: {}, key: 'all' })
    return { customers: null, changed: null }
  }
  const within = (await lockCustomers(ctx, ids, 'customers.write')).map(customer => customer.id)
  await recomputeCustomers(ctx, within)
  return recalculateHealth(ctx, within)
}
