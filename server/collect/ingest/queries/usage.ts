import { type RawBuilder, sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'
import { notFound } from '../../../platform/errors/app-error.ts'
import { JsonText } from '../../../platform/http/implement.ts'

/** Features that are told; the rest is the long tail. */
const mostFeatures = 50

/**
 * Use by a customer in the last days, today included.
 * @throws AppError `not_found`
 */
export async function usageOfCustomer(ctx: Context, id: string, days: number): Promise<JsonText> {
  const { rows } = await sql`
    select 1 from customer where tenant_id = ${ctx.tenantId} and id = ${id} and merged_into is null`.execute(ctx.tx)
  if (rows.length === 0) throw notFound()
  return usage(ctx, sql`customer_id = ${id}`, days)
}

/** Use by a contact. @throws AppError `not_found` */
export async function usageOfContact(ctx: Context, id: string, days: number): Promise<JsonText> {
  const { rows } = await sql`
    select 1 from contact where tenant_id = ${ctx.tenantId} and id = ${id} and merged_into is null`.execute(ctx.tx)
  if (rows.length === 0) throw notFound()
  return usage(ctx, sql`contact_id = ${id}`, days)
}

async function usage(ctx: Context, whose: RawBuilder<unknown>, days: number): Promise<JsonText> {
  const { rows } = await sql<{ item: string }>`
    with today as (
      select (${ctx.now}::timestamptz at time zone time_zone)::date as day from tenant where id = ${ctx.tenantId}
    ), used as materialized (
      select day, feature, coalesce(contact_id::text, person) as who, events from usage_daily
      where tenant_id = ${ctx.tenantId} and ${whose}
        and day > (select day from today) - greatest(${days * 2}::integer, 190)
    ), recent as (
      select * from used where day > (select day from today) - ${days}::integer
    )
    select json_build_object(
      'days', (
        select json_agg(json_build_object('day', to_char(d.day, 'YYYY-MM-DD'), 'events', coalesce(u.events, 0), 'contacts', coalesce(u.contacts, 0)) order by d.day)
        from (select (select day from today) - n as day from generate_series(0, ${days - 1}::integer) n) d
        left join (select day, sum(events) as events, count(distinct who) as contacts from recent group by day) u using (day)),
      'features', (
        select coalesce(json_agg(f order by f.events desc, f.feature), '[]') from (
          select feature, coalesce(sum(events) filter (where day > (select day from today) - ${days}::integer), 0)::bigint as events,
            count(distinct who) filter (where day > (select day from today) - ${days}::integer) as contacts,
            coalesce(sum(events) filter (where day <= (select day from today) - ${days}::integer), 0)::bigint as before
          from used where day > (select day from today) - ${days * 2}::integer
          group by feature order by 2 desc, 4 desc, 1 limit ${mostFeatures}) f),
      'weeks', (
        select json_agg(json_build_object('week', to_char(w.week, 'YYYY-MM-DD'), 'events', coalesce(u.events, 0)) order by w.week)
        from (select date_trunc('week', (select day from today))::date - 7 * n as week from generate_series(0, 25) n) w
        left join (select date_trunc('week', day)::date as week, sum(events) as events from used group by 1) u using (week))
    )::text as item`.execute(ctx.tx)
  return new JsonText(rows[0]!.item)
}
