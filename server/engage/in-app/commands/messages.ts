import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { z } from 'zod'
import { refuseNamed } from '../../../catalog/conditions/queries/uses.ts'
import { type Context, record, requirePermission } from '../../../platform/context/context.ts'
import { AppError, type FieldFault, notFound } from '../../../platform/errors/app-error.ts'
import { audienceOf } from '../../messages/queries/audience.ts'
import { plainFault } from '../../messages/queries/plain.ts'
import type { InAppDocument, InAppState } from '../contract/document.ts'
import type { createInAppMessage as create, updateInAppMessage as update } from '../contract/messages.ts'
import { wakeAudience } from './queue.ts'

/** @returns its id. @throws AppError `invalid_input`, `conflict` for a key that is taken */
export async function createInApp(ctx: Context, input: z.output<typeof create.body>): Promise<string> {
  requirePermission(ctx, 'messages.manage')
  await refuse(ctx, input.document, input)
  const id = uuidv7()
  const key = input.key ?? `in-app-${id.slice(-8)}`
  const { document } = input
  const { rows } = await sql`
    insert into in_app_message (tenant_id, id, key, name, kind, state, document, page_like, frequency, most, priority, starts_at,
      ends_at, created_by, created_at, updated_at)
    values (${ctx.tenantId}, ${id}, ${key}, ${input.name}, ${document.kind}, 'draft', ${JSON.stringify(document)}::jsonb,
      ${likeOf(document.pages)}, ${document.frequency.kind}, ${mostOf(document)}, ${input.priority}, ${input.startsAt}, ${input.endsAt},
      ${ctx.actor.kind === 'member' ? ctx.actor.id : null}::uuid, ${ctx.now}, ${ctx.now})
    on conflict (tenant_id, key) do nothing returning 1`.execute(ctx.tx)
  if (rows.length === 0) {
    throw new AppError('conflict', {
      ja: `識別名「${key}」のアプリ内メッセージはすでにあります。別の識別名にしてください。`,
      en: `There is an in-app message with the key "${key}" already. Choose another key.`,
    })
  }
  record(ctx, { action: 'in_app.created', subject: { kind: 'in_app', id }, details: { name: input.name } })
  return id
}

/** Changes what is given; deliveries stay, and show what it says from now on. @throws AppError `not_found`, `invalid_input` */
export async function updateInApp(ctx: Context, id: string, input: z.output<typeof update.body>): Promise<void> {
  requirePermission(ctx, 'messages.manage')
  const { rows } = await sql<{
    state: InAppState
    document: InAppDocument
    startsAt: Date | null
    endsAt: Date | null
  }>`
    select state, document, starts_at as "startsAt", ends_at as "endsAt" from in_app_message
    where tenant_id = ${ctx.tenantId} and id = ${id} for update`.execute(ctx.tx)
  const before = rows[0]
  if (!before) throw notFound()
  const document = input.document ?? before.document
  const between = {
    startsAt: input.startsAt === undefined ? (before.startsAt?.toISOString() ?? null) : input.startsAt,
    endsAt: input.endsAt === undefined ? (before.endsAt?.toISOString() ?? null) : input.endsAt,
  }
  await refuse(ctx, document, between)
  const state = input.state ?? before.state
  await sql`
    update in_app_message set name = coalesce(${input.name ?? null}, name), document = ${JSON.stringify(document)}::jsonb,
      kind = ${document.kind}, page_like = ${likeOf(document.pages)}, frequency = ${document.frequency.kind}, most = ${mostOf(document)},
      priority = coalesce(${input.priority ?? null}::integer, priority), starts_at = ${between.startsAt}, ends_at = ${between.endsAt},
      state = ${state}, updated_at = ${ctx.now}
    where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx)
  if (state === 'enabled') wakeAudience(ctx, id)
  const action = state === before.state ? 'changed' : state === 'enabled' ? 'enabled' : 'paused'
  record(ctx, {
    action: `in_app.${action}`,
    subject: { kind: 'in_app', id },
    details: { fields: Object.keys(input) },
  })
}

/** @throws AppError `not_found`, `conflict` while running flows show it */
export async function deleteInApp(ctx: Context, id: string): Promise<void> {
  requirePermission(ctx, 'messages.manage')
  const { rows } = await sql<{ key: string }>`
    delete from in_app_message where tenant_id = ${ctx.tenantId} and id = ${id} returning key`.execute(ctx.tx)
  if (!rows[0]) throw notFound()
  await refuseNamed(ctx, { kind: 'in_app', key: rows[0].key })
  record(ctx, { action: 'in_app.deleted', subject: { kind: 'in_app', id } })
}

async function refuse(
  ctx: Context,
  document: InAppDocument,
  { startsAt, endsAt }: { startsAt: string | null; endsAt: string | null },
): Promise<void> {
  const faults: FieldFault[] = []
  const add = (path: string, message: FieldFault['message'] | undefined) => {
    if (message) faults.push({ path: `body.${path}`, message })
  }
  for (const language of ['ja', 'en'] as const) {
    const words = document.content[language]
    if (!words) continue
    for (const part of ['title', 'text', 'button'] as const)
      add(`document.content.${language}.${part}`, plainFault(words[part]))
    if (words.button !== '' && document.link === null)
      add('document.link', {
        ja: 'ボタンのリンク先を入力してください。',
        en: 'Say where the button leads.',
      })
    document.items.forEach((item, place) => {
      if (item[language] === '')
        add(`document.items.${place}.${language}`, {
          ja: 'チェックリストの項目の文言を入力してください。',
          en: 'Write the text of the item.',
        })
    })
  }
  if (document.kind === 'checklist' && document.items.length === 0)
    add('document.items', { ja: 'チェックリストには項目が1つ以上必要です。', en: 'A checklist needs an item.' })
  if (startsAt && endsAt && new Date(startsAt) >= new Date(endsAt))
    add('endsAt', { ja: '終了日時は開始日時より後にしてください。', en: 'It must end after it begins.' })
  const [first] = faults
  if (first) throw new AppError('invalid_input', first.message, { faults })
  if (document.audience) await audienceOf(ctx, document.audience)
}

/** A pattern of pages as one of LIKE: only the asterisk stands for anything. */
function likeOf(pages: string | null): string | null {
  return pages === null ? null : pages.replace(/[\\%_]/g, '\\$&').replaceAll('*', '%')
}

function mostOf({ frequency }: InAppDocument): number | null {
  return frequency.kind === 'times' ? frequency.most : null
}
