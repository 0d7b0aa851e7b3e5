import { sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'
import type { RecordKind } from '../contract/attributes.ts'

/** Adds tags to records, making those that the company does not have yet. Names are compared as they stand. */
export async function addTags(ctx: Context, record: RecordKind, rows: { id: string; tags: string[] }[]): Promise<void> {
  const lines = rows.flatMap(({ id, tags }) => [...new Set(tags)].map(name => ({ id, name })))
  if (lines.length === 0) return
  const given = JSON.stringify(lines)
  await sql`
    insert into tag (tenant_id, id, name, created_at)
    select ${ctx.tenantId}, gen_random_uuid(), name.name, ${ctx.now}
    from (select distinct line.name from jsonb_to_recordset(${given}::jsonb) as line (name text)) name
    on conflict (tenant_id, name) do nothing`.execute(ctx.tx)
  if (record === 'customer') {
    await sql`
      insert into customer_tag (tenant_id, customer_id, tag_id)
      select ${ctx.tenantId}, line.id, t.id from jsonb_to_recordset(${given}::jsonb) as line (id uuid, name text)
      join tag t on t.tenant_id = ${ctx.tenantId} and t.name = line.name on conflict do nothing`.execute(ctx.tx)
    return
  }
  await sql`
    insert into contact_tag (tenant_id, contact_id, tag_id)
    select ${ctx.tenantId}, line.id, t.id from jsonb_to_recordset(${given}::jsonb) as line (id uuid, name text)
    join tag t on t.tenant_id = ${ctx.tenantId} and t.name = line.name on conflict do nothing`.execute(ctx.tx)
}

/** Takes tags away from records; names that are unknown are passed over. */
export async function removeTags(ctx: Context, record: RecordKind, ids: string[], names: string[]): Promise<void> {
  if (record === 'customer') {
    await sql`
      delete from customer_tag where tenant_id = ${ctx.tenantId} and customer_id = any(${ids}::uuid[])
        and tag_id in (select t.id from tag t where t.tenant_id = ${ctx.tenantId} and t.name = any(${names}::text[]))`.execute(
      ctx.tx,
    )
    return
  }
  await sql`
    delete from contact_tag where tenant_id = ${ctx.tenantId} and contact_id = any(${ids}::uuid[])
      and tag_id in (select t.id from tag t where t.tenant_id = ${ctx.tenantId} and t.name = any(${names}::text[]))`.execute(
    ctx.tx,
  )
}
