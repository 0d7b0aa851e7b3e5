import { sql } from 'kysely'
import type { Context } from '../context/context.ts'

/**
 * Does something to see what it does, and takes it back: what it writes is rolled back to here, what it announces,
 * enqueues and records is thrown away. What `work` reads and returns stays.
 */
export async function inTrial<Result>(ctx: Context, work: (trial: Context) => Promise<Result>): Promise<Result> {
  await sql`savepoint trial`.execute(ctx.tx)
  try {
    return await work({ ...ctx, pending: { events: [], jobs: [], records: [] } })
  } finally {
    await sql`rollback to savepoint trial`.execute(ctx.tx)
    // One trial may lie within another: the outer one has to find its own savepoint under the name.
    await sql`release savepoint trial`.execute(ctx.tx)
  }
}
