import { sql } from 'kysely'
import type { Database } from './kysely.ts'

/**
 * Tells the planner how to join for the rest of the transaction, or until it is told otherwise: what reads everybody
 * joins by hash. Under row-level security, and after a burst of changes, the planner takes a company's rows for far
 * fewer than they are and would look them up one by one; and hashes of everybody do not fit the memory that a small
 * statement gets.
 */
export async function joinByHash(tx: Database, everybody: boolean): Promise<void> {
  await sql`set local enable_nestloop = ${everybody ? sql`off` : sql`on`}`.execute(tx)
  await sql`set local work_mem = ${everybody ? sql`'64MB'` : sql`default`}`.execute(tx)
}
