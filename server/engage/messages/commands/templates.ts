import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { z } from 'zod'
import { refuseNamed } from '../../../catalog/conditions/queries/uses.ts'
import { type Context, record, requirePermission } from '../../../platform/context/context.ts'
import { AppError, type FieldFault, notFound } from '../../../platform/errors/app-error.ts'
import type { TemplateContent } from '../contract/blocks.ts'
import type {
  createTemplate as create,
  saveSharedBlock as saveShared,
  updateTemplate as update,
} from '../contract/templates.ts'
import { templatesWithBlock } from '../queries/templates.ts'
import { contentFaults, sharedFaults } from '../template-faults.ts'
import { requireTopic } from './queue.ts'

/** @returns its id. @throws AppError `invalid_input` for texts that cannot be read, `conflict` for a key that is taken */
export async function createTemplate(ctx: Context, input: z.output<typeof create.body>): Promise<string> {
  requirePermission(ctx, 'messages.manage')
  refuse(contentFaults(input.content, 'body.content'))
  if (input.topicId) await requireTopic(ctx, input.topicId)
  const id = uuidv7()
  const key = input.key ?? `template-${id.slice(-8)}`
  const { rows } = await sql`
    insert into message_template (tenant_id, id, key, name, topic_id, state, version, created_by, created_at, updated_at)
    values (${ctx.tenantId}, ${id}, ${key}, ${input.name}, ${input.topicId}::uuid, 'active', 1, ${memberOf(ctx)}::uuid, ${ctx.now}, ${ctx.now})
    on conflict (tenant_id, key) do nothing returning 1`.execute(ctx.tx)
  if (rows.length === 0) {
    throw new AppError('conflict', {
      ja: `識別名「${key}」のテンプレートはすでにあります。`,
      en: `There is a template with the key "${key}" already.`,
    })
  }
  await insertVersion(ctx, id, 1, input.content)
  record(ctx, {
    action: 'message_template.created',
    subject: { kind: 'message_template', id },
    details: { name: input.name },
  })
  return id
}

/**
 * @throws AppError `not_found`, `invalid_input`, `conflict` when somebody made a newer version meanwhile, and for archiving
 *   what running flows send
 */
export async function updateTemplate(ctx: Context, id: string, input: z.output<typeof update.body>): Promise<void> {
  requirePermission(ctx, 'messages.manage')
  const { rows } = await sql<{ version: number; key: string; state: string }>`
    select version, key, state from message_template where tenant_id = ${ctx.tenantId} and id = ${id} for update`.execute(
    ctx.tx,
  )
  if (!rows[0]) throw notFound()
  const { version, key, state } = rows[0]
  if (input.state === 'archived' && state !== 'archived') await refuseNamed(ctx, { kind: 'message_template', key })
  if (input.basedOn !== undefined && input.basedOn !== version) {
    throw new AppError('conflict', {
      ja: 'ほかのメンバーが先に新しい版を保存しました。読み込み直してから編集してください。',
      en: 'Somebody else has saved a newer version. Reload it before you edit.',
    })
  }
  if (input.content) {
    refuse(contentFaults(input.content, 'body.content'))
    await insertVersion(ctx, id, version + 1, input.content)
  }
  if (input.topicId) await requireTopic(ctx, input.topicId)
  await sql`
    update message_template set name = coalesce(${input.name ?? null}, name), state = coalesce(${input.state ?? null}, state),
      topic_id = ${input.topicId === undefined ? sql`topic_id` : sql`${input.topicId}::uuid`},
      version = ${input.content ? version + 1 : version}, updated_at = ${ctx.now}
    where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx)
  record(ctx, {
    action: 'message_template.changed',
    subject: { kind: 'message_template', id },
    details: { fields: Object.keys(input).filter(field => field !== 'basedOn') },
  })
}

async function insertVersion(ctx: Context, id: string, version: number, content: TemplateContent): Promise<void> {
  await sql`
    insert into message_template_version (tenant_id, template_id, version, content, created_by, created_at)
    values (${ctx.tenantId}, ${id}, ${version}, ${JSON.stringify(content)}::jsonb, ${memberOf(ctx)}::uuid, ${ctx.now})`.execute(
    ctx.tx,
  )
}

/** Makes a shared block, or replaces the one of the same key. @throws AppError `invalid_input` */
export async function saveSharedBlock(ctx: Context, input: z.output<typeof saveShared.body>): Promise<string> {
  requirePermission(ctx, 'messages.manage')
  refuse(sharedFaults(input.content, 'body.content'))
  const { rows } = await sql<{ id: string }>`
    insert into message_block as known (tenant_id, id, key, name, content, created_at, updated_at)
    values (${ctx.tenantId}, ${uuidv7()}, ${input.key}, ${input.name}, ${JSON.stringify(input.content)}::jsonb, ${ctx.now}, ${ctx.now})
    on conflict (tenant_id, key) do update set name = excluded.name, content = excluded.content, updated_at = excluded.updated_at
    returning id`.execute(ctx.tx)
  const { id } = rows[0]!
  record(ctx, { action: 'message_block.saved', subject: { kind: 'message_block', id }, details: { key: input.key } })
  return id
}

/** @throws AppError `not_found`, `conflict` while templates, campaigns or waiting messages use it */
export async function deleteSharedBlock(ctx: Context, id: string): Promise<void> {
  requirePermission(ctx, 'messages.manage')
  const users = await templatesWithBlock(ctx, id)
  if (users.length > 0) {
    const more = users.length > 5 ? users.length - 5 : 0
    const names = users.slice(0, 5)
    throw new AppError('conflict', {
      ja: `テンプレート${names.map(name => `「${name}」`).join('')}${more ? `ほか${more}件` : ''}で使われているため、削除できません。先にテンプレートから外してください。`,
      en: `It cannot be deleted while templates use it: ${names.join(', ')}${more ? ` and ${more} more` : ''}. Take it out of them first.`,
    })
  }
  const { numAffectedRows } = await sql`
    delete from message_block where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx)
  if (numAffectedRows !== 1n) throw notFound()
  record(ctx, { action: 'message_block.deleted', subject: { kind: 'message_block', id } })
}

function refuse(faults: FieldFault[]): void {
  const [first] = faults
  if (first) throw new AppError('invalid_input', first.message, { faults })
}

function memberOf(ctx: Context): string | null {
  return ctx.actor.kind === 'member' ? ctx.actor.id : null
}
