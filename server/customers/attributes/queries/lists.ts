import { sql } from 'kysely'
import { namingField, shownUse, type Use, vocabularyUses } from '../../../catalog/conditions/queries/uses.ts'
import type { Context } from '../../../platform/context/context.ts'
import { notFound } from '../../../platform/errors/app-error.ts'
import { JsonText } from '../../../platform/http/implement.ts'
import type { RecordKind } from '../contract/attributes.ts'

/** Fields with how many records hold a value of each: one pass over the records, not one per field. */
export async function attributeList(ctx: Context, record: RecordKind | undefined): Promise<JsonText> {
  const { rows } = await sql<{ items: string }>`
    with used as (
      select 'customer' as record, key, count(*) as records from customer c, jsonb_object_keys(c.attributes) key
      where c.tenant_id = ${ctx.tenantId} and c.merged_into is null group by key
      union all
      select 'contact', key, count(*) from contact c, jsonb_object_keys(c.attributes) key
      where c.tenant_id = ${ctx.tenantId} and c.merged_into is null group by key)
    select coalesce(json_agg(json_build_object('id', a.id, 'record', a.record, 'key', a.key, 'label', a.label, 'type', a.type,
      'options', a.options, 'description', a.description, 'used', coalesce(used.records, 0), 'createdAt', a.created_at)
      order by a.record desc, a.label, a.key), '[]')::text as items
    from attribute a left join used on used.record = a.record and used.key = a.key
    where a.tenant_id = ${ctx.tenantId} and a.record = coalesce(${record ?? null}, a.record)`.execute(ctx.tx)
  return new JsonText(`{"items":${rows[0]!.items}}`)
}

export async function tagList(ctx: Context): Promise<JsonText> {
  const { rows } = await sql<{ items: string }>`
    select coalesce(json_agg(json_build_object('id', t.id, 'name', t.name,
      'customers', (select count(*) from customer_tag c where c.tenant_id = ${ctx.tenantId} and c.tag_id = t.id),
      'contacts', (select count(*) from contact_tag c where c.tenant_id = ${ctx.tenantId} and c.tag_id = t.id))
      order by t.name), '[]')::text as items
    from tag t where t.tenant_id = ${ctx.tenantId}`.execute(ctx.tx)
  return new JsonText(`{"items":${rows[0]!.items}}`)
}

interface Touched {
  record: RecordKind
  key: string
  records: number
  views: { id: string; name: string }[]
}

/**
 * What deleting a field would touch: records with a value, saved views that show, sort or filter by it; and what forbids it:
 * segments, scorecards, rules and stages that look at it. A view's filter is JSON in a string, whose quotes are escaped.
 */
export async function usesOf(
  ctx: Context,
  id: string,
): Promise<{ records: number; views: { id: string; name: string }[]; uses: Use[] }> {
  const { rows } = await sql<Touched>`
    select a.record, a.key,
      case a.record
        when 'customer' then (select count(*) from customer c where c.tenant_id = ${ctx.tenantId} and c.attributes ? a.key)
        else (select count(*) from contact c where c.tenant_id = ${ctx.tenantId} and c.attributes ? a.key) end::int as records,
      (select coalesce(json_agg(json_build_object('id', v.id, 'name', v.name) order by v.name), '[]') from saved_view v
        where v.tenant_id = ${ctx.tenantId} and v.screen = a.record || 's'
          and strpos(replace(v.definition::text, '\\"', '"'), '"attributes.' || a.key || '"') > 0) as views
    from attribute a where a.tenant_id = ${ctx.tenantId} and a.id = ${id}`.execute(ctx.tx)
  if (!rows[0]) throw notFound()
  const { record, key, ...touched } = rows[0]
  return { ...touched, uses: await attributeUses(ctx, record, key) }
}

/** Segments, scorecards, rules and stages that look at a field. */
export async function attributeUses(ctx: Context, record: RecordKind, key: string): Promise<Use[]> {
  return namingField(await vocabularyUses(ctx), record, `attributes.${key}`).map(use => shownUse(use, ctx.locale))
}
