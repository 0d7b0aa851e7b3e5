import { sql } from 'kysely'
import { memberName } from '../../../customers/accounts/queries/customers.ts'
import type { Context } from '../../../platform/context/context.ts'
import type { Target } from '../judge.ts'

export interface KnownTarget extends Target {
  id: string
  kpi: string
  steps: number[]
  responsibleId: string | null
  responsibleName: string | null
}

/** The targets of the company by KPI. */
export async function targetsOf(ctx: Context): Promise<ReadonlyMap<string, KnownTarget>> {
  const { rows } = await sql<KnownTarget>`
    select t.id, t.kpi, t.bound, t.steps, t.starts_on::text as "startsOn", t.responsible_id as "responsibleId",
      ${memberName(ctx, sql`t.responsible_id`)} as "responsibleName"
    from kpi_target t where t.tenant_id = ${ctx.tenantId}`.execute(ctx.tx)
  return new Map(rows.map(target => [target.kpi, target]))
}
