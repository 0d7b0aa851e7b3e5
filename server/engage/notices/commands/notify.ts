import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import { announce, type Context, enqueue, type JsonObject, type Subject } from '../../../platform/context/context.ts'
import type { Words } from '../../../platform/errors/words.ts'
import { queueMail } from '../../../platform/mail/queue.ts'
import { isAtLeast, type Severity, type Topic } from '../contract/shapes.ts'
import { choiceFor } from '../preference.ts'
import { type Channel, channelsOf } from '../queries/channels.ts'
import { type Receiver, receiversOf } from '../queries/receivers.ts'
import { isQuiet, nextDigest, quietUntil } from '../quiet.ts'

export interface NewNotice {
  topic: Topic
  severity: Severity
  subject?: Subject
  title: Words
  text: Words
  /** Path of the page that it is about, from the slash on. */
  link: string
  /** What is told once: a second notice of the same key is none. */
  key: string
  /** Members by id, and channels by key, beside the channels that want the topic anyway. */
  to: { members: readonly string[]; channels?: readonly string[] }
  /** What programs receive in place of the notice: what happened, and its data. */
  event?: { type: string; data: JsonObject }
  /** It goes to the named channels only. */
  exact?: boolean
  /** With `digest` mails wait for the daily digest even where the person wants them at once. */
  pace?: 'now' | 'digest'
}

interface NewDelivery {
  id: string
  notice_id: string
  way: 'in_app' | 'mail' | 'channel'
  recipient_id: string
  state: 'waiting' | 'held' | 'sent' | 'skipped'
  reason?: string
  held_until?: Date
  mail_id?: string
  sent_at?: Date
}

export const sendJob = 'notices.send'
export const releaseJob = 'notices.release'

/**
 * Tells colleagues and channels, in the caller's transaction: they are told if and only if it commits. Each way to each
 * receiver is noted, also where nothing goes out, with the reason.
 * @returns how many of the notices were new
 */
export async function notify(ctx: Context, notices: readonly NewNotice[]): Promise<number> {
  const fresh = await writeNotices(ctx, notices)
  if (fresh.length === 0) return 0
  const receivers = await receiversOf(ctx, [...new Set(fresh.flatMap(notice => notice.to.members))])
  const channels = await channelsOf(ctx)
  const deliveries: NewDelivery[] = []
  for (const notice of fresh) {
    for (const receiver of receivers.filter(({ id }) => notice.to.members.includes(id))) {
      deliveries.push(...(await toMember(ctx, notice, receiver)))
    }
    for (const channel of channels) {
      const asked = notice.to.channels?.includes(channel.key)
      const wants =
        !notice.exact && channel.topics.includes(notice.topic) && isAtLeast(notice.severity, channel.severity)
      if (asked || wants) deliveries.push(toChannel(notice.id, channel))
    }
  }
  await writeDeliveries(ctx, deliveries)
  announce(ctx, { type: 'notice.created', payload: { notices: fresh.length } })
  return fresh.length
}

type Written = NewNotice & { id: string }

async function writeNotices(ctx: Context, notices: readonly NewNotice[]): Promise<Written[]> {
  if (notices.length === 0) return []
  const written = notices.map(notice => ({ ...notice, id: uuidv7() }))
  const lines = written.map(({ id, key, topic, severity, subject, title, text, link, event }) => ({
    id,
    key,
    topic,
    severity,
    subject_kind: subject?.kind ?? null,
    subject_id: subject?.id ?? null,
    title_ja: title.ja,
    title_en: title.en,
    text_ja: text.ja,
    text_en: text.en,
    link,
    event: event ?? null,
  }))
  const { rows } = await sql<{ id: string }>`
    insert into notice (tenant_id, created_at, id, key, topic, severity, subject_kind, subject_id, title_ja, title_en, text_ja, text_en, link, event)
    select ${ctx.tenantId}, ${ctx.now}, line.* from jsonb_to_recordset(${JSON.stringify(lines)}::jsonb) as line (
      id uuid, key text, topic text, severity text, subject_kind text, subject_id uuid, title_ja text, title_en text,
      text_ja text, text_en text, link text, event jsonb)
    on conflict (tenant_id, key) do nothing returning id`.execute(ctx.tx)
  const fresh = new Set(rows.map(row => row.id))
  return written.filter(({ id }) => fresh.has(id))
}

async function toMember(ctx: Context, notice: Written, receiver: Receiver): Promise<NewDelivery[]> {
  const choice = choiceFor(receiver.choices, notice.topic, notice.severity)
  const base = { notice_id: notice.id, recipient_id: receiver.id }
  const inApp: NewDelivery = choice.inApp
    ? { ...base, id: uuidv7(), way: 'in_app', state: 'sent', sent_at: ctx.now }
    : { ...base, id: uuidv7(), way: 'in_app', state: 'skipped', reason: 'preference' }
  const mail = { ...base, id: uuidv7(), way: 'mail' } as const
  const pace = notice.pace === 'digest' && choice.mail === 'now' ? 'digest' : choice.mail
  if (pace === 'off') return [inApp, { ...mail, state: 'skipped', reason: 'preference' }]
  const { times, timeZone } = receiver
  if (pace === 'digest') {
    return [inApp, { ...mail, state: 'held', reason: 'digest', held_until: nextDigest(ctx.now, times, timeZone) }]
  }
  const passes = notice.severity === 'critical' && times.criticalPasses
  if (!passes && isQuiet(ctx.now, times, timeZone)) {
    const until = quietUntil(ctx.now, times, timeZone)
    return [inApp, { ...mail, state: 'held', reason: 'quiet_hours', held_until: until }]
  }
  const { title, text, link } = notice
  const content = { kind: 'notice', name: receiver.name, notice: { title, text, link } } as const
  const mailId = await queueMail(ctx, receiver.email, receiver.locale, content)
  return [inApp, { ...mail, state: 'sent', mail_id: mailId, sent_at: ctx.now }]
}

function toChannel(noticeId: string, { id, enabled }: Channel): NewDelivery {
  const delivery = { id: uuidv7(), notice_id: noticeId, way: 'channel', recipient_id: id } as const
  return enabled ? { ...delivery, state: 'waiting' } : { ...delivery, state: 'skipped', reason: 'channel_disabled' }
}

async function writeDeliveries(ctx: Context, deliveries: readonly NewDelivery[]): Promise<void> {
  if (deliveries.length === 0) return
  await sql`
    insert into notice_delivery (tenant_id, created_at, updated_at, id, notice_id, way, recipient_id, state, reason, held_until, mail_id, sent_at)
    select ${ctx.tenantId}, ${ctx.now}, ${ctx.now}, line.* from jsonb_to_recordset(${JSON.stringify(deliveries)}::jsonb) as line (
      id uuid, notice_id uuid, way text, recipient_id uuid, state text, reason text, held_until timestamptz, mail_id uuid, sent_at timestamptz)
    on conflict do nothing`.execute(ctx.tx)
  for (const { id, state } of deliveries) {
    if (state === 'waiting') enqueue(ctx, { name: sendJob, payload: { tenantId: ctx.tenantId, id } })
  }
  for (const moment of new Set(deliveries.flatMap(({ held_until }) => held_until?.toISOString() ?? []))) {
    enqueue(ctx, { name: releaseJob, payload: {}, runAt: new Date(moment), key: moment })
  }
}

/** A test notice for one channel, whatever it wants otherwise. @returns the notice's id */
export async function notifyChannel(ctx: Context, channelId: string, notice: Omit<NewNotice, 'to'>): Promise<string> {
  const [written] = await writeNotices(ctx, [{ ...notice, to: { members: [] } }])
  await writeDeliveries(ctx, [
    { id: uuidv7(), notice_id: written!.id, way: 'channel', recipient_id: channelId, state: 'waiting' },
  ])
  return written!.id
}
