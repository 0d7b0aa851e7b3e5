import { type RawBuilder, sql } from 'kysely'
import { leftWithin, thereOn } from '../../../customers/accounts/queries/presence.ts'
import { today } from '../../../customers/accounts/queries/today.ts'
import { overdueOn } from '../../../customers/billing/queries.ts'
import type { Context } from '../../../platform/context/context.ts'
import type { Words } from '../../../platform/errors/words.ts'
import type { alertKpis } from '../contract/rules.ts'

type Kpi = (typeof alertKpis)[number]

interface KpiValue {
  /** null: there is nothing to work it out from. */
  value: number | null
  /** What it was worked out from. */
  of: Words | null
}

interface Sums {
  value: number | null
  part: number
  whole: number
}

/** A figure of the whole company as it is now. */
export async function kpiValue(ctx: Context, kpi: Kpi): Promise<KpiValue> {
  const { rows } = await statements[kpi](ctx).execute(ctx.tx)
  const { value, part, whole } = rows[0]!
  return { value, of: ofWords[kpi]?.(part, whole) ?? null }
}

const statements: Readonly<Record<Kpi, (ctx: Context) => RawBuilder<Sums>>> = {
  // Customers that left in the last 30 days, of those that there were before: SaaS metrics' monthly logo churn, in percent.
  monthly_churn_rate: ctx => {
    const [before, now] = [sql`${today(ctx)} - 30`, today(ctx)]
    const left = leftWithin(before, now)
    const zone = sql`(select company.time_zone from tenant company where company.id = ${ctx.tenantId})`
    return sql`
      select 100.0 * count(*) filter (where ${left}) / nullif(count(*), 0)::float8 as value,
        count(*) filter (where ${left})::int as part, count(*)::int as whole
      from customer c where c.tenant_id = ${ctx.tenantId} and c.merged_into is null and ${thereOn(zone, before)}`
  },
  // Answers of 0 to 6, one a person, of the last seven days.
  nps_detractors_7: ctx => sql`
    select count(*)::float8 as value, count(*)::int as part, count(*)::int as whole from (
      select distinct on (coalesce(s.contact_id, s.customer_id, s.id)) s.score from survey_answer s
      where s.tenant_id = ${ctx.tenantId} and s.kind = 'NPS' and s.answered_at > ${ctx.now}::timestamptz - interval '7 days'
        and s.answered_at <= ${ctx.now}
      order by coalesce(s.contact_id, s.customer_id, s.id), s.answered_at desc) latest
    where latest.score <= 6`,
  mean_health: ctx => sql`
    select avg(c.health_score)::float8 as value, count(c.health_score)::int as part, count(*)::int as whole
    from customer c where c.tenant_id = ${ctx.tenantId} and c.merged_into is null and c.status <> 'CHURNED'`,
  overdue_invoices: ctx => sql`
    select count(*)::float8 as value, count(*)::int as part, count(*)::int as whole
    from invoice i where i.tenant_id = ${ctx.tenantId} and ${overdueOn(today(ctx))}`,
}

const ofWords: Partial<Record<Kpi, (part: number, whole: number) => Words>> = {
  monthly_churn_rate: (part, whole) => ({
    ja: `${whole}社のうち${part}社が解約`,
    en: `${part} of ${whole} customers left`,
  }),
  mean_health: (part, whole) => ({ ja: `${whole}社のうち${part}社を採点`, en: `${part} of ${whole} customers scored` }),
}
