import { sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'
import { noteWholePast } from '../../accounts/commands/facts.ts'
import { applyTierRule } from '../../accounts/commands/tiers.ts'

/**
 * Rewrites the ledger of these customers from their contracts and prices, and their current revenue from it. The day
 * after its last one a contract is worth nothing, so that one that follows it at once is no new business. A
 * movement is NEW when there was never revenue before, REACTIVATION when there was and it had gone, CHURN when none is
 * left, else EXPANSION or CONTRACTION. Several changes on one day are judged together and booked on each contract.
 */
export async function keepLedger(ctx: Context, customerIds: string[], cause: string): Promise<void> {
  if (customerIds.length === 0) return
  await noteWholePast(ctx, 'contracts', customerIds)
  await sql`
    delete from revenue_movement where tenant_id = ${ctx.tenantId} and customer_id = any(${customerIds}::uuid[])`.execute(
    ctx.tx,
  )
  await sql`
    insert into revenue_movement (tenant_id, customer_id, occurred_on, contract_id, currency, kind, amount, mrr_after)
    with today as (select (${ctx.now}::timestamptz at time zone company.time_zone)::date as day from tenant company where company.id = ${ctx.tenantId}),
    running as materialized (
      select k.id, k.customer_id, k.currency, k.starts_on,
        case when k.status in ('ENDED', 'CANCELLED') or (not k.auto_renew and k.ends_on < today.day) then k.ends_on + 1 end as gone_on
      from contract k, today
      where k.tenant_id = ${ctx.tenantId} and k.customer_id = any(${customerIds}::uuid[]) and k.status <> 'DRAFT'),
    priced as (
      -- The first price counts from the start on, wherever the start was moved; of several before the start the last one.
      select distinct on (p.contract_id, p.day) p.contract_id, p.day, p.mrr from (
        select t.contract_id, t.mrr, t.effective_on,
          case when row_number() over (partition by t.contract_id order by t.effective_on) = 1 then k.starts_on
            else greatest(t.effective_on, k.starts_on) end as day
        from running k join contract_term t on t.tenant_id = ${ctx.tenantId} and t.contract_id = k.id) p
      order by p.contract_id, p.day, p.effective_on desc),
    worth as (
      select p.contract_id, p.day, p.mrr from priced p join running k on k.id = p.contract_id where k.gone_on is null or p.day < k.gone_on
      union all
      select k.id, k.gone_on, 0 from running k where k.gone_on is not null),
    change as (
      select k.customer_id, k.currency, w.day, w.contract_id,
        w.mrr - coalesce(lag(w.mrr) over (partition by w.contract_id order by w.day), 0) as amount
      from worth w join running k on k.id = w.contract_id),
    by_day as (
      select customer_id, currency, day, sum(amount) as amount,
        sum(sum(amount)) over (partition by customer_id, currency order by day) as after
      from change group by customer_id, currency, day having sum(amount) <> 0),
    judged as (
      select *, after - amount as before,
        coalesce(bool_or(after > 0) over (partition by customer_id, currency order by day rows between unbounded preceding and 1 preceding), false) as had
      from by_day)
    select ${ctx.tenantId}, judged.customer_id, judged.day, change.contract_id, judged.currency,
      case when judged.before = 0 and judged.after > 0 then case when judged.had then 'REACTIVATION' else 'NEW' end
        when judged.after = 0 then 'CHURN' when judged.amount > 0 then 'EXPANSION' else 'CONTRACTION' end,
      change.amount, judged.after
    from judged join change on change.customer_id = judged.customer_id and change.currency = judged.currency and change.day = judged.day
    where change.amount <> 0
    on conflict do nothing`.execute(ctx.tx)
  await refreshRevenue(ctx, customerIds, cause)
}

/**
 * What customers are worth today, their running contract's start, end, renewal, plan and licences. Fields that no
 * contract speaks of stay as they are. The two inner lists are materialized: right after many rows were written the
 * planner takes them for one row and would work them out anew for every customer.
 * @param customerIds null for every customer of the company
 */
export async function refreshRevenue(ctx: Context, customerIds: string[] | null, cause: string): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    with today as (select (${ctx.now}::timestamptz at time zone company.time_zone)::date as day from tenant company where company.id = ${ctx.tenantId}),
    latest as materialized (
      select distinct on (m.customer_id) m.customer_id, m.mrr_after
      from revenue_movement m join customer c on c.tenant_id = ${ctx.tenantId} and c.id = m.customer_id and c.currency = m.currency, today
      where m.tenant_id = ${ctx.tenantId} and m.occurred_on <= today.day
        and (${customerIds}::uuid[] is null or m.customer_id = any(${customerIds}::uuid[]))
      order by m.customer_id, m.occurred_on desc, m.contract_id),
    running as materialized (
      select k.customer_id, min(k.starts_on) as starts_on, max(k.ends_on) as ends_on,
        min(coalesce(k.renews_on, k.ends_on)) filter (where coalesce(k.renews_on, k.ends_on) >= today.day) as renews_on,
        sum(k.licence_count) as licences, (array_agg(k.plan order by k.amount desc) filter (where k.plan is not null))[1] as plan
      from contract k, today
      where k.tenant_id = ${ctx.tenantId} and k.status = 'ACTIVE' and not k.standing and k.starts_on <= today.day
        and (${customerIds}::uuid[] is null or k.customer_id = any(${customerIds}::uuid[]))
      group by k.customer_id),
    state as (
      select c.id, coalesce(latest.mrr_after, 0) as mrr, coalesce(running.starts_on, c.contract_start) as contract_start,
        coalesce(running.ends_on, c.contract_end) as contract_end, coalesce(running.renews_on, c.renewal_on) as renewal_on,
        coalesce(running.licences, c.licence_count)::int as licence_count, coalesce(running.plan, c.plan) as plan
      from customer c left join latest on latest.customer_id = c.id left join running on running.customer_id = c.id
      where c.tenant_id = ${ctx.tenantId} and (${customerIds}::uuid[] is null or c.id = any(${customerIds}::uuid[])))
    update customer target set mrr = state.mrr, contract_start = state.contract_start, contract_end = state.contract_end,
      renewal_on = state.renewal_on, licence_count = state.licence_count, plan = state.plan, updated_at = ${ctx.now}
    from state where target.tenant_id = ${ctx.tenantId} and target.id = state.id
      and (target.mrr, target.contract_start, target.contract_end, target.renewal_on, target.licence_count, target.plan)
        is distinct from (state.mrr, state.contract_start, state.contract_end, state.renewal_on, state.licence_count, state.plan)
    returning target.id`.execute(ctx.tx)
  await applyTierRule(
    ctx,
    rows.map(row => row.id),
    cause,
  )
}
