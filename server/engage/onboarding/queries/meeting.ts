import { type RawBuilder, sql } from 'kysely'
import type { Condition } from '../../../catalog/conditions/contract.ts'
import type { Context } from '../../../platform/context/context.ts'
import { joinByHash } from '../../../platform/db/join-plan.ts'
import { matchingRecords } from '../../../signals/segments/queries/matching.ts'

/**
 * Customers among those of a statement that meet a condition. Joined by hash: where the planner takes journeys for fewer
 * than they are, it would add up the use of everybody again for each of them.
 */
export async function meetingNow(ctx: Context, condition: Condition, among: RawBuilder<unknown>): Promise<string[]> {
  const matching = await matchingRecords(ctx, 'customer', condition, among)
  await joinByHash(ctx.tx, true)
  const { rows } = await sql<{ id: string }>`select m.id from (${matching}) m`.execute(ctx.tx)
  await joinByHash(ctx.tx, false)
  return rows.map(({ id }) => id)
}
