import { sql } from 'kysely'
import { type Context, enqueue } from '../../../platform/context/context.ts'
import { kpis } from '../catalog/all.ts'
import { keptMonths } from '../queries/kept.ts'
import { companyOf, shiftMonth } from '../queries/statement.ts'
import { monthlyFigures } from '../queries/values.ts'

export const keepMonthJob = 'kpis.keep_month'

/** Companies with more customers have their months kept; for others all KPIs are worked out in a second or two. */
const manyCustomers = 10_000

/** Whether the company has so many customers that its months are kept; once they are, they stay so. */
export async function keepsMonths(ctx: Context): Promise<boolean> {
  const { rows } = await sql<{ keeps: boolean }>`
    select exists (select 1 from kpi_month k where k.tenant_id = ${ctx.tenantId}) or (
      select count(*) from (select 1 from customer c where c.tenant_id = ${ctx.tenantId} and c.merged_into is null
        limit ${manyCustomers + 1}) many) > ${manyCustomers} as keeps`.execute(ctx.tx)
  return rows[0]!.keeps
}

/** Works out the values of all KPIs in a month, of the whole company, in place of what was kept. @param month YYYY-MM */
export async function keepMonth(ctx: Context, month: string): Promise<void> {
  const company = await companyOf(ctx)
  const lines = []
  for (const kpi of kpis) {
    const [figure] = await monthlyFigures(ctx, company, kpi, {}, [month])
    lines.push({ kpi: kpi.key, ...figure })
  }
  // Of two that worked at once, the one that began later knows more.
  await sql`
    insert into kpi_month (tenant_id, kpi, month, opens, as_of, currency, value, numerator, denominator, customers, computed_at)
    select ${ctx.tenantId}, line.kpi, ${`${month}-01`}::date, line."from", line."to", ${company.currency}, line.value, line.numerator,
      line.denominator, line.customers, ${ctx.now}
    from jsonb_to_recordset(${JSON.stringify(lines)}::jsonb) as line (kpi text, "from" date, "to" date, value float8, numerator float8,
      denominator float8, customers int)
    on conflict (tenant_id, kpi, month) do update set opens = excluded.opens, as_of = excluded.as_of, currency = excluded.currency,
      value = excluded.value, numerator = excluded.numerator, denominator = excluded.denominator, customers = excluded.customers,
      computed_at = excluded.computed_at
    where kpi_month.computed_at <= excluded.computed_at`.execute(ctx.tx)
}

/**
 * Has the months from one on worked out anew, the present one first: a job a month, so that none takes long.
 * @param from YYYY-MM or a day in it; the first one that is kept without it
 */
export async function keepMonthsSoon(ctx: Context, from?: string): Promise<void> {
  const { today } = await companyOf(ctx)
  const current = today.slice(0, 7)
  const first = [shiftMonth(current, 1 - keptMonths), from?.slice(0, 7) ?? ''].sort().at(-1)!
  for (let month = current; month >= first; month = shiftMonth(month, -1)) {
    enqueue(ctx, { name: keepMonthJob, payload: { month }, key: month })
  }
}
