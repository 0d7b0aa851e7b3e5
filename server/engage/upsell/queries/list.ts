import { sql } from 'kysely'
import type { z } from 'zod'
import { memberName } from '../../../customers/accounts/queries/customers.ts'
import { withinReach } from '../../../customers/accounts/queries/reach.ts'
import { type Context, requirePermission } from '../../../platform/context/context.ts'
import { notFound } from '../../../platform/errors/app-error.ts'
import type { RouteReply } from '../../../platform/http/contract.ts'
import { cursorOf, readCursor } from '../../../platform/http/paging.ts'
import type { returnBasis as basis, listUpsell as list, UpsellOpportunity } from '../contract/opportunities.ts'
import { upsellSettingsOf } from './settings.ts'

/** A page of opportunities, the largest estimated revenue first, with the sum of all that are asked for. */
export async function listUpsell(
  ctx: Context,
  { kind, status, timing, mine, search, limit, cursor }: z.output<typeof list.query>,
): Promise<RouteReply<typeof list>> {
  const scope = requirePermission(ctx, 'customers.read')
  const { currency } = await upsellSettingsOf(ctx)
  const after = readCursor(cursor, 2)
  const self = ctx.actor.kind === 'member' ? ctx.actor.id : null
  const asked = sql`
    from upsell_opportunity o join customer c on c.tenant_id = ${ctx.tenantId} and c.id = o.customer_id
    where o.tenant_id = ${ctx.tenantId} and c.merged_into is null and ${withinReach(ctx, scope)}
      and ${status ? sql`o.status = ${status}` : sql`o.closed_at is null`}
      and ${kind ? sql`o.kind = ${kind}` : sql`true`} and ${timing ? sql`${timing} = any(o.timing)` : sql`true`}
      and ${mine ? sql`c.owner_id = ${self}::uuid` : sql`true`}
      and ${search ? sql`position(lower(${search}) in lower(c.name)) > 0` : sql`true`}`
  const { rows } = await sql<UpsellOpportunity>`
    select o.id, o.customer_id as "customerId", c.name as "customerName", o.kind, o.status, c.owner_id as "ownerId",
      ${memberName(ctx, sql`c.owner_id`)} as "ownerName",
      o.plan, o.next_plan as "nextPlan", o.users, o.uses::float8 as uses, o.estimated_arr as "estimatedArr", o.currency, o.signals, o.timing,
      to_char(o.contact_by, 'YYYY-MM-DD') as "contactBy", to_char(c.renewal_on, 'YYYY-MM-DD') as "renewalOn",
      to_char(o.found_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "foundAt"
    ${asked} and ${after ? sql`(o.estimated_arr, o.id) < (${after[0]}::float8, ${after[1]}::uuid)` : sql`true`}
    order by o.estimated_arr desc, o.id desc limit ${limit + 1}`.execute(ctx.tx)
  const { rows: sums } = await sql<{ total: number; sum: number }>`
    select count(*)::int as total, coalesce(sum(o.estimated_arr) filter (where o.currency = ${currency}), 0)::float8 as sum ${asked}`.execute(
    ctx.tx,
  )
  const items = rows.slice(0, limit)
  const last = rows.length > limit ? items.at(-1) : undefined
  const next = last ? cursorOf([last.estimatedArr, last.id]) : null
  return { items, next, total: sums[0]!.total, estimatedArr: sums[0]!.sum, currency }
}

/**
 * What the return for a customer is worked out from: people who use the product, uses of the last 30 days as pieces of
 * work, and what it pays a year, or would pay by its open opportunity.
 * @throws AppError `not_found`
 */
export async function returnBasisOf(ctx: Context, id: string): Promise<RouteReply<typeof basis>> {
  const scope = requirePermission(ctx, 'customers.read')
  const { hourlyRate, hoursPerWork, months } = await upsellSettingsOf(ctx)
  const { rows } = await sql<{ customerName: string; people: number; work: number; price: number; currency: string }>`
    select c.name as "customerName", case when c.arr > 0 then c.currency else coalesce(o.currency, c.currency) end as currency,
      case when c.arr > 0 then c.arr::float8 else coalesce(o.estimated_arr, 0) end as price,
      greatest(coalesce(c.licence_count, 0), (select count(*) from contact k
        where k.tenant_id = ${ctx.tenantId} and k.customer_id = c.id and k.merged_into is null and k.left_on is null))::int as people,
      coalesce((select sum(u.events) from usage_daily u where u.tenant_id = ${ctx.tenantId} and u.customer_id = c.id
        and u.day > ${ctx.now}::timestamptz::date - 30), 0)::float8 as work
    from customer c left join upsell_opportunity o on o.tenant_id = ${ctx.tenantId} and o.customer_id = c.id and o.closed_at is null
    where c.tenant_id = ${ctx.tenantId} and c.id = ${id} and c.merged_into is null and ${withinReach(ctx, scope)}
    order by o.estimated_arr desc limit 1`.execute(ctx.tx)
  const [known] = rows
  if (!known) throw notFound()
  const { work, ...rest } = known
  return { ...rest, workPerMonth: work, hourlyRate, hoursPerWork, months }
}
