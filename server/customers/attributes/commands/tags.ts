import { sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'
import type { RecordKind } from '../contract/attributes.ts'

/** Where the tags of a kind of record are kept. */
const tagged = {
  customer: { table: sql.table('customer_tag'), column: sql.ref('customer_id') },
  contact: { table: sql.table('contact_tag'), column: sql.ref('contact_id') },
} as const satisfies Record<RecordKind, object>

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
  const { table, column } = tagged[record]
  await sql`
    insert into ${table} (tenant_id, ${column}, tag_id)
    select ${ctx.tenantId}, line.id, t.id from jsonb_to_recordset(${given}::jsonb) as line (id uuid, name text)
    join tag t on t.tenant_id = ${ctx.tenantId} and t.name = line.name on conflict do nothing`.execute(ctx.tx)
}

/** Takes tags away from records; names that are unknown are passed over. */
export async function removeTags(ctx: Context, record: RecordKind, ids: string[], names: string[]): Promise<void> {
  const { table, column } = tagged[record]
  await sql`
    delete from ${table} where tenant_id = ${ctx.tenantId} and ${column} = any(${ids}::uuid[])
      and tag_id in (select t.id from tag t where t.tenant_id = ${ctx.tenantId} and t.name = any(${names}::text[]))`.execute(
    ctx.tx,
  )
}

/** Takes away every tag of a record that is not among these. */
export async function keepOnlyTags(ctx: Context, record: RecordKind, id: string, names: string[]): Promise<void> {
  const { table, column } = tagged[record]
  await sql`
    delete from ${table} where tenant_id = ${ctx.tenantId} and ${column} = ${id}::uuid
      and tag_id in (select t.id from tag t where t.tenant_id = ${ctx.tenantId} and t.name <> all(${names}::text[]))`.execute(
    ctx.tx,
  )
}
