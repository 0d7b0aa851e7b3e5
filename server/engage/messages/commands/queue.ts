import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import { type Context, enqueue, type JsonObject, requirePermission } from '../../../platform/context/context.ts'
import { invalidField } from '../../../platform/errors/app-error.ts'
import { blindIndexer } from '../../../platform/secrets/box.ts'
import type { SuppressionReason } from '../contract/shapes.ts'
import { reasonOf } from '../queries/reason.ts'

/** The job that sends what a company has queued. */
export const sendJob = 'messages.send'

/** What to send to whom, and why. */
export interface MessageWish {
  templateId: string
  /** Of the template; left out: the newest. */
  version?: number
  /** Id of the topic: says whether consent is needed and whether it can be turned off. */
  topic: string
  /** Left out: the company's default sender, else that of the installation. */
  senderId?: string | null
  recipients: readonly {
    contactId: string
    /** Of the same key there is one message, whoever asks and however often. */
    key: string
    /** What merge tags find under `values`. */
    variables?: JsonObject
  }[]
  source: { kind: 'campaign' | 'flow' | 'test'; id: string; stepKey?: string }
}

/** What became of a key: queued, left out for a reason, or there was a message of this key before. */
export type QueuedMessage =
  | { key: string; messageId: string; state: 'queued' }
  | { key: string; messageId: string; state: 'suppressed'; reason: SuppressionReason }
  | { key: string; messageId: null; state: 'duplicate' }

/** Recipients of one statement. */
const chunk = 5_000

/**
 * Puts messages into the outbox in the caller's transaction: they are sent if and only if it commits, each key once. Who
 * may not be written to gets a message in the state `suppressed` with the reason, so that states sum to the recipients.
 * Consent, choices and suppressed addresses are looked at again in the moment of sending. However many recipients there
 * are, it takes three statements for each 5,000 of them.
 * @returns what became of each recipient, in their order
 * @throws AppError `forbidden`, `invalid_input` for a template or topic that there is not
 */
export async function queueMessages(ctx: Context, wish: MessageWish): Promise<QueuedMessage[]> {
  requirePermission(ctx, 'messages.manage')
  const version = wish.version ?? (await versionOf(ctx, wish.templateId))
  await requireTopic(ctx, wish.topic)
  const senderId = wish.senderId ?? (await defaultSender(ctx))
  const outcomes: QueuedMessage[] = []
  for (let from = 0; from < wish.recipients.length; from += chunk) {
    outcomes.push(...(await queueChunk(ctx, { ...wish, version, senderId }, wish.recipients.slice(from, from + chunk))))
  }
  if (outcomes.some(({ state }) => state === 'queued')) wakeSender(ctx)
  return outcomes
}

/** Has the outbox looked at soon. */
export function wakeSender(ctx: Context): void {
  enqueue(ctx, { name: sendJob, payload: { tenantId: ctx.tenantId }, key: 'send' })
}

async function queueChunk(
  ctx: Context,
  wish: MessageWish & { version: number; senderId: string | null },
  recipients: MessageWish['recipients'],
): Promise<QueuedMessage[]> {
  const { source, topic, templateId, version, senderId } = wish
  const indexes = await addressIndexes(
    ctx,
    recipients.map(({ contactId }) => contactId),
  )
  const lines = recipients.map(({ contactId, key, variables }) => ({
    id: uuidv7(),
    key,
    contact: contactId,
    variables: variables ?? {},
    index: indexes.get(contactId) ?? null,
  }))
  const { rows } = await sql<{ id: string; key: string; reason: SuppressionReason | null }>`
    insert into message (tenant_id, id, key, source_kind, source_id, step_key, contact_id, template_id, template_version, topic_id,
      sender_id, variables, address_index, state, reason, next_at, queued_at, updated_at)
    select ${ctx.tenantId}, line.id, line.key, ${source.kind}, ${source.id}::uuid, ${source.stepKey ?? ''}, line.contact,
      ${templateId}::uuid, ${version}, t.id, ${senderId}::uuid, case when judged.reason is null then line.variables else '{}' end,
      decode(line.index, 'hex'), case when judged.reason is null then 'pending' else 'suppressed' end, judged.reason,
      ${ctx.now}, ${ctx.now}, ${ctx.now}
    from jsonb_to_recordset(${JSON.stringify(lines)}::jsonb) as line (id uuid, key text, contact uuid, variables jsonb, index text)
    join message_topic t on t.tenant_id = ${ctx.tenantId} and t.id = ${topic}::uuid
    left join contact c on c.tenant_id = ${ctx.tenantId} and c.id = line.contact
    cross join lateral (select ${reasonOf(ctx, sql`decode(line.index, 'hex')`)} as reason) judged
    on conflict (tenant_id, key) do nothing returning id, key, reason`.execute(ctx.tx)
  const made = new Map(rows.map(row => [row.key, row]))
  return lines.map(({ id, key }) => {
    const row = made.get(key)
    if (row?.id !== id) return { key, messageId: null, state: 'duplicate' }
    return row.reason === null
      ? { key, messageId: id, state: 'queued' }
      : { key, messageId: id, state: 'suppressed', reason: row.reason }
  })
}

/** Blind indexes of the addresses of contacts, in hexadecimal: by them addresses are compared without being kept. */
async function addressIndexes(ctx: Context, contactIds: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await sql<{ id: string; email: string }>`
    select c.id, c.email from contact c
    where c.tenant_id = ${ctx.tenantId} and c.id = any(${contactIds}::uuid[]) and c.email is not null`.execute(ctx.tx)
  const indexOf = blindIndexer(ctx.installation.keyring, ctx.tenantId)
  return new Map(rows.map(row => [row.id, indexOf(row.email).toString('hex')]))
}

async function versionOf(ctx: Context, templateId: string): Promise<number> {
  const { rows } = await sql<{ version: number }>`
    select version from message_template where tenant_id = ${ctx.tenantId} and id = ${templateId}`.execute(ctx.tx)
  if (rows[0]) return rows[0].version
  throw invalidField('body.templateId', { ja: 'そのテンプレートはありません。', en: 'There is no such template.' })
}

/** @throws AppError `invalid_input` */
export async function requireTopic(ctx: Context, topicId: string): Promise<void> {
  const { rows } = await sql`select 1 from message_topic where tenant_id = ${ctx.tenantId} and id = ${topicId}`.execute(
    ctx.tx,
  )
  if (rows.length > 0) return
  throw invalidField('body.topicId', { ja: 'そのトピックはありません。', en: 'There is no such topic.' })
}

/** The company's default sender; null: that of the installation. */
export async function defaultSender(ctx: Context): Promise<string | null> {
  const { rows } = await sql<{ id: string }>`
    select id from message_sender where tenant_id = ${ctx.tenantId} and is_default`.execute(ctx.tx)
  return rows[0]?.id ?? null
}
