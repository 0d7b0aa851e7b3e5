import { type RawBuilder, sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'
import type { RecordKind } from '../../../platform/context/vocabulary.ts'

/** The time zone of the company. */
export async function zoneOf(ctx: Context): Promise<string> {
  const { rows } = await sql<{ zone: string }>`
    select time_zone as zone from tenant where id = ${ctx.tenantId}`.execute(ctx.tx)
  return rows[0]!.zone
}

/** The time zone of a customer or contact `s`: its own, that of a contact's customer, or the company's. */
export function zoneOfSubject(ctx: Context, subject: RecordKind, company: string): RawBuilder<string> {
  if (subject === 'customer') return sql`coalesce(s.time_zone, ${company})`
  return sql`coalesce(s.time_zone, (select k.time_zone from customer k where k.tenant_id = ${ctx.tenantId} and k.id = s.customer_id), ${company})`
}
