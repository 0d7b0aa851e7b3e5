import { sql } from 'kysely'
import { memberName } from '../../../customers/accounts/queries/customers.ts'
import { type Context, requirePermission } from '../../../platform/context/context.ts'
import { notFound } from '../../../platform/errors/app-error.ts'
import { JsonText } from '../../../platform/http/implement.ts'
import type { TemplateContent } from '../contract/blocks.ts'

function fields(ctx: Context) {
  return sql`'id', t.id, 'key', t.key, 'name', t.name, 'topicId', t.topic_id, 'state', t.state, 'version', t.version,
    'languages', array_remove(array[case when v.content ? 'ja' then 'ja' end, case when v.content ? 'en' then 'en' end], null),
    'sent', (select count(*) from message m where m.tenant_id = ${ctx.tenantId} and m.template_id = t.id and m.accepted_at is not null
      and m.source_kind <> 'test'),
    'createdByName', ${memberName(ctx, sql`t.created_by`)}, 'updatedAt', t.updated_at`
}

export async function templateList(ctx: Context, state: 'active' | 'archived'): Promise<JsonText> {
  requirePermission(ctx, 'messages.read')
  const { rows } = await sql<{ item: string }>`
    select json_build_object('items', coalesce(json_agg(json_build_object(${fields(ctx)}) order by t.name, t.id), '[]'))::text as item
    from message_template t
    join message_template_version v on v.tenant_id = ${ctx.tenantId} and v.template_id = t.id and v.version = t.version
    where t.tenant_id = ${ctx.tenantId} and t.state = ${state}`.execute(ctx.tx)
  return new JsonText(rows[0]!.item)
}

/** All templates, archived ones too, with the key of their topic and what counts of their content. */
export async function templatesWithContent(ctx: Context) {
  const { rows } = await sql<{
    id: string
    key: string
    name: string
    state: 'active' | 'archived'
    topic: string | null
    content: TemplateContent
  }>`
    select t.id, t.key, t.name, t.state, v.content,
      (select o.key from message_topic o where o.tenant_id = ${ctx.tenantId} and o.id = t.topic_id) as topic
    from message_template t
    join message_template_version v on v.tenant_id = ${ctx.tenantId} and v.template_id = t.id and v.version = t.version
    where t.tenant_id = ${ctx.tenantId} order by t.key`.execute(ctx.tx)
  return rows
}

/** A template with the content of a version. @param version left out: the newest @throws AppError `not_found` */
export async function oneTemplate(ctx: Context, id: string, version?: number): Promise<JsonText> {
  requirePermission(ctx, 'messages.read')
  const { rows } = await sql<{ item: string }>`
    select json_build_object(${fields(ctx)}, 'content', v.content,
      'versions', (select json_agg(json_build_object('version', o.version, 'createdAt', o.created_at,
          'createdByName', ${memberName(ctx, sql`o.created_by`)}) order by o.version desc)
        from message_template_version o where o.tenant_id = ${ctx.tenantId} and o.template_id = t.id))::text as item
    from message_template t
    join message_template_version v on v.tenant_id = ${ctx.tenantId} and v.template_id = t.id
      and v.version = coalesce(${version ?? null}::integer, t.version)
    where t.tenant_id = ${ctx.tenantId} and t.id = ${id}`.execute(ctx.tx)
  if (!rows[0]) throw notFound()
  return new JsonText(rows[0].item)
}

export async function sharedBlockList(ctx: Context): Promise<JsonText> {
  requirePermission(ctx, 'messages.read')
  const { rows } = await sql<{ item: string }>`
    select json_build_object('items', coalesce(json_agg(json_build_object('id', b.id, 'key', b.key, 'name', b.name,
      'content', b.content, 'updatedAt', b.updated_at, 'templates', (
        select coalesce(json_agg(json_build_object('id', t.id, 'name', t.name) order by t.name, t.id), '[]')
        from message_template t
        join message_template_version v on v.tenant_id = ${ctx.tenantId} and v.template_id = t.id and v.version = t.version
        where t.tenant_id = ${ctx.tenantId} and t.state = 'active' and jsonb_path_exists(v.content,
          '$.*.blocks[*] ? (@.kind == "reusable" && @.key == $key)', jsonb_build_object('key', b.key)))) order by b.name, b.id), '[]'))::text as item
    from message_block b where b.tenant_id = ${ctx.tenantId}`.execute(ctx.tx)
  return new JsonText(rows[0]!.item)
}

/** Names of templates whose newest version names a shared block, or a version that a campaign or a waiting message still needs. */
export async function templatesWithBlock(ctx: Context, blockId: string): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select distinct t.name from message_block b
    join message_template_version v on v.tenant_id = ${ctx.tenantId} and jsonb_path_exists(v.content,
      '$.*.blocks[*] ? (@.kind == "reusable" && @.key == $key)', jsonb_build_object('key', b.key))
    join message_template t on t.tenant_id = ${ctx.tenantId} and t.id = v.template_id
    where b.tenant_id = ${ctx.tenantId} and b.id = ${blockId} and (
      (t.state = 'active' and t.version = v.version)
      or exists (select 1 from campaign k where k.tenant_id = ${ctx.tenantId} and k.template_id = t.id
        and k.state not in ('draft', 'finished', 'cancelled') and coalesce(k.template_version, t.version) = v.version)
      or exists (select 1 from message m where m.tenant_id = ${ctx.tenantId} and m.template_id = t.id
        and m.template_version = v.version and m.state = 'pending'))
    order by t.name`.execute(ctx.tx)
  return rows.map(({ name }) => name)
}
