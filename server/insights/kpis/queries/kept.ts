import { sql } from 'kysely'
import { type Context, requirePermission } from '../../../platform/context/context.ts'
import { type Company, isNarrowed, type Whose } from './statement.ts'
import type { Figure } from './values.ts'

/** Months that are kept with the present one: two years, and the end of the fiscal year before the last. */
export const keptMonths = 25

export interface KeptFigure extends Figure {
  computedAt: Date
}

/** The kept values of KPIs by month (YYYY-MM). */
export type KeptFigures = ReadonlyMap<string, ReadonlyMap<string, KeptFigure>>

/**
 * The values that were kept, by KPI: empty where less than the whole company is looked at. A month that ended since it was
 * worked out is left out.
 */
export async function keptFigures(ctx: Context, company: Company, whose: Whose): Promise<KeptFigures> {
  if (isNarrowed(whose) || requirePermission(ctx, 'customers.read') !== 'all') return new Map()
  const { rows } = await sql<KeptFigure & { kpi: string }>`
    select k.kpi, to_char(k.month, 'YYYY-MM') as month, k.opens::text as "from", k.as_of::text as "to", k.value, k.numerator, k.denominator,
      k.customers, k.computed_at as "computedAt"
    from kpi_month k where k.tenant_id = ${ctx.tenantId} and k.currency = ${company.currency}
      and (k.as_of = (k.month + interval '1 month')::date - 1 or k.month = date_trunc('month', ${company.today}::date)::date)`.execute(
    ctx.tx,
  )
  const byKpi = Map.groupBy(rows, row => row.kpi)
  return new Map(
    [...byKpi].map(([kpi, figures]) => [kpi, new Map(figures.map(({ kpi, ...each }) => [each.month, each]))]),
  )
}
