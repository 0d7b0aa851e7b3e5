import { sql } from 'kysely'
import type { Field } from '../../../customers/accounts/catalog.ts'
import type { Context, JsonObject, JsonValue } from '../../../platform/context/context.ts'

type Table = 'customer' | 'contact' | 'contract' | 'ticket' | 'invoice' | 'payment' | 'survey_answer'

/** Ids of records by their external ids, in the order asked. */
export async function externalIds(ctx: Context, table: Table, keys: string[]): Promise<(string | undefined)[]> {
  const { rows } = await sql<{ id: string; external_id: string }>`
    select t.id, t.external_id from ${sql.table(table)} t
    where t.tenant_id = ${ctx.tenantId} and t.external_id = any(${keys}::text[])`.execute(ctx.tx)
  const ids = new Map(rows.map(row => [row.external_id, row.id]))
  return keys.map(key => ids.get(key))
}

/**
 * What records hold, by id: fields by their names, `attribute:key`, and of customers and contacts `domains`, `tags` and
 * `mrr`. The records stay locked until the transaction ends.
 */
export async function storedValues(
  ctx: Context,
  table: Table,
  fields: Readonly<Record<string, Field>>,
  ids: string[],
): Promise<Map<string, Record<string, JsonValue>>> {
  if (ids.length === 0) return new Map()
  const { rows } = await sql<{ id: string; line: JsonObject }>`
    select t.id, to_jsonb(t) as line from ${sql.table(table)} t
    where t.tenant_id = ${ctx.tenantId} and t.id = any(${ids}::uuid[]) order by t.id for update`.execute(ctx.tx)
  const tags = await tagsOf(ctx, table, ids)
  const domains = table === 'customer' ? await domainsOf(ctx, ids) : new Map<string, string[]>()
  return new Map(
    rows.map(({ id, line }) => {
      const values: Record<string, JsonValue> = {}
      for (const [name, { column }] of Object.entries(fields)) values[name] = line[column] ?? null
      for (const [key, value] of Object.entries((line.attributes ?? {}) as JsonObject))
        values[`attribute:${key}`] = value
      if (table === 'customer') {
        values.mrr = line.mrr ?? 0
        values.domains = domains.get(id) ?? []
      }
      if (table === 'customer' || table === 'contact') values.tags = tags.get(id) ?? []
      return [id, values]
    }),
  )
}

async function tagsOf(ctx: Context, table: Table, ids: string[]): Promise<Map<string, string[]>> {
  if (table !== 'customer' && table !== 'contact') return new Map()
  const { rows } =
    table === 'customer'
      ? await sql<{ id: string; names: string[] }>`
          select k.customer_id as id, array_agg(t.name order by t.name) as names
          from customer_tag k join tag t on t.tenant_id = ${ctx.tenantId} and t.id = k.tag_id
          where k.tenant_id = ${ctx.tenantId} and k.customer_id = any(${ids}::uuid[]) group by k.customer_id`.execute(
          ctx.tx,
        )
      : await sql<{ id: string; names: string[] }>`
          select k.contact_id as id, array_agg(t.name order by t.name) as names
          from contact_tag k join tag t on t.tenant_id = ${ctx.tenantId} and t.id = k.tag_id
          where k.tenant_id = ${ctx.tenantId} and k.contact_id = any(${ids}::uuid[]) group by k.contact_id`.execute(
          ctx.tx,
        )
  return new Map(rows.map(row => [row.id, row.names]))
}

async function domainsOf(ctx: Context, ids: string[]): Promise<Map<string, string[]>> {
  const { rows } = await sql<{ id: string; domains: string[] }>`
    select d.customer_id as id, array_agg(d.domain order by d.domain) as domains from customer_domain d
    where d.tenant_id = ${ctx.tenantId} and d.customer_id = any(${ids}::uuid[]) group by d.customer_id`.execute(ctx.tx)
  return new Map(rows.map(row => [row.id, row.domains]))
}
