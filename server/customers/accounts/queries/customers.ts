import { type RawBuilder, sql } from 'kysely'
import type { z } from 'zod'
import { type Context, requirePermission } from '../../../platform/context/context.ts'
import { notFound } from '../../../platform/errors/app-error.ts'
import { JsonText } from '../../../platform/http/implement.ts'
import type { Permission } from '../../../platform/permissions/contract.ts'
import { customerFields, derivedFields, type Field } from '../catalog.ts'
import type { customerFilter, customerSorts } from '../contract/customers.ts'
import { filterCondition, readPatiently } from './filter.ts'
import { lookedAfterBy, withinReach } from './reach.ts'
import { searchCondition } from './search.ts'
import { shownFields } from './shown-fields.ts'
import { pageSorted } from './sorted-page.ts'

export type CustomerFilter = z.output<typeof customerFilter>

/** The customer `c` as the contract's JSON. @param fields what is shown beside the record, as JSON */
function customerJson(ctx: Context, fields?: RawBuilder<unknown>): RawBuilder<string> {
  return sql`json_build_object('id', c.id, 'externalId', c.external_id, 'name', c.name, 'website', c.website,
    'domains', (select coalesce(json_agg(d.domain order by d.domain), '[]') from customer_domain d
      where d.tenant_id = ${ctx.tenantId} and d.customer_id = c.id),
    'industry', c.industry, 'employeeCount', c.employee_count, 'region', c.region, 'language', c.language,
    'timeZone', c.time_zone,
    'currency', c.currency, 'plan', c.plan, 'segment', c.segment, 'status', c.status, 'churnedOn', c.churned_on,
    'churnReason', c.churn_reason, 'tier', c.tier, 'tierKey', c.tier_key, 'tierPinned', c.tier_pinned,
    'ownerId', c.owner_id, 'ownerName', ${memberName(ctx, sql`c.owner_id`)}, 'executiveSponsor', c.executive_sponsor,
    'contractStart', c.contract_start, 'contractEnd', c.contract_end, 'renewalOn', c.renewal_on, 'mrr', c.mrr,
    'arr', c.arr, 'lifetimeValue', c.lifetime_value, 'licenceCount', c.licence_count, 'healthScore', c.health_score,
    'healthLevel', c.health_level, 'healthTrend', c.health_trend, 'healthScoredAt', c.health_scored_at,
    'churnRisk', c.churn_risk, 'churnScore', c.churn_score, 'lastContactAt', c.last_contact_at,
    'lastSeenAt', c.last_seen_at, 'parentId', c.parent_id,
    'parentName', (select p.name from customer p where p.tenant_id = ${ctx.tenantId} and p.id = c.parent_id),
    'tags', (select coalesce(json_agg(t.name order by t.name), '[]') from customer_tag x
      join tag t on t.tenant_id = ${ctx.tenantId} and t.id = x.tag_id
      where x.tenant_id = ${ctx.tenantId} and x.customer_id = c.id),
    'attributes', c.attributes, 'createdAt', c.created_at, 'updatedAt', c.updated_at${fields ? sql`, 'fields', ${fields}` : sql``})`
}

/** The name of a member. */
export function memberName(ctx: Context, id: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`(select who.name from member colleague join app_user who on who.id = colleague.user_id
    where colleague.tenant_id = ${ctx.tenantId} and colleague.id = ${id})`
}

/** What a list's query asks for, as conditions on `c`. @throws AppError `invalid_input` for a wrong filter */
async function customerConditions(
  ctx: Context,
  filter: CustomerFilter,
  permission: Permission = 'customers.read',
): Promise<RawBuilder<unknown>> {
  const conditions = [sql`c.merged_into is null`, withinReach(ctx, requirePermission(ctx, permission))]
  if (filter.status) conditions.push(sql`c.status = ${filter.status}`)
  if (filter.tier) conditions.push(sql`c.tier = ${filter.tier}`)
  if (filter.ownerId) conditions.push(sql`c.owner_id = ${filter.ownerId}::uuid`)
  if (filter.churnRisk) conditions.push(sql`c.churn_risk = ${filter.churnRisk}`)
  if (filter.healthLevel) conditions.push(sql`c.health_level = ${filter.healthLevel}`)
  if (filter.parentId) conditions.push(sql`c.parent_id = ${filter.parentId}::uuid`)
  if (filter.mine) conditions.push(lookedAfterBy(ctx, filter.mine))
  if (filter.tag) {
    conditions.push(sql`c.id in (
      select x.customer_id from customer_tag x join tag t on t.tenant_id = ${ctx.tenantId} and t.id = x.tag_id
      where x.tenant_id = ${ctx.tenantId} and t.name = ${filter.tag})`)
  }
  if (filter.search) {
    const words = sql`concat_ws(E'\n', c.name, c.external_id, (
      select string_agg(d.domain, E'\n') from customer_domain d where d.tenant_id = ${ctx.tenantId} and d.customer_id = c.id))`
    conditions.push(searchCondition(ctx, 'customer', sql`c.id`, words, filter.search))
  }
  const further = await filterCondition(ctx, 'customer', filter.filter)
  return sql.join([...conditions, ...further], sql` and `)
}

export type CustomerSort = (typeof customerSorts)[number]

export interface CustomerList extends CustomerFilter {
  limit: number
  cursor?: string
  sort: CustomerSort
  order: 'asc' | 'desc'
  /** Ids of fields of the condition language to show beside the record, with commas. */
  fields?: string
}

const columns: Readonly<Record<string, Field>> = { ...customerFields, ...derivedFields }

/**
 * A page of customers; those without a value of the sort field come last.
 * @param permission whose record scope counts
 */
export async function listCustomers(
  ctx: Context,
  list: CustomerList,
  permission: Permission = 'customers.read',
): Promise<JsonText> {
  const page = {
    table: sql`customer`,
    json: customerJson(ctx, await shownFields(ctx, list.fields)),
    conditions: await customerConditions(ctx, list, permission),
    field: columns[list.sort]!,
    limit: list.limit,
    cursor: list.cursor,
    order: list.order,
  }
  // A file that is written in the background may take its time; a person in front of a list may not.
  const isFile = permission === 'customers.export'
  return readPatiently(ctx, isFile ? undefined : list.filter, () => pageSorted(ctx, page))
}

/** One customer; a merged one answers the record that took it over. @throws AppError `not_found` */
export async function getCustomer(ctx: Context, id: string): Promise<JsonText> {
  const scope = requirePermission(ctx, 'customers.read')
  const { rows } = await sql<{ item: string }>`
    select ${customerJson(ctx)}::text as item from customer asked
    join customer c on c.tenant_id = ${ctx.tenantId} and c.id = coalesce(asked.merged_into, asked.id)
    where asked.tenant_id = ${ctx.tenantId} and asked.id = ${id} and ${withinReach(ctx, scope)}`.execute(ctx.tx)
  if (!rows[0]) throw notFound()
  return new JsonText(rows[0].item)
}

/** Asks that a customer is there and within reach. @throws AppError `not_found` */
export async function requireCustomer(ctx: Context, id: string): Promise<void> {
  const scope = requirePermission(ctx, 'customers.read')
  const { rows } = await sql`
    select 1 from customer c where c.tenant_id = ${ctx.tenantId} and c.id = ${id} and ${withinReach(ctx, scope)}`.execute(
    ctx.tx,
  )
  if (rows.length === 0) throw notFound()
}

/** How many customers match and what they are worth, by currency. */
export async function summarizeCustomers(
  ctx: Context,
  filter: CustomerFilter,
): Promise<{ count: number; revenue: { currency: string; arr: number }[] }> {
  const conditions = await customerConditions(ctx, filter)
  const summed = sql<{ currency: string; count: number; arr: number }>`
    select c.currency, count(*)::int as count, sum(c.arr)::float8 as arr from customer c
    where c.tenant_id = ${ctx.tenantId} and ${conditions} group by c.currency order by sum(c.arr) desc`
  const { rows } = await readPatiently(ctx, filter.filter, () => summed.execute(ctx.tx))
  return {
    count: rows.reduce((sum, row) => sum + row.count, 0),
    revenue: rows.map(({ currency, arr }) => ({ currency, arr })),
  }
}

/** Ids of the customers that match, for bulk changes. */
export async function matchingIds(ctx: Context, filter: CustomerFilter): Promise<string[]> {
  const conditions = await customerConditions(ctx, filter)
  const { rows } = await sql<{ id: string }>`
    select c.id from customer c where c.tenant_id = ${ctx.tenantId} and ${conditions} order by c.id`.execute(ctx.tx)
  return rows.map(row => row.id)
}
