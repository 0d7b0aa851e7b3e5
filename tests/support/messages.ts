import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { type ContactValues, createContacts } from '../../server/customers/contacts/commands/save.ts'
import type { Block, TemplateContent } from '../../server/engage/messages/contract/blocks.ts'
import { type CampaignGoal, createCampaign } from '../../server/engage/messages/contract/campaigns.ts'
import { createTemplate } from '../../server/engage/messages/contract/templates.ts'
import { createTopic } from '../../server/engage/messages/contract/topics.ts'
import { asSystem, type TestCompany } from './factories.ts'

export const blocks: Block[] = [
  { kind: 'heading', text: 'こんにちは、{{ contact.name }} 様', level: 1 },
  { kind: 'text', text: '**新機能**のお知らせです。[詳細](https://example.test/news?a=1&b=2)をご覧ください。' },
  { kind: 'button', label: '開く', url: 'https://example.test/open' },
]
export const content: TemplateContent = {
  ja: { subject: '{{ contact.name }} 様へのお知らせ', preheader: '今月の話題', blocks, text: null },
}

/** A topic and a template of a company. */
export async function writeTemplate(
  company: TestCompany,
  { kind = 'marketing', body = content }: { kind?: 'marketing' | 'transactional'; body?: TemplateContent } = {},
): Promise<{ topic: string; template: string }> {
  const key = `t${randomUUID().slice(0, 8)}`
  const topic = (await company.admin.call(createTopic, { body: { key, nameJa: '製品ニュース', nameEn: 'News', kind } }))
    .body.id
  const template = (
    await company.admin.call(createTemplate, { body: { name: 'ニュース', topicId: topic, content: body } })
  ).body.id
  return { topic, template }
}

/** Contacts that agreed to get mails. @param values by place */
export async function writeContacts(
  company: TestCompany,
  count: number,
  values: (place: number) => ContactValues | undefined = () => ({}),
): Promise<string[]> {
  const ids = Array.from({ length: count }, () => randomUUID())
  await asSystem(company, ctx =>
    createContacts(
      ctx,
      ids.map((id, place) => ({
        id,
        values: {
          name: `受信者 ${place}`,
          email: `r${place}-${id.slice(0, 6)}@example.test`,
          emailConsent: 'GRANTED',
          ...values(place),
        },
      })),
      { origin: 'api' },
    ),
  )
  return ids
}

/** A campaign to every contact of the company. */
export async function writeCampaign(
  company: TestCompany,
  parts: { topic: string; template: string },
  goal: CampaignGoal | null = null,
): Promise<string> {
  const audience = { kind: 'condition', condition: { all: [] } }
  const body = { name: '配信', templateId: parts.template, topicId: parts.topic, audience, goal }
  return (await company.admin.call(createCampaign, { body })).body.id
}

export interface StoredMessage {
  id: string
  contactId: string
  state: string
  reason: string | null
  attempts: number
  lastError: string | null
}

/** The messages of a company, oldest first. */
export async function messagesOf(company: TestCompany): Promise<StoredMessage[]> {
  const { rows } = await asSystem(company, ctx =>
    sql<StoredMessage>`
      select id, contact_id as "contactId", state, reason, attempts, last_error as "lastError" from message
      where tenant_id = ${ctx.tenantId} order by id`.execute(ctx.tx),
  )
  return rows
}

/** Makes everything that waits for a later try due now. */
export async function passTime(company: TestCompany): Promise<void> {
  await asSystem(company, ctx =>
    sql`update message set next_at = now() where tenant_id = ${ctx.tenantId} and state = 'pending'`.execute(ctx.tx),
  )
}
