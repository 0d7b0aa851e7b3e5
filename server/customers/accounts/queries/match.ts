import { sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'

export interface CustomerKey {
  externalId?: string
  domain?: string
  name?: string
}

/**
 * Finds customers as one statement, in the order of the keys: by external id (of a merged record: the one
 * that took it over), else by domain, else by exactly this name. A domain or name that several customers have finds none, and neither does one of a
 * customer with another external id.
 */
export async function findCustomers(ctx: Context, keys: CustomerKey[]): Promise<(string | undefined)[]> {
  if (keys.length === 0) return []
  const lines = keys.map((key, place) => ({
    place,
    id: key.externalId,
    domain: key.domain?.toLowerCase(),
    name: key.name,
  }))
  const { rows } = await sql<{ place: number; customer_id: string }>`
    select line.place, coalesce(own.merged_into, own.id, of_domain.id, of_name.id) as customer_id
    from jsonb_to_recordset(${JSON.stringify(lines)}::jsonb) as line (place int, id text, domain text, name text)
    left join customer own on own.tenant_id = ${ctx.tenantId} and own.external_id = line.id
    left join lateral (
      select (array_agg(d.customer_id))[1] as id from customer_domain d
      join customer c on c.tenant_id = ${ctx.tenantId} and c.id = d.customer_id and c.merged_into is null
      where own.id is null and line.domain is not null
        and d.tenant_id = ${ctx.tenantId} and d.domain = line.domain and (line.id is null or c.external_id is null)
      having count(*) = 1) of_domain on true
    left join lateral (
      select (array_agg(c.id))[1] as id from customer c
      where own.id is null and of_domain.id is null and line.name is not null
        and c.tenant_id = ${ctx.tenantId} and c.name = line.name and c.merged_into is null
        and (line.id is null or c.external_id is null)
      having count(*) = 1) of_name on true
    where coalesce(own.id, of_domain.id, of_name.id) is not null`.execute(ctx.tx)
  const found: (string | undefined)[] = keys.map(() => undefined)
  for (const row of rows) found[row.place] = row.customer_id
  return found
}
