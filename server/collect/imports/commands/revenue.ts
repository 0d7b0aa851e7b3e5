import { sql } from 'kysely'
import type { By } from '../../../customers/accounts/commands/values.ts'
import { type Revenue, setRevenue } from '../../../customers/contracts/commands/save.ts'
import type { Context } from '../../../platform/context/context.ts'
import type { Values, Write } from '../write.ts'

/**
 * Brings revenue that stands on a customer's row into the ledger: from the start of the contract on, and until the day
 * on which a customer left.
 * @param before what the customers held, by id; none for those that are new
 */
export async function followRevenue(ctx: Context, rows: Write[], by: By, before: Map<string, Values>): Promise<void> {
  const today = await todayOf(ctx)
  const revenue = rows.flatMap(({ id, values }): Revenue[] => {
    const known = before.get(id) ?? {}
    const hasLeft = (values.status ?? known.status) === 'CHURNED'
    const mrr = typeof values.mrr === 'number' ? values.mrr : undefined
    if (!hasLeft)
      return mrr === undefined || (mrr === 0 && !known.mrr) ? [] : [{ customerId: id, mrr, ...startOf(values, known) }]
    // Of a customer that had left before, the amount is what it once paid.
    if (known.status === 'CHURNED') return []
    const worth = mrr ?? (typeof known.mrr === 'number' ? known.mrr : 0)
    const until = typeof values.churnedOn === 'string' ? values.churnedOn : today
    return worth > 0 ? [{ customerId: id, mrr: worth, until, ...startOf(values, known) }] : []
  })
  await setRevenue(ctx, revenue, by)
}

/** The start counts for revenue that begins; a change of it counts from today. */
function startOf(values: Values, known: Values): { from?: string } {
  return typeof values.contractStart === 'string' && !known.mrr ? { from: values.contractStart } : {}
}

async function todayOf(ctx: Context): Promise<string> {
  const { rows } = await sql<{ day: string }>`
    select (${ctx.now}::timestamptz at time zone time_zone)::date::text as day from tenant where id = ${ctx.tenantId}`.execute(
    ctx.tx,
  )
  return rows[0]!.day
}
