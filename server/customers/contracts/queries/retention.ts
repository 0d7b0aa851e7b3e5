import { type RawBuilder, sql } from 'kysely'
import { type Context, requirePermission } from '../../../platform/context/context.ts'
import { invalidField } from '../../../platform/errors/app-error.ts'

export interface Month {
  month: string
  opening: number
  new: number
  expansion: number
  contraction: number
  churn: number
  reactivation: number
  closing: number
  netRetention: number | null
  grossRetention: number | null
}

/**
 * What each customer paid a month at the beginning and at the end of periods, and what moved between, from the ledger: a
 * SELECT of `month`, `customer_id`, `opening`, `closing`, `new`, `expansion`, `contraction`, `churn`, `reactivation` from a
 * relation `span s` with `month`, `opens` (first day) and `ends` (the day after the last).
 * @param currency revenue in another one is left out
 * @param customers a statement that gives their ids; without it all of the company
 */
export function revenueOfSpans(
  tenantId: string,
  currency: string,
  customers?: RawBuilder<unknown>,
): RawBuilder<unknown> {
  const moved = (kind: string) =>
    sql`coalesce(sum(m.amount) filter (where m.occurred_on >= s.opens and m.kind = ${sql.lit(kind)}), 0)`
  return sql`
    select s.month, m.customer_id, coalesce(sum(m.amount) filter (where m.occurred_on < s.opens), 0) as opening, sum(m.amount) as closing,
      ${moved('NEW')} as new, ${moved('EXPANSION')} as expansion, -${moved('CONTRACTION')} as contraction, -${moved('CHURN')} as churn,
      ${moved('REACTIVATION')} as reactivation
    from span s join revenue_movement m on m.tenant_id = ${tenantId} and m.currency = ${currency} and m.occurred_on < s.ends
      and ${customers ? sql`m.customer_id in (${customers})` : sql`true`}
    group by s.month, m.customer_id`
}

/**
 * Recurring revenue month by month, from the ledger. Retention looks at the customers that paid at the month's start:
 * NRR is what they pay at its end, GRR the same with each customer capped at what it paid before, in percent of what they
 * paid at the start. Customers that came or came back in the month count in neither.
 * @param from first month, `YYYY-MM`
 */
export async function revenueRetention(
  ctx: Context,
  { from, to, currency }: { from: string; to: string; currency?: string },
): Promise<{ currency: string; months: Month[] }> {
  requirePermission(ctx, 'customers.read')
  if (to < from || Number(to.slice(0, 4)) - Number(from.slice(0, 4)) > 20) {
    throw invalidField('query.to', {
      ja: '期間は開始月から20年以内で指定してください。',
      en: 'The last month has to follow the first one, within 20 years.',
    })
  }
  const own = await sql<{ currency: string }>`
    select coalesce(${currency ?? null}::text, company.currency) as currency from tenant company where company.id = ${ctx.tenantId}`.execute(
    ctx.tx,
  )
  const unit = own.rows[0]!.currency
  const { rows } = await sql<Month>`
    with span as (
      select month::date as month, month::date as opens, (month + interval '1 month')::date as ends
      from generate_series(${`${from}-01`}::date::timestamp, ${`${to}-01`}::date::timestamp, interval '1 month') month),
    summed as (
      select r.month, sum(r.opening) as opening, sum(r.closing) as closing, sum(r.new) as new, sum(r.expansion) as expansion,
        sum(r.contraction) as contraction, sum(r.churn) as churn, sum(r.reactivation) as reactivation,
        sum(r.opening) filter (where r.opening > 0) as paid, sum(r.closing) filter (where r.opening > 0) as net,
        sum(least(r.opening, r.closing)) filter (where r.opening > 0) as gross
      from (${revenueOfSpans(ctx.tenantId, unit)}) r group by r.month)
    select to_char(span.month, 'YYYY-MM') as month, coalesce(opening, 0)::float8 as opening, coalesce(new, 0)::float8 as new,
      coalesce(expansion, 0)::float8 as expansion, coalesce(contraction, 0)::float8 as contraction, coalesce(churn, 0)::float8 as churn,
      coalesce(reactivation, 0)::float8 as reactivation, coalesce(closing, 0)::float8 as closing,
      round(100 * net / paid, 1)::float8 as "netRetention", round(100 * gross / paid, 1)::float8 as "grossRetention"
    from span left join summed on summed.month = span.month order by span.month`.execute(ctx.tx)
  return { currency: unit, months: rows }
}
