import { sql } from 'kysely'
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
    with month as (
      select month::date as first, (month + interval '1 month')::date as next
      from generate_series(${`${from}-01`}::date::timestamp, ${`${to}-01`}::date::timestamp, interval '1 month') month),
    summed as (
      select month.first,
        coalesce(sum(m.amount) filter (where m.occurred_on < month.first), 0) as opening,
        coalesce(sum(m.amount) filter (where m.occurred_on >= month.first and m.kind = 'NEW'), 0) as new,
        coalesce(sum(m.amount) filter (where m.occurred_on >= month.first and m.kind = 'EXPANSION'), 0) as expansion,
        coalesce(-sum(m.amount) filter (where m.occurred_on >= month.first and m.kind = 'CONTRACTION'), 0) as contraction,
        coalesce(-sum(m.amount) filter (where m.occurred_on >= month.first and m.kind = 'CHURN'), 0) as churn,
        coalesce(sum(m.amount) filter (where m.occurred_on >= month.first and m.kind = 'REACTIVATION'), 0) as reactivation
      from month left join revenue_movement m on m.tenant_id = ${ctx.tenantId} and m.currency = ${unit} and m.occurred_on < month.next
      group by month.first),
    customer_month as (
      select month.first, m.customer_id, coalesce(sum(m.amount) filter (where m.occurred_on < month.first), 0) as opening, sum(m.amount) as closing
      from month join revenue_movement m on m.tenant_id = ${ctx.tenantId} and m.currency = ${unit} and m.occurred_on < month.next
      group by month.first, m.customer_id),
    retained as (
      select c.first, sum(c.opening) as opening, sum(c.closing) as net, sum(least(c.opening, c.closing)) as gross
      from customer_month c where c.opening > 0 group by c.first)
    select to_char(first, 'YYYY-MM') as month, summed.opening::float8, new::float8, expansion::float8, contraction::float8,
      churn::float8, reactivation::float8,
      (summed.opening + new + expansion - contraction - churn + reactivation)::float8 as closing,
      round(100 * retained.net / retained.opening, 1)::float8 as "netRetention",
      round(100 * retained.gross / retained.opening, 1)::float8 as "grossRetention"
    from summed left join retained using (first) order by first`.execute(ctx.tx)
  return { currency: unit, months: rows }
}
