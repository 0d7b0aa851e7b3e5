import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { z } from 'zod'
import { type Context, record, requirePermission } from '../../../platform/context/context.ts'
import { AppError, notFound } from '../../../platform/errors/app-error.ts'
import type { MessageSettings } from '../contract/settings.ts'
import type { NewTopic, updateTopic as update } from '../contract/topics.ts'

/** @returns its id. @throws AppError `conflict` for a key that is taken */
export async function createTopic(ctx: Context, input: NewTopic): Promise<string> {
  requirePermission(ctx, 'messages.manage')
  const id = uuidv7()
  const { rows } = await sql`
    insert into message_topic (tenant_id, id, key, name_ja, name_en, description_ja, description_en, kind, position, created_at, updated_at)
    values (${ctx.tenantId}, ${id}, ${input.key}, ${input.nameJa}, ${input.nameEn}, ${input.descriptionJa}, ${input.descriptionEn},
      ${input.kind}, ${input.position}, ${ctx.now}, ${ctx.now})
    on conflict (tenant_id, key) do nothing returning 1`.execute(ctx.tx)
  if (rows.length === 0) {
    throw new AppError('conflict', {
      ja: `識別名「${input.key}」のトピックはすでにあります。`,
      en: `There is a topic with the key "${input.key}" already.`,
    })
  }
  record(ctx, { action: 'message_topic.created', subject: { kind: 'message_topic', id }, details: { key: input.key } })
  return id
}

/** @throws AppError `not_found` */
export async function updateTopic(ctx: Context, id: string, input: z.output<typeof update.body>): Promise<void> {
  requirePermission(ctx, 'messages.manage')
  const { numAffectedRows } = await sql`
    update message_topic set name_ja = coalesce(${input.nameJa ?? null}, name_ja), name_en = coalesce(${input.nameEn ?? null}, name_en),
      description_ja = coalesce(${input.descriptionJa ?? null}, description_ja),
      description_en = coalesce(${input.descriptionEn ?? null}, description_en),
      position = coalesce(${input.position ?? null}::integer, position), updated_at = ${ctx.now}
    where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx)
  if (numAffectedRows !== 1n) throw notFound()
  record(ctx, {
    action: 'message_topic.changed',
    subject: { kind: 'message_topic', id },
    details: { fields: Object.keys(input) },
  })
}

/** @throws AppError `not_found`, `conflict` where templates, campaigns or messages are about it */
export async function deleteTopic(ctx: Context, id: string): Promise<void> {
  requirePermission(ctx, 'messages.manage')
  const { rows } = await sql<{ used: boolean }>`
    select exists (select 1 from message_template x where x.tenant_id = ${ctx.tenantId} and x.topic_id = t.id)
      or exists (select 1 from campaign x where x.tenant_id = ${ctx.tenantId} and x.topic_id = t.id)
      or exists (select 1 from message x where x.tenant_id = ${ctx.tenantId} and x.topic_id = t.id) as used
    from message_topic t where t.tenant_id = ${ctx.tenantId} and t.id = ${id} for update`.execute(ctx.tx)
  if (!rows[0]) throw notFound()
  if (rows[0].used) {
    throw new AppError('conflict', {
      ja: 'このトピックはテンプレートや配信で使われているため、削除できません。',
      en: 'Templates, campaigns or messages are about this topic, so it cannot be deleted.',
    })
  }
  await sql`delete from message_topic where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx)
  record(ctx, { action: 'message_topic.deleted', subject: { kind: 'message_topic', id } })
}

export async function changeSettings(ctx: Context, input: MessageSettings): Promise<void> {
  requirePermission(ctx, 'messages.manage')
  await sql`
    insert into message_settings as known (tenant_id, open_tracking, click_tracking, without_consent, postal_address, late_hours, updated_at)
    values (${ctx.tenantId}, ${input.openTracking}, ${input.clickTracking}, ${input.withoutConsent}, ${input.postalAddress},
      ${input.lateHours}, ${ctx.now})
    on conflict (tenant_id) do update set open_tracking = excluded.open_tracking, click_tracking = excluded.click_tracking,
      without_consent = excluded.without_consent, postal_address = excluded.postal_address, late_hours = excluded.late_hours,
      updated_at = excluded.updated_at returning 1`.execute(ctx.tx)
  record(ctx, { action: 'message_settings.changed', details: { ...input } })
}
