import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { Context } from '../../../platform/context/context.ts'
import { blindIndexer } from '../../../platform/secrets/box.ts'
import { languageOf } from '../../lifecycle-actions/commands/welcome.ts'
import type { MessageLanguage, TemplateContent } from '../contract/blocks.ts'
import type { MessageSettings } from '../contract/settings.ts'
import { recipientsOf } from '../queries/recipients.ts'
import { messageSettings, sharedBlocks, versionContents } from '../queries/stored.ts'
import { type ReadVariant, readVariant, writeMessage } from '../render.ts'
import { signLink } from '../signed-link.ts'
import type { LeasedMessage } from './outbox.ts'

/** A message as it goes out to one recipient. */
export interface WrittenMessage {
  message: LeasedMessage
  /** Null: there is nobody, or nobody with an address. */
  email: string | null
  index: Buffer | null
  subject: string
  html: string
  text: string
  headers: Record<string, string>
  /** Why it cannot be written. */
  fault?: string
}

/** Which language of a template somebody gets: their own, the company's, or the one that there is. */
function chosenLanguage(content: TemplateContent, contact: string | null, company: MessageLanguage): MessageLanguage {
  const wanted = languageOf(contact) ?? company
  if (content[wanted]) return wanted
  return content.ja ? 'ja' : 'en'
}

/** Writes messages for their recipients, with the links and the picture that tell of openings and clicks. */
export async function writeMessages(ctx: Context, messages: readonly LeasedMessage[]): Promise<WrittenMessage[]> {
  const [settings, shared] = [await messageSettings(ctx), await sharedBlocks(ctx)]
  const contents = await versionContents(ctx, [
    ...new Map(
      messages.map(({ templateId, version }) => [`${templateId} ${version}`, { template: templateId, version }]),
    ).values(),
  ])
  const recipients = await recipientsOf(ctx, [...new Set(messages.map(message => message.contactId))])
  const indexOf = blindIndexer(ctx.installation.keyring, ctx.tenantId)
  const read = new Map<string, ReadVariant>()
  const links = new Links()
  const written = messages.map(message => {
    const recipient = recipients.get(message.contactId)
    const content = contents.get(`${message.templateId} ${message.version}`)
    const empty = {
      message,
      email: recipient?.email ?? null,
      index: null,
      subject: '',
      html: '',
      text: '',
      headers: {},
    }
    if (!recipient || recipient.email === null || !content) return empty
    const language = chosenLanguage(content, recipient.language, recipient.companyLocale)
    const name = `${message.templateId} ${message.version} ${language}`
    try {
      const variant = read.get(name) ?? readVariant(content[language]!, language, shared[language])
      read.set(name, variant)
      const { around, headers } = surroundingsOf(ctx, message, settings, recipient.company, links)
      const data = { ...recipient.data, values: message.variables }
      return { ...empty, index: indexOf(recipient.email), headers, ...writeMessage(variant, data, around) }
    } catch (error) {
      return { ...empty, index: indexOf(recipient.email), fault: (error as Error).message.slice(0, 200) }
    }
  })
  await links.store(ctx)
  return written.map(each => ({ ...each, html: links.placed(ctx, each.html) }))
}

function surroundingsOf(
  ctx: Context,
  message: LeasedMessage,
  settings: MessageSettings,
  company: string,
  links: Links,
) {
  const { keyring, address } = ctx.installation
  const whose = { tenantId: ctx.tenantId, messageId: message.id }
  const unsubscribe = `${address}/m/u/${signLink(keyring, 'unsubscribe', whose)}`
  return {
    around: {
      company,
      postalAddress: settings.postalAddress,
      preferences: `${address}/m/p/${signLink(keyring, 'preferences', whose)}`,
      ...(message.marketing && { unsubscribe }),
      ...(settings.openTracking && { pixel: `${address}/m/o/${signLink(keyring, 'open', whose)}` }),
      link: (url: string) => (settings.clickTracking && /^https?:/.test(url) ? links.place(message.id, url) : url),
    },
    headers: {
      ...(message.marketing && {
        'List-Unsubscribe': `<${unsubscribe}>`,
        'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      }),
      'X-Kizuna-Message': message.id,
    } as Record<string, string>,
  }
}

/**
 * Targets of the links of a batch. A target is stored before its address is known, so while messages are written a mark
 * stands in its place; the mark is random, so that no text can hold one.
 */
class Links {
  readonly #mark = `kizuna-link-${uuidv7()}-`
  readonly #places: { messageId: string; target: string }[] = []
  readonly #ids = new Map<string, string>()

  place(messageId: string, target: string): string {
    this.#places.push({ messageId, target })
    return `${this.#mark}${this.#places.length - 1}-`
  }

  async store(ctx: Context): Promise<void> {
    const targets = [...new Set(this.#places.map(({ target }) => target))]
    if (targets.length === 0) return
    const lines = targets.map(target => ({ id: uuidv7(), hash: hashOf(target), target }))
    const known = await sql<{ id: string; target: string }>`
      with line as materialized (
        select line.id, decode(line.hash, 'hex') as hash, line.target
        from jsonb_to_recordset(${JSON.stringify(lines)}::jsonb) as line (id uuid, hash text, target text)),
      added as (
        insert into message_link (tenant_id, id, target_hash, target, created_at)
        select ${ctx.tenantId}, line.id, line.hash, line.target, ${ctx.now} from line order by line.hash
        on conflict (tenant_id, target_hash) do nothing returning id, target)
      select id, target from added
      union all
      select l.id, l.target from line join message_link l on l.tenant_id = ${ctx.tenantId} and l.target_hash = line.hash`.execute(
      ctx.tx,
    )
    for (const { id, target } of known.rows) this.#ids.set(target, id)
    const missing = targets.filter(target => !this.#ids.has(target))
    // Another worker stored them while we waited for it.
    if (missing.length > 0) {
      const late = await sql<{ id: string; target: string }>`
        select l.id, l.target from message_link l where l.tenant_id = ${ctx.tenantId} and l.target = any(${missing}::text[])
          and l.target_hash = any(${missing.map(target => Buffer.from(hashOf(target), 'hex'))}::bytea[])`.execute(
        ctx.tx,
      )
      for (const { id, target } of late.rows) this.#ids.set(target, id)
    }
  }

  /** The page with signed addresses in place of the marks. */
  placed(ctx: Context, html: string): string {
    const { keyring, address } = ctx.installation
    return html.replace(new RegExp(`${this.#mark}(\\d+)-`, 'g'), (_, place: string) => {
      const { messageId, target } = this.#places[Number(place)]!
      return `${address}/m/c/${signLink(keyring, 'click', { tenantId: ctx.tenantId, messageId, linkId: this.#ids.get(target)! })}`
    })
  }
}

function hashOf(target: string): string {
  return createHash('sha256').update(target).digest('hex')
}
