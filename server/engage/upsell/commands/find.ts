import { sql } from 'kysely'
import { announce, type Context } from '../../../platform/context/context.ts'
import type { UpsellSettings } from '../contract/settings.ts'
import { detected } from '../queries/detect.ts'
import { upsellSettingsOf } from '../queries/settings.ts'
import type { Found } from '../words.ts'
import { tellOfOpportunities } from './tell.ts'

export const findJob = 'upsell.find'

/** A customer to whom it was lost is left alone so long (days). */
const restDays = 90
/** A customer of a paid plan is contacted so soon (UPS-2, days). */
const contactDays = 3

/**
 * Looks at all customers: opens opportunities that are new, brings the figures of open ones up to date, ends those for which
 * nothing speaks any more and that nobody has in hand, and counts those as won whose customer has the larger plan.
 */
export async function findOpportunities(ctx: Context): Promise<void> {
  const settings = await upsellSettingsOf(ctx)
  const fresh = await keep(ctx, settings)
  await end(ctx, settings)
  if (fresh.length === 0) return
  await tellOfOpportunities(ctx, settings, fresh)
  announce(ctx, { type: 'upsell.found', payload: { opportunities: fresh.length } })
}

async function keep(ctx: Context, settings: UpsellSettings): Promise<Found[]> {
  const { rows } = await sql<Found & { is_new: boolean }>`
    with found as materialized (${detected(ctx, settings)}),
    kept as (
      insert into upsell_opportunity as o (tenant_id, id, customer_id, kind, status, plan, next_plan, users, uses, estimated_arr, currency,
        signals, timing, contact_by, found_at, updated_at)
      select ${ctx.tenantId}, gen_random_uuid(), f.id, f.kind, 'open', f.plan, f.next_plan, f.users, f.uses, f.estimated_arr, ${settings.currency},
        f.signals, f.timing, case when f.kind = 'plan_up' then f.today + ${contactDays}::int end, ${ctx.now}, ${ctx.now}
      from found f
      where not exists (
        select 1 from upsell_opportunity l where l.tenant_id = ${ctx.tenantId} and l.customer_id = f.id and l.kind = f.kind
          and l.status = 'lost' and l.closed_at > ${ctx.now}::timestamptz - make_interval(days => ${restDays}::int))
      on conflict (tenant_id, customer_id, kind) where closed_at is null do update set plan = excluded.plan, next_plan = excluded.next_plan,
        users = excluded.users, uses = excluded.uses, estimated_arr = excluded.estimated_arr, currency = excluded.currency,
        signals = excluded.signals, timing = excluded.timing, updated_at = excluded.updated_at
      returning o.id, o.customer_id, o.kind, o.plan, o.next_plan, o.users, o.uses, o.estimated_arr, o.found_at = ${ctx.now}::timestamptz as is_new)
    select k.id, k.customer_id, c.name, c.owner_id, k.kind, k.plan, k.next_plan, k.users, k.uses::float8 as uses, k.estimated_arr, k.is_new
    from kept k join customer c on c.tenant_id = ${ctx.tenantId} and c.id = k.customer_id
    where k.is_new order by k.estimated_arr desc, k.id`.execute(ctx.tx)
  return rows
}

async function end(ctx: Context, { plans }: UpsellSettings): Promise<void> {
  const places = plans.map(({ name }, place) => ({ name: name.toLowerCase(), place }))
  await sql`
    with place as (select * from jsonb_to_recordset(${JSON.stringify(places)}::jsonb) as p (name text, place int)),
    over as (
      select o.id, case when mine.place >= wanted.place then 'won' else 'expired' end as status
      from upsell_opportunity o join customer c on c.tenant_id = ${ctx.tenantId} and c.id = o.customer_id
      left join place mine on mine.name = lower(c.plan) left join place wanted on wanted.name = lower(o.next_plan)
      where o.tenant_id = ${ctx.tenantId} and o.closed_at is null and o.updated_at < ${ctx.now}
        and (mine.place >= wanted.place or o.status = 'open'))
    update upsell_opportunity o set status = over.status, closed_at = ${ctx.now}, updated_at = ${ctx.now}
    from over where o.tenant_id = ${ctx.tenantId} and o.id = over.id`.execute(ctx.tx)
}
