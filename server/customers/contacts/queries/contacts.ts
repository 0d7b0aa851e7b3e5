import { type RawBuilder, sql } from 'kysely'
import type { z } from 'zod'
import { type Context, requirePermission } from '../../../platform/context/context.ts'
import { notFound } from '../../../platform/errors/app-error.ts'
import { JsonText } from '../../../platform/http/implement.ts'
import type { Permission } from '../../../platform/permissions/contract.ts'
import { filterCondition, readPatiently } from '../../accounts/queries/filter.ts'
import { withinReach } from '../../accounts/queries/reach.ts'
import { searchCondition } from '../../accounts/queries/search.ts'
import { pageSorted } from '../../accounts/queries/sorted-page.ts'
import { contactFields } from '../catalog.ts'
import type { contactFilter, contactSorts } from '../contract.ts'

export type ContactFilter = z.output<typeof contactFilter>

/** The contact `c` as the contract's JSON. */
function contactJson(ctx: Context): RawBuilder<string> {
  const fields = sql.join(
    Object.entries(contactFields).map(([name, { column }]) => sql`${sql.lit(name)}, ${sql.ref(`c.${column}`)}`),
  )
  return sql`json_build_object('id', c.id,
    'customerName', (select k.name from customer k where k.tenant_id = ${ctx.tenantId} and k.id = c.customer_id), ${fields},
    'ticketCount', c.ticket_count,
    'tags', (select coalesce(json_agg(t.name order by t.name), '[]') from contact_tag x
      join tag t on t.tenant_id = ${ctx.tenantId} and t.id = x.tag_id
      where x.tenant_id = ${ctx.tenantId} and x.contact_id = c.id),
    'attributes', c.attributes, 'createdAt', c.created_at, 'updatedAt', c.updated_at)`
}

/** A condition on a contact `c`: at a customer within reach, or a lead. */
function reachable(ctx: Context, permission: Permission = 'customers.read'): RawBuilder<unknown> {
  const scope = requirePermission(ctx, permission)
  if (scope === 'all') return sql`true`
  return sql`(c.customer_id is null or c.customer_id in (
    select reached.id from customer reached where reached.tenant_id = ${ctx.tenantId}
      and reached.id in (select c.id from customer c where c.tenant_id = ${ctx.tenantId} and ${withinReach(ctx, scope)})))`
}

/** What a list's query asks for, as conditions on `c`. */
async function contactConditions(
  ctx: Context,
  filter: ContactFilter,
  permission: Permission = 'customers.read',
): Promise<RawBuilder<unknown>> {
  const conditions = [sql`c.merged_into is null`, reachable(ctx, permission)]
  if (filter.customerId) conditions.push(sql`c.customer_id = ${filter.customerId}::uuid`)
  if (filter.stakeholderRole) conditions.push(sql`c.stakeholder_role = ${filter.stakeholderRole}`)
  if (filter.lifecycleStage) conditions.push(sql`c.lifecycle_stage = ${filter.lifecycleStage}`)
  if (filter.tag) {
    conditions.push(sql`c.id in (
      select x.contact_id from contact_tag x join tag t on t.tenant_id = ${ctx.tenantId} and t.id = x.tag_id
      where x.tenant_id = ${ctx.tenantId} and t.name = ${filter.tag})`)
  }
  if (filter.search) {
    const words = sql`concat_ws(E'\n', c.name, c.email, c.external_id)`
    conditions.push(searchCondition(ctx, 'contact', sql`c.id`, words, filter.search))
  }
  return sql.join([...conditions, ...(await filterCondition(ctx, 'contact', filter.filter))], sql` and `)
}

export interface ContactList extends ContactFilter {
  limit: number
  cursor?: string
  sort: (typeof contactSorts)[number]
  order: 'asc' | 'desc'
}

/**
 * A page of contacts; those without a value of the sort field come last.
 * @param permission whose record scope counts
 */
export async function listContacts(
  ctx: Context,
  list: ContactList,
  permission: Permission = 'customers.read',
): Promise<JsonText> {
  const field = list.sort === 'createdAt' ? { column: 'created_at', type: 'moment' as const } : contactFields[list.sort]
  const page = {
    table: sql`contact`,
    json: contactJson(ctx),
    conditions: await contactConditions(ctx, list, permission),
    field,
    limit: list.limit,
    cursor: list.cursor,
    order: list.order,
  }
  const isFile = permission === 'customers.export'
  return readPatiently(ctx, isFile ? undefined : list.filter, () => pageSorted(ctx, page))
}

/** One contact; a merged one answers the record that took it over. @throws AppError `not_found` */
export async function getContact(ctx: Context, id: string): Promise<JsonText> {
  const { rows } = await sql<{ item: string }>`
    select ${contactJson(ctx)}::text as item from contact asked
    join contact c on c.tenant_id = ${ctx.tenantId} and c.id = coalesce(asked.merged_into, asked.id)
    where asked.tenant_id = ${ctx.tenantId} and asked.id = ${id} and ${reachable(ctx)}`.execute(ctx.tx)
  if (!rows[0]) throw notFound()
  return new JsonText(rows[0].item)
}
