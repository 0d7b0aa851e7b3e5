import { type RawBuilder, sql } from 'kysely'
import { type Context, enqueue } from '../../../platform/context/context.ts'
import type { FactKind } from '../../../platform/context/vocabulary.ts'
import type { RecordShape } from '../catalog.ts'
import { followFactsJob } from '../events.ts'
import { today } from '../queries/today.ts'

/** Writes of so many milliseconds are followed together. */
const gathering = 2_000

/**
 * Notes that facts about customers changed, so that figures, health, segments and alerts follow soon.
 * @param changes a statement that gives `customer_id` (null for contacts of no customer) and `from_day`, the first day
 * whose figures may be other ones now; the company's today is `today(ctx)`
 */
export async function noteFacts(ctx: Context, facts: FactKind, changes: RawBuilder<unknown>): Promise<void> {
  const { numAffectedRows } = await sql`
    insert into fact_change (tenant_id, id, customer_id, facts, from_day)
    select ${ctx.tenantId}, gen_random_uuid(), change.customer_id, ${facts}, change.from_day from (${changes}) change
    on conflict do nothing`.execute(ctx.tx)
  if (numAffectedRows === 0n) return
  followSoon(ctx)
}

/** Has what was noted followed; several writes of a moment are followed together. */
export function followSoon(ctx: Context): void {
  enqueue(ctx, {
    name: followFactsJob,
    payload: {},
    key: 'follow',
    runAt: new Date(ctx.now.getTime() + gathering),
  })
}

/** The same for customers whose past may be another one now, back to the beginning. */
export async function noteWholePast(ctx: Context, facts: FactKind, customerIds: readonly string[]): Promise<void> {
  if (customerIds.length === 0) return
  await noteFacts(
    ctx,
    facts,
    sql`select id as customer_id, '-infinity'::date as from_day from unnest(${customerIds}::uuid[]) as id`,
  )
}

/** The same for what says only how customers are now. */
export async function noteToday(ctx: Context, facts: FactKind, customerIds: readonly string[]): Promise<void> {
  if (customerIds.length === 0) return
  await noteFacts(
    ctx,
    facts,
    sql`select id as customer_id, ${today(ctx)} as from_day from unnest(${customerIds}::uuid[]) as id`,
  )
}

/** Notes records of a shape as they stand: called after they were made, before and after a change, before they go. */
export async function noteRecords(ctx: Context, shape: RecordShape, ids: readonly string[]): Promise<void> {
  if (!shape.counts || ids.length === 0) return
  const { facts, since } = shape.counts
  const column = sql.ref(`r.${since}`)
  const isDay = Object.values(shape.fields).some(field => field.column === since && field.type === 'date')
  const day = isDay ? column : sql`(${column} at time zone company.time_zone)::date`
  await noteFacts(
    ctx,
    facts,
    sql`select r.customer_id, min(${day}) as from_day from ${sql.table(shape.table)} r
      join tenant company on company.id = ${ctx.tenantId}
      where r.tenant_id = ${ctx.tenantId} and r.id = any(${ids}::uuid[]) and r.customer_id is not null
      group by r.customer_id having min(${day}) is not null`,
  )
}
