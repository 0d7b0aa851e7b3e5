import { sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'
import type { MergeRecord } from './sides.ts'
import { contactSide, customerSide } from './suggest.ts'

/** The two records of a merge as a person reads them. */
export async function bothSides(ctx: Context, record: MergeRecord, keptId: string, mergedId: string) {
  const side = record === 'customer' ? customerSide(sql`r`, ctx) : contactSide(sql`r`, ctx)
  const { rows } = await sql<{ id: string; side: never }>`
    select r.id, ${side} as side from ${sql.table(record)} r
    where r.tenant_id = ${ctx.tenantId} and r.id = any(${[keptId, mergedId]}::uuid[])`.execute(ctx.tx)
  const [kept, merged] = [keptId, mergedId].map(id => rows.find(row => row.id === id)!.side)
  return { kept: kept!, merged: merged! }
}
