import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import { announce, type Context, record, requirePermission } from '../../../platform/context/context.ts'
import { invalidField, notFound } from '../../../platform/errors/app-error.ts'

/** Makes a tag. @throws AppError `invalid_input` when there is one of this name */
export async function createTag(ctx: Context, name: string): Promise<string> {
  requirePermission(ctx, 'attributes.manage')
  const id = uuidv7()
  const { numAffectedRows } = await sql`
    insert into tag (tenant_id, id, name, created_at) values (${ctx.tenantId}, ${id}, ${name}, ${ctx.now})
    on conflict (tenant_id, name) do nothing`.execute(ctx.tx)
  if (numAffectedRows !== 1n) {
    throw invalidField('body.name', { ja: '同じ名前のタグがあります。', en: 'There is a tag of this name already.' })
  }
  record(ctx, { action: 'tag.created', subject: { kind: 'tag', id } })
  announce(ctx, { type: 'tag.created', subject: { kind: 'tag', id }, payload: { name } })
  return id
}

/** Renames a tag; where another one has the name, the two become one. */
export async function renameTag(ctx: Context, id: string, name: string): Promise<void> {
  requirePermission(ctx, 'attributes.manage')
  const { rows } = await sql<{ id: string; name: string }>`
    select id, name from tag where tenant_id = ${ctx.tenantId} and (id = ${id} or name = ${name}) for update`.execute(
    ctx.tx,
  )
  const known = rows.find(row => row.id === id)
  if (!known) throw notFound()
  const other = rows.find(row => row.id !== id)
  if (other) await joinTags(ctx, id, other.id)
  else {
    await sql`update tag set name = ${name} where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx)
  }
  const subject = { kind: 'tag', id }
  record(ctx, { action: 'tag.renamed', subject, details: { joined: other?.id ?? null } })
  announce(ctx, { type: 'tag.renamed', subject, payload: { joined: other?.id ?? null } })
}

async function joinTags(ctx: Context, from: string, to: string): Promise<void> {
  await sql`
    insert into customer_tag (tenant_id, customer_id, tag_id)
    select ${ctx.tenantId}, c.customer_id, ${to} from customer_tag c where c.tenant_id = ${ctx.tenantId} and c.tag_id = ${from}
    on conflict do nothing`.execute(ctx.tx)
  await sql`
    insert into contact_tag (tenant_id, contact_id, tag_id)
    select ${ctx.tenantId}, c.contact_id, ${to} from contact_tag c where c.tenant_id = ${ctx.tenantId} and c.tag_id = ${from}
    on conflict do nothing`.execute(ctx.tx)
  await sql`delete from tag where tenant_id = ${ctx.tenantId} and id = ${from}`.execute(ctx.tx)
}

/** Removes a tag from every record. @throws AppError `not_found` */
export async function deleteTag(ctx: Context, id: string): Promise<void> {
  requirePermission(ctx, 'attributes.manage')
  const { numAffectedRows } = await sql`delete from tag where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(
    ctx.tx,
  )
  if (numAffectedRows !== 1n) throw notFound()
  record(ctx, { action: 'tag.deleted', subject: { kind: 'tag', id } })
  announce(ctx, { type: 'tag.deleted', subject: { kind: 'tag', id }, payload: {} })
}
