import { sql } from 'kysely'
import type { Database } from '../db/kysely.ts'

/** Removes jobs that somebody cancelled a month ago. Failed ones stay until somebody decides. */
export async function forgetCancelled(tx: Database): Promise<void> {
  await sql`
    delete from job where state = 'cancelled' and updated_at < now() - interval '30 days' /* all tenants */`.execute(tx)
}
