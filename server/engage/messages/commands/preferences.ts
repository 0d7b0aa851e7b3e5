import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import { updateContacts } from '../../../customers/contacts/commands/save.ts'
import { announce, type Context, record } from '../../../platform/context/context.ts'

/** A recipient as the pages of a message know them. */
export interface Chooser {
  messageId: string
  contactId: string
  customerId: string | null
  language: string | null
  companyLocale: 'ja' | 'en'
  company: string
  /** Gets nothing of marketing, whatever the topics say. */
  isOut: boolean
  topicId: string
  topics: {
    id: string
    nameJa: string
    nameEn: string
    descriptionJa: string
    descriptionEn: string
    subscribed: boolean
  }[]
}

/** Who a message is for, and what they chose; undefined where it is gone. */
export async function chooserOf(ctx: Context, messageId: string): Promise<Chooser | undefined> {
  const { rows } = await sql<Chooser>`
    select m.id as "messageId", c.id as "contactId", c.customer_id as "customerId", c.language, company.locale as "companyLocale",
      company.name as company, c.email_state = 'UNSUBSCRIBED' or c.email_consent = 'DENIED' as "isOut", m.topic_id as "topicId",
      (select coalesce(json_agg(json_build_object('id', t.id, 'nameJa', t.name_ja, 'nameEn', t.name_en, 'descriptionJa', t.description_ja,
          'descriptionEn', t.description_en, 'subscribed', coalesce(o.subscribed, true)) order by t.position, t.name_ja, t.id), '[]')
        from message_topic t left join topic_choice o on o.tenant_id = ${ctx.tenantId} and o.topic_id = t.id and o.contact_id = c.id
        where t.tenant_id = ${ctx.tenantId} and t.kind = 'marketing') as topics
    from message m join tenant company on company.id = ${ctx.tenantId}
    join contact known on known.tenant_id = ${ctx.tenantId} and known.id = m.contact_id
    join contact c on c.tenant_id = ${ctx.tenantId} and c.id = coalesce(known.merged_into, known.id)
    where m.tenant_id = ${ctx.tenantId} and m.id = ${messageId}`.execute(ctx.tx)
  return rows[0]
}

/** Unsubscribes from the topic of a message; of one that belongs to a contract nothing can be turned off. */
export async function unsubscribeTopic(ctx: Context, chooser: Chooser, via: 'page' | 'one_click'): Promise<void> {
  if (!chooser.topics.some(topic => topic.id === chooser.topicId)) return
  await saveChoices(ctx, chooser, [{ id: chooser.topicId, subscribed: false }], via)
  await noteUnsubscribed(ctx, chooser, via)
}

/** Keeps what a recipient chose on the page. @param subscribed topics that they want; @param all nothing of marketing at all */
export async function choose(
  ctx: Context,
  chooser: Chooser,
  { subscribed, all }: { subscribed: ReadonlySet<string>; all: boolean },
): Promise<void> {
  const choices = chooser.topics.map(({ id }) => ({ id, subscribed: !all && subscribed.has(id) }))
  await saveChoices(ctx, chooser, choices, 'page')
  const wantsSome = choices.some(choice => choice.subscribed)
  if (all !== chooser.isOut && (all || wantsSome)) {
    await updateContacts(ctx, [
      {
        id: chooser.contactId,
        values: all
          ? { emailState: 'UNSUBSCRIBED' }
          : // Who chooses topics on the page consents to them.
            { emailState: 'SUBSCRIBED', emailConsent: 'GRANTED' },
      },
    ])
  }
  const isOff = choices.find(choice => choice.id === chooser.topicId)?.subscribed === false
  if (all || isOff) await noteUnsubscribed(ctx, chooser, 'page')
}

async function saveChoices(
  ctx: Context,
  chooser: Chooser,
  choices: readonly { id: string; subscribed: boolean }[],
  via: 'page' | 'one_click',
): Promise<void> {
  await sql`
    insert into topic_choice as known (tenant_id, contact_id, topic_id, subscribed, at, via)
    select ${ctx.tenantId}, ${chooser.contactId}::uuid, line.id, line.subscribed, ${ctx.now}, ${via}
    from jsonb_to_recordset(${JSON.stringify(choices)}::jsonb) as line (id uuid, subscribed boolean)
    on conflict (tenant_id, contact_id, topic_id) do update set subscribed = excluded.subscribed, at = excluded.at, via = excluded.via
    returning 1`.execute(ctx.tx)
}

async function noteUnsubscribed(ctx: Context, chooser: Chooser, via: string): Promise<void> {
  const { rows } = await sql`
    update message set unsubscribed_at = ${ctx.now}, updated_at = ${ctx.now}
    where tenant_id = ${ctx.tenantId} and id = ${chooser.messageId} and unsubscribed_at is null returning 1`.execute(
    ctx.tx,
  )
  if (rows.length === 0) return
  await sql`
    insert into message_event (tenant_id, id, message_id, kind, at, detail)
    values (${ctx.tenantId}, ${uuidv7()}, ${chooser.messageId}, 'unsubscribe', ${ctx.now}, ${via})`.execute(ctx.tx)
  announce(ctx, {
    type: 'message.unsubscribed',
    subject: chooser.customerId
      ? { kind: 'customer', id: chooser.customerId }
      : { kind: 'contact', id: chooser.contactId },
    payload: { contactId: chooser.contactId },
  })
  record(ctx, {
    action: 'contact.unsubscribed',
    subject: { kind: 'contact', id: chooser.contactId },
    details: { topic: chooser.topicId, via },
  })
}
