import { type RawBuilder, sql } from 'kysely'
import { announce, type Context } from '../../../platform/context/context.ts'
import type { Delivery } from '../../../platform/mail/delivery.ts'
import { reasonOf } from '../queries/reason.ts'
import { suppressAddress } from './suppress.ts'

/** A message that a line has taken on. */
export interface LeasedMessage {
  id: string
  lease: string
  contactId: string
  templateId: string
  version: number
  topicId: string
  marketing: boolean
  variables: Record<string, unknown>
}

/** How long a line may take over what it claimed, and over one message (s). */
const leaseSeconds = 60
const sendingSeconds = 120
/** For so long after its first try a message is tried again (h). */
const patience = 72
const noSender = '00000000-0000-0000-0000-000000000000'

function isOf(senderId: string | null): RawBuilder<unknown> {
  return senderId === null ? sql`m.sender_id is null` : sql`m.sender_id = ${senderId}::uuid`
}

/** A condition on `m`: nobody has paused or ended its campaign. */
function isOn(ctx: Context): RawBuilder<unknown> {
  return sql`(m.source_kind <> 'campaign' or exists (select 1 from campaign k
    where k.tenant_id = ${ctx.tenantId} and k.id = m.source_id and k.state = 'sending'))`
}

/** Senders that have something to send now. Null: that of the installation. */
export async function sendersWithWork(ctx: Context): Promise<(string | null)[]> {
  const { rows } = await sql<{ sender: string | null }>`
    select distinct m.sender_id as sender from message m
    where m.tenant_id = ${ctx.tenantId} and m.state = 'pending' and m.next_at <= now()
      and (m.lease_until is null or m.lease_until < now()) and ${isOn(ctx)}`.execute(ctx.tx)
  return rows.map(row => row.sender)
}

/**
 * Takes messages of a sender on. They stay `pending`: only one that is being told to a server is `sending`, so that a
 * worker's death leaves one message a line in doubt.
 * @param perMinute most messages of the sender in a minute
 */
export async function claimMessages(
  ctx: Context,
  senderId: string | null,
  { most, perMinute }: { most: number; perMinute: number | null },
): Promise<LeasedMessage[]> {
  const allowed = perMinute === null ? most : Math.min(most, perMinute - (await usedInMinute(ctx, senderId)))
  if (allowed <= 0) return []
  const { rows } = await sql<LeasedMessage>`
    with chosen as materialized (
      select m.id from message m
      where m.tenant_id = ${ctx.tenantId} and m.state = 'pending' and ${isOf(senderId)} and m.next_at <= now()
        and (m.lease_until is null or m.lease_until < now()) and ${isOn(ctx)}
      order by m.next_at, m.id limit ${allowed} for update skip locked)
    update message m set lease = m.lease + 1, lease_until = now() + make_interval(secs => ${leaseSeconds})
    from chosen, message_topic t
    where m.tenant_id = ${ctx.tenantId} and m.id = chosen.id and t.tenant_id = ${ctx.tenantId} and t.id = m.topic_id
    returning m.id, m.lease::text as lease, m.contact_id as "contactId", m.template_id as "templateId", m.template_version as version,
      m.topic_id as "topicId", t.kind = 'marketing' as marketing, m.variables`.execute(ctx.tx)
  if (perMinute !== null && rows.length > 0) {
    await sql`
      update message_pace set used = used + ${rows.length}
      where tenant_id = ${ctx.tenantId} and sender_id = ${senderId ?? noSender}::uuid`.execute(ctx.tx)
  }
  return rows
}

/** How many messages the sender was given in this minute. Whoever claims for it next waits until this transaction ends. */
async function usedInMinute(ctx: Context, senderId: string | null): Promise<number> {
  const { rows } = await sql<{ used: number }>`
    insert into message_pace as known (tenant_id, sender_id, minute, used)
    values (${ctx.tenantId}, ${senderId ?? noSender}::uuid, date_trunc('minute', ${ctx.now}::timestamptz), 0)
    on conflict (tenant_id, sender_id) do update set minute = excluded.minute,
      used = case when known.minute = excluded.minute then known.used else 0 end
    returning used`.execute(ctx.tx)
  return rows[0]!.used
}

/**
 * Says that a message is told to a server from now on; to be committed before a byte of it is sent. Looks once more
 * whether its recipient may be written to, in the same statement.
 * @param email the address that the message was written for, with its blind index
 * @returns whether to send it
 */
export async function beginSending(
  ctx: Context,
  message: LeasedMessage,
  email: string | null,
  index: Buffer | null,
): Promise<boolean> {
  const { rows } = await sql<{ state: string }>`
    update message m set state = case when judged.reason is null then 'sending' else 'suppressed' end, reason = judged.reason,
      lease_until = case when judged.reason is null then now() + make_interval(secs => ${sendingSeconds}) end,
      attempts = m.attempts + 1, first_tried_at = coalesce(m.first_tried_at, now()), address_index = ${index}, updated_at = now(),
      variables = case when judged.reason is null then m.variables else '{}' end
    from message_topic t
    left join contact c on c.tenant_id = ${ctx.tenantId} and c.id = ${message.contactId}
    cross join lateral (select ${reasonOf(ctx, sql`${index}::bytea`)} as reason) judged
    where m.tenant_id = ${ctx.tenantId} and m.id = ${message.id} and m.lease = ${message.lease}::bigint and m.state = 'pending'
      and m.lease_until > now() and t.tenant_id = ${ctx.tenantId} and t.id = m.topic_id and ${isOn(ctx)}
      and c.email is not distinct from ${email}::text
    returning m.state`.execute(ctx.tx)
  return rows[0]?.state === 'sending'
}

/**
 * Gives messages back that were taken on and not begun.
 * @param seconds before they are looked at again
 * @param trouble why the server could not be reached
 */
export async function releaseMessages(
  ctx: Context,
  messages: readonly LeasedMessage[],
  seconds: number,
  trouble?: string,
): Promise<void> {
  if (messages.length === 0) return
  const lines = messages.map(({ id, lease }) => ({ id, lease }))
  await sql`
    update message m set lease_until = null, next_at = greatest(m.next_at, now() + make_interval(secs => ${seconds})),
      last_error = coalesce(${trouble ?? null}::text, m.last_error)
    from jsonb_to_recordset(${JSON.stringify(lines)}::jsonb) as line (id uuid, lease bigint)
    where m.tenant_id = ${ctx.tenantId} and m.id = line.id and m.lease = line.lease and m.state = 'pending'`.execute(
    ctx.tx,
  )
}

/** How a delivery ended. */
export interface Ending {
  message: LeasedMessage
  delivery: Delivery
  /** The trouble was not this recipient's. */
  common: boolean
}

/** Seconds before a message that met a trouble of the server's is tried again. */
export const commonPause = 60

/** Writes down how a delivery ended. Whoever lost the lease meanwhile writes nothing. */
export async function settleMessage(ctx: Context, { message, delivery, common }: Ending): Promise<void> {
  const isLater = delivery.state === 'later'
  const state = delivery.state === 'refused' ? 'failed' : isLater ? 'pending' : delivery.state
  const error = delivery.state === 'accepted' ? null : delivery.reason
  const isCancelled = isLater && (await campaignIsCancelled(ctx, message.id))
  const { rows } = await sql<{ index: Buffer | null; state: string }>`
    update message m set
      state = case when ${isCancelled} then 'suppressed'
        when ${isLater} and m.first_tried_at < now() - make_interval(hours => ${patience}) then 'failed' else ${state} end,
      reason = case when ${isCancelled} then 'cancelled' when ${isLater} and m.first_tried_at < now() - make_interval(hours => ${patience}) then 'given_up'
        when ${delivery.state === 'refused'} then 'refused' end,
      lease_until = null, last_error = ${error}, updated_at = now(),
      attempts = m.attempts - case when ${isLater && common} then 1 else 0 end,
      next_at = case when ${isLater && common} then now() + make_interval(secs => ${commonPause})
        when ${isLater} then now() + least(make_interval(secs => 300 * power(2, m.attempts - 1)), interval '4 hours') else m.next_at end,
      accepted_at = case when ${delivery.state === 'accepted'} then now() end,
      bounced_at = case when ${delivery.state === 'refused' && delivery.mailbox} then now() end,
      variables = case when ${isLater && !isCancelled} then m.variables else '{}' end
    where m.tenant_id = ${ctx.tenantId} and m.id = ${message.id} and m.lease = ${message.lease}::bigint and m.state = 'sending'
    returning m.address_index as index, m.state`.execute(ctx.tx)
  if (rows[0]?.index && delivery.state === 'refused' && delivery.mailbox) {
    await suppressAddress(ctx, { index: rows[0].index, reason: 'bounce', contactId: message.contactId })
  }
}

/** Whether a message's campaign was cancelled while it was being told. Who cancels now waits until this transaction ends. */
async function campaignIsCancelled(ctx: Context, messageId: string): Promise<boolean> {
  const { rows } = await sql<{ state: string }>`
    select k.state from campaign k where k.tenant_id = ${ctx.tenantId} and k.id = (select m.source_id from message m
      where m.tenant_id = ${ctx.tenantId} and m.id = ${messageId} and m.source_kind = 'campaign') for share`.execute(
    ctx.tx,
  )
  return rows[0]?.state === 'cancelled'
}

/** What was being told to a server when its worker died may have arrived: nobody knows, so it is never sent again. */
export async function endLostSending(ctx: Context): Promise<void> {
  await sql`
    update message set state = 'uncertain', lease_until = null, variables = '{}', updated_at = now(),
      last_error = 'The worker ended while it spoke to the server.'
    where tenant_id = ${ctx.tenantId} and state = 'sending' and lease_until < now()`.execute(ctx.tx)
}

/** Ends campaigns that have nothing left to send. */
export async function finishCampaigns(ctx: Context): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    update campaign k set state = 'finished', finished_at = ${ctx.now}, updated_at = ${ctx.now}
    where k.tenant_id = ${ctx.tenantId} and k.state = 'sending' and not exists (select 1 from message m
      where m.tenant_id = ${ctx.tenantId} and m.source_kind = 'campaign' and m.source_id = k.id and m.state in ('pending', 'sending'))
    returning k.id`.execute(ctx.tx)
  for (const { id } of rows)
    announce(ctx, { type: 'campaign.finished', subject: { kind: 'campaign', id }, payload: {} })
}

/** When there is next something to send; null: nothing waits. */
export async function nextWork(ctx: Context): Promise<Date | null> {
  const { rows } = await sql<{ at: Date | null }>`
    select min(greatest(m.next_at, coalesce(m.lease_until, m.next_at))) as at from message m
    where m.tenant_id = ${ctx.tenantId} and m.state = 'pending' and ${isOn(ctx)}`.execute(ctx.tx)
  const lost = await sql<{ at: Date | null }>`
    select min(m.lease_until) as at from message m where m.tenant_id = ${ctx.tenantId} and m.state = 'sending'`.execute(
    ctx.tx,
  )
  const times = [rows[0]?.at, lost.rows[0]?.at].flatMap(at => (at ? [at.getTime()] : []))
  return times.length > 0 ? new Date(Math.min(...times)) : null
}
