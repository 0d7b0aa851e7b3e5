import { type RawBuilder, sql } from 'kysely'
import { memberName } from '../../../customers/accounts/queries/customers.ts'
import { today } from '../../../customers/accounts/queries/today.ts'
import type { Context } from '../../../platform/context/context.ts'
import type { Target } from '../judge.ts'

export interface KnownTarget extends Target {
  id: string
  kpi: string
  steps: number[]
  responsibleId: string | null
  responsibleName: string | null
}

/** First day of the present fiscal year of the company, as SQL over `tenant company`. */
export function fiscalYear(ctx: Context): RawBuilder<unknown> {
  return sql`make_date(extract(year from ${today(ctx)})::int - (extract(month from ${today(ctx)}) < company.fiscal_year_start)::int,
    company.fiscal_year_start, 1)`
}

/** The targets of the company by KPI. */
export async function targetsOf(ctx: Context): Promise<ReadonlyMap<string, KnownTarget>> {
  const { rows } = await sql<KnownTarget>`
    select t.id, t.kpi, t.bound, t.steps, t.starts_on::text as "startsOn", t.responsible_id as "responsibleId",
      ${memberName(ctx, sql`t.responsible_id`)} as "responsibleName"
    from kpi_target t where t.tenant_id = ${ctx.tenantId}`.execute(ctx.tx)
  return new Map(rows.map(target => [target.kpi, target]))
}
