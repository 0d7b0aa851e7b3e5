import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { z } from 'zod'
import { type Context, record, requirePermission } from '../../../platform/context/context.ts'
import { AppError, notFound } from '../../../platform/errors/app-error.ts'
import type { RouteReply } from '../../../platform/http/contract.ts'
import { queueRenderedMail } from '../../../platform/mail/queue.ts'
import type { MessageLanguage, TemplateContent } from '../contract/blocks.ts'
import type { previewTemplate as preview } from '../contract/templates.ts'
import { type Recipient, recipientsOf } from '../queries/recipients.ts'
import { messageSettings, sharedBlocks, versionContents } from '../queries/stored.ts'
import { readVariant, type Written, writeMessage } from '../render.ts'
import { contentFaults } from '../template-faults.ts'

/** Writes a message for a contact, and keeps it as the actor's newest preview. @throws AppError `not_found` */
export async function previewMessage(
  ctx: Context,
  { content, language, contactId }: z.output<typeof preview.body>,
): Promise<RouteReply<typeof preview>> {
  requirePermission(ctx, 'messages.read')
  const faults = contentFaults(content, 'content').map(({ path, message }) => ({ path, ...message }))
  const recipient = await exampleRecipient(ctx, contactId)
  const id = uuidv7()
  const written =
    faults.length > 0 ? { subject: '', html: '', text: '' } : await writeExample(ctx, content, language, recipient)
  await sql`
    insert into message_preview as known (tenant_id, owner_id, id, html, created_at)
    values (${ctx.tenantId}, ${ctx.actor.id}::uuid, ${id}, ${written.html}, ${ctx.now})
    on conflict (tenant_id, owner_id) do update set id = excluded.id, html = excluded.html, created_at = excluded.created_at
    returning 1`.execute(ctx.tx)
  return { id, subject: written.subject, text: written.text, contactName: recipient?.name ?? '', faults }
}

/** The page of one's own newest preview. @throws AppError `not_found` */
export async function previewPage(ctx: Context, id: string): Promise<string> {
  requirePermission(ctx, 'messages.read')
  const { rows } = await sql<{ html: string }>`
    select html from message_preview where tenant_id = ${ctx.tenantId} and owner_id = ${ctx.actor.id}::uuid and id = ${id}`.execute(
    ctx.tx,
  )
  if (!rows[0]) throw notFound()
  return rows[0].html
}

/** Sends the newest version of a template to the actor. @returns the address. @throws AppError `not_found`, `conflict` */
export async function sendTest(
  ctx: Context,
  templateId: string,
  { language, contactId }: { language: MessageLanguage; contactId?: string | undefined },
): Promise<string> {
  requirePermission(ctx, 'messages.manage')
  const { rows } = await sql<{ version: number; email: string | null }>`
    select t.version, (select who.email from member colleague join app_user who on who.id = colleague.user_id
      where colleague.tenant_id = ${ctx.tenantId} and colleague.id = ${ctx.actor.id ?? null}::uuid) as email
    from message_template t where t.tenant_id = ${ctx.tenantId} and t.id = ${templateId}`.execute(ctx.tx)
  if (!rows[0]) throw notFound()
  const { version, email } = rows[0]
  if (email === null) {
    throw new AppError('conflict', {
      ja: 'テスト送信は、サインインしているメンバー宛てに行います。',
      en: 'A test goes to the member who is signed in.',
    })
  }
  const content = (await versionContents(ctx, [{ template: templateId, version }])).get(`${templateId} ${version}`)!
  const written = await writeExample(ctx, content, language, await exampleRecipient(ctx, contactId))
  await queueRenderedMail(ctx, email, 'message_test', { ...written, subject: `[Test] ${written.subject}` })
  record(ctx, { action: 'message_template.tested', subject: { kind: 'message_template', id: templateId } })
  return email
}

/** Whom an example is written for: a contact, else somebody with a customer. */
async function exampleRecipient(ctx: Context, contactId: string | undefined): Promise<Recipient | undefined> {
  requirePermission(ctx, 'customers.read')
  if (contactId !== undefined) {
    const chosen = (await recipientsOf(ctx, [contactId])).get(contactId)
    if (!chosen) throw notFound()
    return chosen
  }
  const { rows } = await sql<{ id: string }>`
    select c.id from contact c where c.tenant_id = ${ctx.tenantId} and c.merged_into is null and c.email is not null
    order by c.customer_id is null, c.id limit 1`.execute(ctx.tx)
  return rows[0] && (await recipientsOf(ctx, [rows[0].id])).get(rows[0].id)
}

/** @throws AppError `invalid_input` where the texts ask for too much */
async function writeExample(
  ctx: Context,
  content: TemplateContent,
  language: MessageLanguage,
  recipient: Recipient | undefined,
): Promise<Written> {
  const variant = content[language] ?? content.ja ?? content.en!
  const used = content[language] ? language : content.ja ? 'ja' : 'en'
  const [settings, shared] = [await messageSettings(ctx), await sharedBlocks(ctx)]
  try {
    return writeMessage(
      readVariant(variant, used, shared[used]),
      { ...recipient?.data, values: {} },
      {
        company: recipient?.company ?? '',
        postalAddress: settings.postalAddress,
        // Nobody receives it: there is nothing to choose.
        preferences: '#',
        unsubscribe: '#',
        link: url => url,
      },
    )
  } catch (error) {
    throw new AppError('invalid_input', {
      ja: `差し込みの処理が大きすぎるため、表示できません: ${(error as Error).message.slice(0, 200)}`,
      en: `The merge tags ask for too much: ${(error as Error).message.slice(0, 200)}`,
    })
  }
}
