import { type RawBuilder, sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'
import { languageOf } from '../../lifecycle-actions/commands/welcome.ts'
import { plainText } from '../../messages/queries/plain.ts'
import { recipientsOf } from '../../messages/queries/recipients.ts'
import type { InAppDocument } from '../contract/document.ts'
import type { ShownMessage } from '../contract/public.ts'

/** Messages that one page shows at once. */
const mostTogether = 3

/** Whether the person of a delivery `d` has had the event of every item of its message `m`. */
export function completedOf(ctx: Context): RawBuilder<unknown> {
  return sql`not exists (
    select 1 from jsonb_array_elements(m.document->'items') item
    where not exists (select 1 from usage_daily u
      where u.tenant_id = ${ctx.tenantId} and u.contact_id = d.contact_id and u.feature = item->>'event'))`
}

/**
 * What a contact is to be shown on a page, the most urgent first: what is enabled, now, on this page, and neither ended by
 * the person nor shown as often as its frequency allows.
 */
export async function messagesFor(
  ctx: Context,
  contactId: string,
  { path, language }: { path: string; language: string | undefined },
): Promise<ShownMessage[]> {
  const { rows } = await sql<{ id: string; document: InAppDocument; done: string[] }>`
    select d.id, m.document, (
      select coalesce(json_agg(distinct u.feature), '[]') from usage_daily u
      where m.kind = 'checklist' and u.tenant_id = ${ctx.tenantId} and u.contact_id = d.contact_id
        and u.feature in (select item->>'event' from jsonb_array_elements(m.document->'items') item)) as done
    from in_app_delivery d join in_app_message m on m.tenant_id = ${ctx.tenantId} and m.id = d.message_id
    join tenant company on company.id = ${ctx.tenantId}
    where d.tenant_id = ${ctx.tenantId} and d.contact_id = ${contactId}::uuid and m.state = 'enabled'
      and (m.starts_at is null or m.starts_at <= ${ctx.now}) and (m.ends_at is null or m.ends_at > ${ctx.now})
      and (m.page_like is null or ${path} like m.page_like)
      and d.withdrawn_at is null and d.dismissed_at is null and d.completed_at is null
      and (m.kind = 'checklist' or d.clicked_at is null)
      and case m.frequency when 'once' then d.shown = 0 when 'times' then d.shown < m.most
        when 'daily' then d.last_shown_at is null or (d.last_shown_at at time zone company.time_zone)::date
          < (${ctx.now}::timestamptz at time zone company.time_zone)::date
        else true end
      and (m.kind <> 'checklist' or not ${completedOf(ctx)})
    order by m.priority, d.queued_at, d.id limit 20`.execute(ctx.tx)
  if (rows.length === 0) return []
  const recipient = (await recipientsOf(ctx, [contactId])).get(contactId)
  if (!recipient) return []
  const wanted = languageOf(recipient.language) ?? languageOf(language ?? null) ?? recipient.companyLocale
  const shown: ShownMessage[] = []
  for (const { id, document, done } of rows) {
    // Two windows in front of a page would hide each other.
    if (shown.length === mostTogether) break
    if (document.kind === 'modal' && shown.some(({ kind }) => kind === 'modal')) continue
    const spoken = document.content[wanted] ? wanted : document.content.ja ? 'ja' : 'en'
    const words = document.content[spoken]!
    const filled = (text: string) => plainText(text, recipient.data)
    shown.push({
      id,
      kind: document.kind,
      tone: document.tone,
      language: spoken,
      title: filled(words.title),
      text: filled(words.text),
      button: filled(words.button),
      link: document.link,
      items: document.items.map(item => ({
        text: filled(item[spoken]),
        link: item.link,
        done: done.includes(item.event),
      })),
    })
  }
  return shown
}
