import { sql } from 'kysely'
import type { Database } from '../db/kysely.ts'

/**
 * Removes system mails after 30 days: they hold addresses and links. Whatever their state: the links have expired, and
 * one that still waits would have been given up long ago.
 */
export async function forgetMails(tx: Database): Promise<void> {
  await sql`delete from system_mail where created_at < now() - interval '30 days'`.execute(tx)
}
