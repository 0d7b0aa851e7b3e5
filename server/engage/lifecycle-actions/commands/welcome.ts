import { sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'
import type { Locale } from '../../../platform/errors/words.ts'
import { queueMail } from '../../../platform/mail/queue.ts'
import { filledText } from '../../../signals/lifecycle/contract/mail-text.ts'
import type { StageAction } from '../../../signals/lifecycle/contract/stages.ts'
import type { Ending } from './settle.ts'

type Wish = Extract<StageAction, { kind: 'welcome_mail' }>

interface Addressee {
  name: string
  email: string | null
  company: string | null
  language: string | null
  email_consent: 'UNKNOWN' | 'GRANTED' | 'DENIED'
  email_state: 'SUBSCRIBED' | 'UNSUBSCRIBED' | 'BOUNCED' | 'COMPLAINED'
  sender: string
  locale: Locale
  sent: boolean
}

/**
 * Puts the welcome mail into the outbox, in the contact's language: once for a contact and stage, and not to who has no
 * address, wants no mail or cannot be reached by it.
 */
export async function welcome(ctx: Context, actionId: string, contactId: string, wish: Wish): Promise<Ending> {
  const { rows } = await sql<Addressee>`
    select c.name, c.email, coalesce(k.name, c.company) as company, c.language, c.email_consent, c.email_state,
      company.name as sender, company.locale,
      exists (select 1 from lifecycle_action a
        join lifecycle_move m on m.tenant_id = ${ctx.tenantId} and m.id = a.move_id
        join lifecycle_action this on this.tenant_id = ${ctx.tenantId} and this.id = ${actionId}
        join lifecycle_move now on now.tenant_id = ${ctx.tenantId} and now.id = this.move_id
        where a.tenant_id = ${ctx.tenantId} and a.contact_id = c.id and a.kind = 'welcome_mail' and a.state = 'done'
          and m.to_stage = now.to_stage and a.id <> this.id and a.place = this.place) as sent
    from contact c join tenant company on company.id = ${ctx.tenantId}
    left join customer k on k.tenant_id = ${ctx.tenantId} and k.id = c.customer_id
    where c.tenant_id = ${ctx.tenantId} and c.id = ${contactId} for update of c`.execute(ctx.tx)
  const lead = rows[0]!
  if (lead.email === null) return { state: 'skipped', reason: 'no_address' }
  if (lead.email_consent === 'DENIED') return { state: 'skipped', reason: 'denied' }
  if (lead.email_state !== 'SUBSCRIBED') return { state: 'skipped', reason: 'unsubscribed' }
  if (lead.sent) return { state: 'skipped', reason: 'already_sent' }
  const locale = languageOf(lead.language) ?? lead.locale
  const [subject, body] = locale === 'ja' ? [wish.subjectJa, wish.bodyJa] : [wish.subjectEn, wish.bodyEn]
  const values = { name: lead.name, company: lead.company ?? (locale === 'ja' ? '貴社' : 'your company') }
  const mailId = await queueMail(ctx, lead.email, locale, {
    kind: 'welcome',
    company: lead.sender,
    subject: filledText(subject, values),
    text: filledText(body, values),
  })
  return { state: 'done', reason: 'queued', mailId }
}

/** `ja`, `ja-JP`, `Japanese`, `日本語`: what of it the product writes in; undefined for others. */
export function languageOf(language: string | null): Locale | undefined {
  if (language === null) return undefined
  if (/^(ja\b|japanese|日本語)/i.test(language.trim())) return 'ja'
  return /^(en\b|english|英語)/i.test(language.trim()) ? 'en' : undefined
}
