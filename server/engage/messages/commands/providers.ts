import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { z } from 'zod'
import { type Context, record, requirePermission, tenantIdOf } from '../../../platform/context/context.ts'
import type { Installation } from '../../../platform/context/installation.ts'
import { AppError, notFound } from '../../../platform/errors/app-error.ts'
import type { RawReply, RawRequest } from '../../../platform/http/raw.ts'
import { blindIndex } from '../../../platform/secrets/box.ts'
import { inTenant } from '../../../platform/tenancy/transaction.ts'
import { fetchFromAmazon } from '../client.ts'
import type { createProvider as create } from '../contract/settings.ts'
import {
  isOfAmazon,
  isSignedBySendGrid,
  isSignedBySns,
  type ProviderEvent,
  readSns,
  sendGridEvents,
  sesEvents,
} from '../notification.ts'
import { suppressAddress } from './suppress.ts'

const actor = { kind: 'system', id: undefined, name: 'mail-providers' } as const

export async function createProvider(ctx: Context, input: z.output<typeof create.body>): Promise<string> {
  requirePermission(ctx, 'messages.manage')
  const id = uuidv7()
  await sql`
    insert into mail_provider (tenant_id, id, kind, name, credential, created_at)
    values (${ctx.tenantId}, ${id}, ${input.kind}, ${input.name}, ${input.credential}, ${ctx.now})`.execute(ctx.tx)
  record(ctx, {
    action: 'mail_provider.created',
    subject: { kind: 'mail_provider', id },
    details: { kind: input.kind },
  })
  return id
}

/** @throws AppError `not_found` */
export async function deleteProvider(ctx: Context, id: string): Promise<void> {
  requirePermission(ctx, 'messages.manage')
  const { numAffectedRows } = await sql`
    delete from mail_provider where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx)
  if (numAffectedRows !== 1n) throw notFound()
  record(ctx, { action: 'mail_provider.deleted', subject: { kind: 'mail_provider', id } })
}

interface Provider {
  kind: 'ses' | 'sendgrid'
  credential: string
}

/**
 * Takes what a provider tells, by its signature alone. What is told twice counts once, so an old message that somebody
 * sends again has no effect.
 * @param fetchText how certificates and confirmations are fetched @throws AppError `unauthenticated`
 */
export async function receiveMailEvents(
  installation: Installation,
  { params, headers, body, origin }: RawRequest,
  fetchText: (address: string) => Promise<string> = fetchFromAmazon,
): Promise<RawReply> {
  const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
  const { companyId = '', id = '' } = params
  if (!uuid.test(companyId) || !uuid.test(id)) throw unsigned()
  const inside = <Result>(work: (ctx: Context) => Promise<Result>) =>
    inTenant(installation, origin, tenantIdOf(companyId), actor, work)
  const provider = await inside(async ctx => {
    const { rows } = await sql<Provider>`
      select kind, credential from mail_provider where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx)
    return rows[0]
  })
  if (!provider) throw unsigned()
  const said =
    provider.kind === 'ses'
      ? await readSes(provider, body.toString('utf8'), origin.now, fetchText)
      : readSendGrid(provider, headers, body, origin.now)
  await inside(async ctx => {
    await followEvents(ctx, said.events)
    await sql`
      update mail_provider set last_seen_at = ${ctx.now}, confirmed_at = coalesce(confirmed_at, ${ctx.now}::timestamptz)
      where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx)
  })
  return { status: 200, body: { received: true } }
}

/** Certificates by their address: Amazon changes it with the certificate. */
const certificates = new Map<string, string>()

async function readSes(
  provider: Provider,
  body: string,
  now: Date,
  fetchText: (address: string) => Promise<string>,
): Promise<{ events: ProviderEvent[] }> {
  const message = readSns(body)
  if (message?.TopicArn !== provider.credential) throw unsigned()
  if (!isOfAmazon(message.SigningCertURL, /^\/SimpleNotificationService-[\w.-]+\.pem$/)) throw unsigned()
  const certificate = certificates.get(message.SigningCertURL) ?? (await fetchText(message.SigningCertURL).catch(away))
  if (!isSignedBySns(message, certificate)) throw unsigned()
  if (certificates.size > 100) certificates.clear()
  certificates.set(message.SigningCertURL, certificate)
  if (message.Type === 'SubscriptionConfirmation') {
    const address = message.SubscribeURL ?? ''
    if (!isOfAmazon(address, /^\/$/)) throw unsigned()
    await fetchText(address).catch(away)
  }
  return { events: message.Type === 'Notification' ? sesEvents(message, now) : [] }
}

function readSendGrid(
  provider: Provider,
  headers: RawRequest['headers'],
  body: Buffer,
  now: Date,
): { events: ProviderEvent[] } {
  const head = (name: string) => (typeof headers[name] === 'string' ? headers[name] : '')
  const timestamp = head('x-twilio-email-event-webhook-timestamp')
  const signature = head('x-twilio-email-event-webhook-signature')
  if (!isSignedBySendGrid(provider.credential, { timestamp, signature }, body)) throw unsigned()
  return { events: sendGridEvents(body.toString('utf8'), now) }
}

function away(error: unknown): never {
  const words = {
    ja: '送信サービスに接続できませんでした。後ほど再送してください。',
    en: 'The provider could not be reached. Send it again later.',
  }
  throw new AppError('unavailable', words, { retryAfter: 30, cause: error })
}

interface Told {
  id: string
  contact_id: string
}

const columnOf = { delivery: 'delivered_at', bounce: 'bounced_at', complaint: 'complained_at' } as const

/** Notes what became of messages; an address that is not there, or whose owner complained, gets nothing any more. */
async function followEvents(ctx: Context, events: readonly ProviderEvent[]): Promise<void> {
  for (const event of events) {
    const index = blindIndex(ctx.installation.keyring, ctx.tenantId, event.address)
    const { rows } = await sql<Told>`
      select m.id, m.contact_id from message m
      where m.tenant_id = ${ctx.tenantId} and m.address_index = ${index}
        and ${event.messageId ? sql`m.id = ${event.messageId}::uuid` : sql`true`}
      order by m.queued_at desc, m.id desc limit 1`.execute(ctx.tx)
    const [message] = rows
    if (!message) continue
    const added = await sql`
      insert into message_event (tenant_id, id, message_id, kind, at, detail, external_id)
      values (${ctx.tenantId}, ${uuidv7()}, ${message.id}, ${event.kind}, ${event.at}, ${event.detail}, ${event.externalId})
      on conflict do nothing returning 1`.execute(ctx.tx)
    if (added.rows.length === 0) continue
    if (event.isFinal) {
      const column = sql.ref(columnOf[event.kind])
      await sql`
        update message set ${column} = coalesce(${column}, ${event.at}::timestamptz), updated_at = ${ctx.now}
        where tenant_id = ${ctx.tenantId} and id = ${message.id}`.execute(ctx.tx)
      if (event.kind !== 'delivery') {
        await suppressAddress(ctx, { index, reason: event.kind, contactId: message.contact_id })
      }
    }
  }
}

function unsigned(): AppError {
  return new AppError('unauthenticated', {
    ja: '署名または送信先のアドレスが正しくありません。トピックのARN、または検証キーを確認してください。',
    en: 'The signature or the address is wrong. Check the ARN of the topic, or the verification key.',
  })
}
