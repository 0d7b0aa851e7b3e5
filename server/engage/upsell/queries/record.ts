import { sql } from 'kysely'
import { withinReach } from '../../../customers/accounts/queries/reach.ts'
import { tierModelOf } from '../../../customers/accounts/queries/tier-model.ts'
import { type Context, requirePermission } from '../../../platform/context/context.ts'
import { JsonText } from '../../../platform/http/implement.ts'
import { cursorOf, readCursor } from '../../../platform/http/paging.ts'
import { type Detected, opportunityOf } from '../opportunity.ts'

interface OpportunityList {
  csmId?: string
  reason?: string
  limit: number
  cursor?: string
}

/** Share of a tier's upper limit, or of the licences, from which a customer is near it. */
const near = 0.8

/**
 * Customers ready for more (CUS-32): expansion probability above 50 %, near the limit of their tier or of their licences,
 * or satisfied and engaged (NPS at least 50 or CSAT at least 4.5, with health or adoption of at least 80). The strongest
 * reason of each; most likely first.
 */
export async function listExpansionOpportunities(
  ctx: Context,
  { csmId, reason, limit, cursor }: OpportunityList,
): Promise<JsonText> {
  const scope = requirePermission(ctx, 'customers.read')
  const model = await tierModelOf(ctx)
  const after = readCursor(cursor, 2)
  const factor = model.measure === 'annual_revenue' ? 12 : 1
  const isRevenue = model.measure === 'annual_revenue' || model.measure === 'monthly_revenue'
  const limits = model.tiers.map((tier, place) => ({
    key: tier.key,
    seats: tier.seats ?? null,
    next: isRevenue ? (model.tiers[place + 1]?.minimum ?? null) : null,
  }))
  const { rows } = await sql<Detected>`
    with considered as (
      select c.id, c.name, c.owner_id, c.tier, c.tier_key, c.arr::float8 as arr, c.currency,
        p.expansion_probability::float8 as likely,
        greatest(case when c.currency = ${model.currency} then c.mrr * ${factor} / nullif(t.next, 0) end,
          c.licence_count::numeric / nullif(t.seats, 0))::float8 as filled,
        (coalesce(p.nps, -100) >= 50 or coalesce(p.csat, 0) >= 4.5)
          and (coalesce(c.health_score, 0) >= 80 or coalesce(p.adoption_rate, 0) >= 80) as content,
        (select max(coalesce(r.held_at, r.scheduled_at)) from business_review r
          where r.tenant_id = ${ctx.tenantId} and r.customer_id = c.id and coalesce(r.held_at, r.scheduled_at) <= ${ctx.now}) as reviewed
      from customer c
      left join success_profile p on p.tenant_id = ${ctx.tenantId} and p.customer_id = c.id
      left join jsonb_to_recordset(${JSON.stringify(limits)}::jsonb) as t (key text, seats int, next numeric) on t.key = c.tier_key
      where c.tenant_id = ${ctx.tenantId} and c.merged_into is null and c.status not in ('CHURNED', 'AT_RISK')
        and ${withinReach(ctx, scope)} and ${csmId ? sql`c.owner_id = ${csmId}::uuid` : sql`true`}),
    detected as (
      select *, case when likely > 50 then 'EXPANSION_PROBABILITY' when filled >= ${near} then 'NEAR_TIER_LIMIT'
        when content then 'SATISFIED_AND_ENGAGED' end as reason,
        round(coalesce(likely, case when filled >= ${near} then least(90, 50 + (filled - ${near}) * 200) when content then 55 end)::numeric, 1)::float8 as probability
      from considered)
    select id, name, owner_id, tier, tier_key, arr, currency, filled, reason, probability, reviewed from detected
    where reason is not null and ${reason ? sql`reason = ${reason}` : sql`true`}
      and ${after ? sql`(probability, id) < (${after[0]}::float8, ${after[1]}::uuid)` : sql`true`}
    order by probability desc, id desc limit ${limit + 1}`.execute(ctx.tx)
  const shown = rows.slice(0, limit)
  const last = rows.length > limit ? shown.at(-1) : undefined
  return new JsonText(
    JSON.stringify({
      items: shown.map(row => opportunityOf(row, model)),
      next: last ? cursorOf([last.probability, last.id]) : null,
    }),
  )
}
