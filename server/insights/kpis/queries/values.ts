import { sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'
import type { KpiDefinition } from '../catalog/shape.ts'
import { type Company, ratioOf, relations, type Whose } from './statement.ts'

export interface Figure {
  month: string
  from: string
  to: string
  value: number | null
  numerator: number
  denominator: number | null
  customers: number
}

/** The values of a KPI in months, oldest first: one statement. */
export async function monthlyFigures(
  ctx: Context,
  company: Company,
  kpi: KpiDefinition,
  whose: Whose,
  months: readonly string[],
): Promise<Figure[]> {
  const { rows } = await sql<Figure>`
    with ${relations(ctx, company, kpi, whose, months)},
    summed as (
      select p.month, sum(p.numerator)::float8 as numerator, sum(p.denominator)::float8 as denominator, count(*)::int as customers
      from (select month, customer_id, sum(numerator) as numerator, sum(denominator) as denominator from part group by month, customer_id) p
      group by p.month)
    select to_char(s.month, 'YYYY-MM') as month, s.opens::text as "from", s.as_of::text as "to",
      ${ratioOf(kpi, sql`t.numerator`, sql`t.denominator`)} as value, coalesce(t.numerator, 0) as numerator,
      ${kpi.parts.denominator ? sql`coalesce(t.denominator, 0)` : sql`null::float8`} as denominator, coalesce(t.customers, 0) as customers
    from span s left join summed t on t.month = s.month order by s.month`.execute(ctx.tx)
  return rows
}

interface GroupFigure {
  key: string | null
  name: string | null
  month: string
  value: number | null
  numerator: number
  denominator: number | null
  customers: number
}

/** The values of two months by tier or by CSM, as customers have them now; the largest groups first. */
export async function groupFigures(
  ctx: Context,
  company: Company,
  kpi: KpiDefinition,
  whose: Whose,
  [current, last]: readonly [string, string],
  by: 'tier_key' | 'owner_id',
) {
  const key = sql.ref(`c.${by}`)
  const { rows } = await sql<GroupFigure>`
    with ${relations(ctx, company, kpi, whose, [last, current])},
    summed as (
      select ${key}::text as key, to_char(p.month, 'YYYY-MM') as month, sum(p.numerator)::float8 as numerator,
        sum(p.denominator)::float8 as denominator, count(distinct p.customer_id)::int as customers
      from part p join asked c on c.id = p.customer_id group by 1, 2)
    select t.key, ${by === 'owner_id' ? sql`(select who.name from member colleague join app_user who on who.id = colleague.user_id where colleague.tenant_id = ${ctx.tenantId} and colleague.id = t.key::uuid)` : sql`null`} as name,
      t.month, ${ratioOf(kpi, sql`t.numerator`, sql`t.denominator`)} as value, coalesce(t.numerator, 0) as numerator,
      ${kpi.parts.denominator ? sql`coalesce(t.denominator, 0)` : sql`null::float8`} as denominator, t.customers
    from summed t order by t.customers desc, t.key limit 400`.execute(ctx.tx)
  const nothing = {
    value: kpi.parts.denominator ? null : 0,
    numerator: 0,
    denominator: kpi.parts.denominator ? 0 : null,
    customers: 0,
  }
  return [...Map.groupBy(rows, row => row.key)].map(([group, figures]) => {
    const of = (month: string) => {
      const found = figures.find(each => each.month === month)
      if (!found) return nothing
      const { value, numerator, denominator, customers } = found
      return { value, numerator, denominator, customers }
    }
    return { key: group, name: figures[0]!.name, current: of(current), last: of(last) }
  })
}
