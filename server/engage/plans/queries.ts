import { type RawBuilder, sql } from 'kysely'
import { requireCustomer } from '../../customers/accounts/queries/customers.ts'
import { visibleRecord } from '../../customers/accounts/queries/reach.ts'
import { getRecord, listRecords } from '../../customers/accounts/queries/records.ts'
import type { Context } from '../../platform/context/context.ts'
import { notFound } from '../../platform/errors/app-error.ts'
import { JsonText } from '../../platform/http/implement.ts'
import { milestoneShape, planShape } from './catalog.ts'

/** The pairs that a plan `r` has beside its fields. */
function withMilestones(ctx: Context): RawBuilder<unknown> {
  return sql`'updatedAt', r.updated_at, 'milestones', (
    select coalesce(json_agg(${milestoneOf(sql`m`)} order by m.due_on nulls last, m.id), '[]') from success_plan_milestone m
    where m.tenant_id = ${ctx.tenantId} and m.plan_id = r.id)`
}

function milestoneOf(alias: RawBuilder<unknown>): RawBuilder<unknown> {
  const pairs = Object.entries(milestoneShape.fields).map(
    ([name, { column }]) => sql`${sql.lit(name)}, ${alias}.${sql.ref(column)}`,
  )
  return sql`json_build_object('id', ${alias}.id, ${sql.join(pairs)}, 'createdAt', ${alias}.created_at, 'updatedAt', ${alias}.updated_at)`
}

interface PlanList {
  status?: string
  type?: string
  limit: number
  cursor?: string
}

/** Success plans of a customer, latest first. */
export async function listPlans(
  ctx: Context,
  customerId: string,
  { status, type, limit, cursor }: PlanList,
): Promise<JsonText> {
  await requireCustomer(ctx, customerId)
  const where = [sql`r.customer_id = ${customerId}`]
  if (status) where.push(sql`r.status = ${status}`)
  if (type) where.push(sql`r.type = ${type}`)
  return listRecords(ctx, planShape, {
    where: sql.join(where, sql` and `),
    sort: 'createdAt',
    limit,
    cursor,
    more: withMilestones(ctx),
  })
}

/** One success plan. @throws AppError `not_found` */
export function getPlan(ctx: Context, id: string): Promise<JsonText> {
  return getRecord(ctx, planShape, id, withMilestones(ctx))
}

/** One milestone. @throws AppError `not_found` */
export async function getMilestone(ctx: Context, id: string): Promise<JsonText> {
  const { rows } = await sql<{ item: string }>`
    select ${milestoneOf(sql`m`)}::text as item
    from success_plan_milestone m join success_plan r on r.tenant_id = ${ctx.tenantId} and r.id = m.plan_id
    where m.tenant_id = ${ctx.tenantId} and m.id = ${id} and ${visibleRecord(ctx)}`.execute(ctx.tx)
  if (!rows[0]) throw notFound()
  return new JsonText(rows[0].item)
}
