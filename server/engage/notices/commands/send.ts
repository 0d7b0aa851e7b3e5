import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import { announce, type Context, enqueue, type Origin, type TenantId } from '../../../platform/context/context.ts'
import type { Installation } from '../../../platform/context/installation.ts'
import type { Locale, Words } from '../../../platform/errors/words.ts'
import { unseal } from '../../../platform/secrets/box.ts'
import { inTenant } from '../../../platform/tenancy/transaction.ts'
import { subjectOf } from '../card.ts'
import { type Outcome, sendTo } from '../client.ts'
import type { ChannelTarget } from '../contract/channels.ts'
import type { Severity, Topic } from '../contract/shapes.ts'
import type { Message } from '../message.ts'
import { channelPlace } from '../queries/channels.ts'
import { cardLinks } from './links.ts'
import { sendJob } from './notify.ts'

/** After so many attempts (about nine hours) a delivery has failed; a person can send it again. */
const mostAttempts = 10

const actor = { kind: 'system', id: undefined, name: 'notices' } as const

interface Claimed {
  target: ChannelTarget
  message: Message
  locale: Locale
  channelId: string
  attempts: number
}

/**
 * Sends one delivery to its channel. `sending` is committed before the channel is spoken to; after a crash in between it
 * is sent again when its lease is over, with the same id, so that programs can tell.
 */
export async function sendDelivery(installation: Installation, tenantId: TenantId, id: string): Promise<void> {
  const claimed = await inTenant(installation, origin(), tenantId, actor, ctx => claim(ctx, id))
  if (!claimed) return
  const { target, message, locale } = claimed
  const outcome = await sendTo(target, message, { privateTargets: installation.privateTargets ?? [], locale })
  await inTenant(installation, origin(), tenantId, actor, ctx => settle(ctx, id, claimed, outcome))
}

async function claim(ctx: Context, id: string): Promise<Claimed | undefined> {
  const lease = new Date(ctx.now.getTime() + 120_000)
  const { rows } = await sql<{ recipient_id: string; notice_id: string; attempts: number }>`
    update notice_delivery d set state = 'sending', attempts = d.attempts + 1, lease_until = ${lease}, updated_at = ${ctx.now}
    where d.tenant_id = ${ctx.tenantId} and d.id = ${id} and d.way = 'channel'
      and (d.state = 'waiting' or (d.state = 'sending' and d.lease_until < ${ctx.now}))
    returning recipient_id, notice_id, attempts`.execute(ctx.tx)
  const [delivery] = rows
  if (!delivery) return refuseWhileSending(ctx, id)
  const { rows: channels } = await sql<{ box: string; enabled: boolean; key: string }>`
    select c.box, c.enabled, n.key from notice n
    join notice_channel c on c.tenant_id = ${ctx.tenantId} and c.id = ${delivery.recipient_id}
    where n.tenant_id = ${ctx.tenantId} and n.id = ${delivery.notice_id}`.execute(ctx.tx)
  const [channel] = channels
  // A test tells whether a channel works before it is switched on.
  if (!channel || !(channel.enabled || channel.key.startsWith('test:'))) {
    await skip(ctx, id, channel ? 'channel_disabled' : 'channel_deleted')
    return undefined
  }
  const place = channelPlace(ctx, delivery.recipient_id)
  const target: ChannelTarget = JSON.parse(unseal(ctx.installation.keyring, place, channel.box))
  const { message, locale } = await messageOf(ctx, delivery.notice_id, id)
  return {
    target,
    locale,
    message:
      target.kind === 'teams' && message.acts
        ? { ...message, links: cardLinks(ctx, message.acts, message.title) }
        : message,
    channelId: delivery.recipient_id,
    attempts: delivery.attempts,
  }
}

/** Another worker speaks to the channel at this moment, or died doing so: the job is tried again when its time is over. */
async function refuseWhileSending(ctx: Context, id: string): Promise<undefined> {
  const { rows } = await sql`
    select 1 from notice_delivery where tenant_id = ${ctx.tenantId} and id = ${id} and state = 'sending'`.execute(
    ctx.tx,
  )
  if (rows.length > 0) throw new Error('The notice is being sent by another worker.')
}

async function skip(ctx: Context, id: string, reason: 'channel_disabled' | 'channel_deleted'): Promise<void> {
  await sql`
    update notice_delivery set state = 'skipped', reason = ${reason}, lease_until = null, updated_at = ${ctx.now}
    where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx)
}

/** The notice as the channel writes it: in the company's language, under the id of the delivery. */
async function messageOf(ctx: Context, noticeId: string, id: string): Promise<{ message: Message; locale: Locale }> {
  const { rows } = await sql<{
    topic: Topic
    severity: Severity
    title: Words
    text: Words
    link: string
    subject: Message['subject']
    event: Message['event']
    created_at: Date
    locale: Locale
  }>`
    select n.topic, n.severity, jsonb_build_object('ja', n.title_ja, 'en', n.title_en) as title,
      jsonb_build_object('ja', n.text_ja, 'en', n.text_en) as text, n.link, n.event, n.created_at, company.locale,
      case when n.subject_id is not null then jsonb_build_object('kind', n.subject_kind, 'id', n.subject_id) end as subject
    from notice n, tenant company where n.tenant_id = ${ctx.tenantId} and n.id = ${noticeId} and company.id = ${ctx.tenantId}`.execute(
    ctx.tx,
  )
  const { created_at, locale, link, ...notice } = rows[0]!
  const message = {
    ...notice,
    acts: subjectOf(link),
    id,
    link: `${ctx.installation.address}${link}`,
    createdAt: created_at.toISOString(),
  }
  return { message, locale }
}

async function settle(ctx: Context, id: string, { channelId, attempts }: Claimed, outcome: Outcome): Promise<void> {
  const failed = outcome.state === 'refused' || (outcome.state === 'later' && attempts >= mostAttempts)
  const state = outcome.state === 'sent' ? 'sent' : failed ? 'failed' : 'waiting'
  const error = outcome.state === 'sent' ? null : outcome.reason
  const sentAt = state === 'sent' ? ctx.now : null
  const { numAffectedRows } = await sql`
    update notice_delivery set state = ${state}, error = ${error}, sent_at = ${sentAt}, lease_until = null, updated_at = ${ctx.now}
    where tenant_id = ${ctx.tenantId} and id = ${id} and state = 'sending' and attempts = ${attempts}`.execute(ctx.tx)
  if (numAffectedRows !== 1n) return
  await sql`
    update notice_channel set last_sent_at = coalesce(${sentAt}::timestamptz, last_sent_at),
      last_error = ${error}, last_error_at = case when ${error}::text is null then null else ${ctx.now}::timestamptz end
    where tenant_id = ${ctx.tenantId} and id = ${channelId}`.execute(ctx.tx)
  if (state === 'waiting' && outcome.state === 'later') {
    const runAt = nextTry(ctx.now, attempts, outcome.after)
    enqueue(ctx, { name: sendJob, payload: { tenantId: ctx.tenantId, id }, runAt })
  }
  announce(ctx, { type: 'notice_channel.used', subject: { kind: 'notice_channel', id: channelId }, payload: { state } })
}

/** One minute, doubling, at most four hours; later where the receiver asks for it. */
function nextTry(now: Date, attempts: number, after = 0): Date {
  return new Date(now.getTime() + Math.max(after * 1_000, Math.min(60_000 * 2 ** (attempts - 1), 4 * 3_600_000)))
}

function origin(): Origin {
  return { requestId: `notice ${uuidv7()}`, network: undefined, locale: 'en', now: new Date() }
}
