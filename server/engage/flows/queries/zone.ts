import { sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'

/** The time zone of the company. */
export async function zoneOf(ctx: Context): Promise<string> {
  const { rows } = await sql<{ zone: string }>`
    select time_zone as zone from tenant where id = ${ctx.tenantId}`.execute(ctx.tx)
  return rows[0]!.zone
}
