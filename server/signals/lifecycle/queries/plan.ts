import { sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'

/**
 * Statements over all leads join by hash: under row-level security the planner takes a company's rows for far fewer than
 * they are. Their hashes do not fit the memory that a small statement gets.
 */
export async function planFor(ctx: Context, everybody: boolean): Promise<void> {
  await sql`set local enable_nestloop = ${everybody ? sql`off` : sql`on`}`.execute(ctx.tx)
  if (everybody) await sql`set local work_mem = '64MB'`.execute(ctx.tx)
}
