import { sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'
import type { Words } from '../../../platform/errors/words.ts'
import { queueMail } from '../../../platform/mail/queue.ts'
import { receiversOf } from '../queries/receivers.ts'

interface Held {
  id: string
  recipient_id: string
  title: Words
  text: Words
  link: string
}

/** Deliveries that one run lets go. */
const mostReleased = 5_000

/**
 * Mails what was held until now: the digest, and what waited for the end of quiet hours. Several for one person become
 * one mail.
 * @returns how many mails
 */
export async function releaseHeld(ctx: Context): Promise<number> {
  const { rows } = await sql<Held>`
    with due as materialized (
      select d.id, d.recipient_id, d.notice_id from notice_delivery d
      where d.tenant_id = ${ctx.tenantId} and d.state = 'held' and d.held_until <= ${ctx.now}
      order by d.held_until, d.id limit ${mostReleased} for update skip locked)
    select due.id, due.recipient_id, jsonb_build_object('ja', n.title_ja, 'en', n.title_en) as title,
      jsonb_build_object('ja', n.text_ja, 'en', n.text_en) as text, n.link
    from due join notice n on n.tenant_id = ${ctx.tenantId} and n.id = due.notice_id
    order by array_position(array['critical', 'high', 'medium', 'low'], n.severity), n.created_at, n.id`.execute(ctx.tx)
  const receivers = await receiversOf(ctx, [...new Set(rows.map(row => row.recipient_id))])
  const released: { id: string; mail_id: string | null }[] = []
  for (const [recipient, held] of Map.groupBy(rows, row => row.recipient_id)) {
    const receiver = receivers.find(({ id }) => id === recipient)
    const mailId = receiver && (await queueMail(ctx, receiver.email, receiver.locale, mailOf(receiver.name, held)))
    released.push(...held.map(({ id }) => ({ id, mail_id: mailId ?? null })))
  }
  if (released.length === 0) return 0
  await sql`
    update notice_delivery d set state = case when line.mail_id is null then 'skipped' else 'sent' end,
      reason = case when line.mail_id is null then 'member_left' end, mail_id = line.mail_id,
      sent_at = case when line.mail_id is not null then ${ctx.now}::timestamptz end, updated_at = ${ctx.now}
    from jsonb_to_recordset(${JSON.stringify(released)}::jsonb) as line (id uuid, mail_id uuid)
    where d.tenant_id = ${ctx.tenantId} and d.id = line.id`.execute(ctx.tx)
  return new Set(released.flatMap(({ mail_id }) => mail_id ?? [])).size
}

function mailOf(name: string, held: readonly Held[]) {
  const notices = held.map(({ title, text, link }) => ({ title, text, link }))
  const [first, ...others] = notices
  return others.length === 0
    ? ({ kind: 'notice', name, notice: first! } as const)
    : ({ kind: 'notice_digest', name, notices } as const)
}
