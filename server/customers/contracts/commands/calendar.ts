import { sql } from 'kysely'
import { type Context, enqueue } from '../../../platform/context/context.ts'
import { refreshRevenue } from './ledger.ts'
import { endRevenue, updateContracts } from './save.ts'

/** Contracts handled in one transaction. */
const atOnce = 2_000

/**
 * What a new day brings: contracts whose end has passed end, and revenue that begins or ends today counts. Those that
 * renew by themselves run on: for a year if they ran for about one, else for their billing interval.
 */
export async function followCalendar(ctx: Context): Promise<void> {
  const { rows } = await sql<{ id: string; auto_renew: boolean; ends_on: string; renewed: string }>`
    select k.id, k.auto_renew, k.ends_on::text, (k.ends_on + case
        when k.interval = 'YEAR' or k.ends_on - k.starts_on >= 360 then interval '1 year'
        when k.interval = 'QUARTER' then interval '3 months' else interval '1 month' end)::date::text as renewed
    from contract k join tenant company on company.id = ${ctx.tenantId}
    where k.tenant_id = ${ctx.tenantId} and k.status = 'ACTIVE'
      and k.ends_on < (${ctx.now}::timestamptz at time zone company.time_zone)::date
    order by k.id limit ${atOnce}`.execute(ctx.tx)
  await updateContracts(
    ctx,
    rows.map(({ id, auto_renew, renewed }) => ({
      id,
      values: auto_renew ? { endsOn: renewed, renewsOn: renewed } : { status: 'ENDED' },
    })),
    { origin: 'person' },
  )
  await refreshRevenue(ctx, null, 'rule')
  if (rows.length === atOnce) enqueue(ctx, { name: 'contracts.follow_calendar', payload: {} })
}

/** Ends the revenue of a customer on the day on which it left; nothing where it is back already. */
export async function endRevenueOfChurned(ctx: Context, customerId: string): Promise<void> {
  const { rows } = await sql<{ day: string }>`
    select c.churned_on::text as day from customer c
    where c.tenant_id = ${ctx.tenantId} and c.id = ${customerId} and c.status = 'CHURNED' and c.churned_on is not null`.execute(
    ctx.tx,
  )
  if (rows[0]) await endRevenue(ctx, [{ customerId, day: rows[0].day }], { origin: 'person' })
}
