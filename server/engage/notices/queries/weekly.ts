import { sql } from 'kysely'
import { memberName } from '../../../customers/accounts/queries/customers.ts'
import type { Context } from '../../../platform/context/context.ts'
import { mainReasons } from '../../../signals/churn/queries/predictions.ts'
import { type ReportLine, reportedBand } from '../weekly.ts'

/** Customers that one report names; the rest is counted. */
const mostLines = 50

interface Row extends Omit<ReportLine, 'reason'> {
  member_id: string
  role: string
  place: number
  customers: number
}

export interface Report {
  /** Customers in the band, or those with the highest scores. */
  about: 'band' | 'top'
  lines: ReportLine[]
  /** Of all, those that are not named included. */
  customers: number
}

/** Members whom weekly reports are for: CSMs, CS managers and heads of CS. */
export async function reportReaders(ctx: Context): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select m.id from member m where m.tenant_id = ${ctx.tenantId} and m.role in ('csm', 'cs_manager', 'head_of_cs')`.execute(
    ctx.tx,
  )
  return rows.map(({ id }) => id)
}

/**
 * What each member's report says: customers in the band and those that left it since the week before, the highest score
 * first (ALR-3). A CSM gets their own; a CS manager those of the teams they are in, and everybody's where they are in
 * none. A head of CS gets the 50 with the highest scores of all (CHN-2).
 * @param week the Monday of the report, by member
 */
export async function reportsOf(ctx: Context, weeks: ReadonlyMap<string, string>): Promise<Map<string, Report>> {
  const asked = [...weeks].map(([id, week]) => ({ id, week }))
  const inBand = (score: string) =>
    sql`${sql.ref(score)} >= ${reportedBand.from} and ${sql.ref(score)} < ${reportedBand.below}`
  const { rows } = await sql<Row>`
    with reader as materialized (
      select m.id, m.role, line.week from jsonb_to_recordset(${JSON.stringify(asked)}::jsonb) as line (id uuid, week date)
      join member m on m.tenant_id = ${ctx.tenantId} and m.id = line.id),
    reach as materialized (
      select r.id as member_id, r.id as owner_id from reader r
      union select r.id, colleague.member_id from reader r
      join team_member own on own.tenant_id = ${ctx.tenantId} and own.member_id = r.id
      join team_member colleague on colleague.tenant_id = ${ctx.tenantId} and colleague.team_id = own.team_id
      where r.role = 'cs_manager'),
    told as (
      select r.id as member_id, r.role, c.id, c.name, c.owner_id, floor(c.churn_score::numeric)::int as score, floor(before.score::numeric)::int as before,
        case when r.role = 'head_of_cs' or (${inBand('c.churn_score')}) then 'in' when c.churn_score >= ${reportedBand.below} then 'above' else 'below' end as now
      from reader r
      join customer c on c.tenant_id = ${ctx.tenantId} and c.merged_into is null and c.status <> 'CHURNED' and c.churn_score is not null
      left join churn_score_weekly before on before.tenant_id = ${ctx.tenantId} and before.week = r.week - 7 and before.customer_id = c.id
      where (r.role = 'head_of_cs' or (${inBand('c.churn_score')}) or (${inBand('before.score')}))
        and (r.role = 'head_of_cs' or exists (select 1 from reach where reach.member_id = r.id and reach.owner_id = c.owner_id)
          or (r.role = 'cs_manager' and not exists (
            select 1 from team_member own where own.tenant_id = ${ctx.tenantId} and own.member_id = r.id)))),
    ranked as (
      select t.*, row_number() over (partition by t.member_id order by array_position(array['in', 'above', 'below'], t.now), t.score desc, t.name, t.id) as place,
        count(*) over (partition by t.member_id)::int as customers from told t)
    select t.member_id, t.role, t.id, t.name, ${memberName(ctx, sql`t.owner_id`)} as owner, t.score, t.before, t.now, t.place::int as place, t.customers
    from ranked t where t.place <= ${mostLines} order by t.member_id, t.place`.execute(ctx.tx)
  const reasons = await mainReasons(ctx, [...new Set(rows.map(({ id }) => id))])
  return new Map(
    [...Map.groupBy(rows, row => row.member_id)].map(([id, lines]) => [
      id,
      {
        about: lines[0]!.role === 'head_of_cs' ? 'top' : 'band',
        customers: lines[0]!.customers,
        lines: lines.map(({ id: customer, name, owner, score, before, now }) => {
          return { id: customer, name, owner, score, before, now, reason: reasons.get(customer) ?? null }
        }),
      },
    ]),
  )
}
