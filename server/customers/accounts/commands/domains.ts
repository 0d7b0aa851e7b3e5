import { sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'
import { domainOf } from '../domain.ts'
import type { CustomerValues, Patch } from './values.ts'

/** Writes the domains that a patch names; without any, the one of a website that it gives is added. */
export async function setDomains(ctx: Context, rows: Patch<CustomerValues>[], isNew: boolean): Promise<void> {
  const replaced = rows.filter(row => row.values.domains !== undefined)
  if (!isNew && replaced.length > 0) {
    await sql`
      delete from customer_domain
      where tenant_id = ${ctx.tenantId} and customer_id = any(${replaced.map(row => row.id)}::uuid[])`.execute(ctx.tx)
  }
  const lines = rows.flatMap(({ id, values }) => {
    const named = values.domains ?? (typeof values.website === 'string' ? [values.website] : [])
    const domains = new Set(named.map(domainOf).filter(domain => domain !== undefined))
    return [...domains].map(domain => ({ id, domain }))
  })
  if (lines.length === 0) return
  await sql`
    insert into customer_domain (tenant_id, domain, customer_id)
    select ${ctx.tenantId}, line.domain, line.id from jsonb_to_recordset(${JSON.stringify(lines)}::jsonb) as line (id uuid, domain text)
    on conflict do nothing`.execute(ctx.tx)
}
