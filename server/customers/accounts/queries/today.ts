import { type RawBuilder, sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'

/** Today in the company's time zone, as a date in a statement. */
export function today(ctx: Context): RawBuilder<string> {
  return sql`(select (${ctx.now}::timestamptz at time zone company.time_zone)::date from tenant company where company.id = ${ctx.tenantId})`
}
