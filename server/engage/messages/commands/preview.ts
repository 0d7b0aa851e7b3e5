import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { z } from 'zod'
import { type Context, requirePermission } from '../../../platform/context/context.ts'
import { AppError, notFound } from '../../../platform/errors/app-error.ts'
import type { RouteReply } from '../../../platform/http/contract.ts'
import type { MessageLanguage, TemplateContent } from '../contract/blocks.ts'
import type { previewTemplate as preview } from '../contract/templates.ts'
import { mainFirst, type Recipient, recipientsOf } from '../queries/recipients.ts'
import { messageSettings, sharedBlocks } from '../queries/stored.ts'
import { MissingBlock, readVariant, type Written, writeMessage } from '../render.ts'
import { contentFaults } from '../template-faults.ts'

/** Writes a message for a contact, and keeps it as the actor's newest preview. @throws AppError `not_found` */
export async function previewMessage(
  ctx: Context,
  { content, language, ...whom }: z.output<typeof preview.body>,
): Promise<RouteReply<typeof preview>> {
  requirePermission(ctx, 'messages.read')
  requirePermission(ctx, 'customers.read')
  const faults = contentFaults(content, 'content').map(({ path, message }) => ({ path, ...message }))
  const recipient = await exampleRecipient(ctx, whom)
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

/** Whom an example is written for. */
export interface ExampleFor {
  contactId?: string | undefined
  customerId?: string | undefined
}

/**
 * The contact that an example is written for: the chosen one, the main person of the chosen customer, else somebody with a
 * customer. @throws AppError `not_found`
 */
export async function exampleRecipient(
  ctx: Context,
  { contactId, customerId }: ExampleFor,
): Promise<Recipient | undefined> {
  const chosen = contactId ?? (await anyContact(ctx, customerId))
  const recipient = chosen && (await recipientsOf(ctx, [chosen])).get(chosen)
  if (!recipient && (contactId ?? customerId) !== undefined) throw notFound()
  return recipient || undefined
}

async function anyContact(ctx: Context, customerId: string | undefined): Promise<string | undefined> {
  const { rows } = await sql<{ id: string }>`
    select c.id from contact c where c.tenant_id = ${ctx.tenantId} and c.merged_into is null and c.left_on is null
      and c.email is not null and ${customerId ? sql`c.customer_id = ${customerId}::uuid` : sql`true`}
    order by ${customerId ? mainFirst : sql`c.customer_id is null, c.id`} limit 1`.execute(ctx.tx)
  return rows[0]?.id
}

/** Writes a message for a recipient, without links that lead to choices. @throws AppError `invalid_input` where the texts ask for too much */
export async function writeExample(
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
    if (error instanceof MissingBlock) {
      throw new AppError('invalid_input', {
        ja: '使われている共通ブロックが見つかりません。テンプレートから外すか、選び直してください。',
        en: `${error.message} Take it out of the template or choose another one.`,
      })
    }
    throw new AppError('invalid_input', {
      ja: `差し込みの処理が大きすぎるため、表示できません: ${(error as Error).message.slice(0, 200)}`,
      en: `The merge tags ask for too much: ${(error as Error).message.slice(0, 200)}`,
    })
  }
}
