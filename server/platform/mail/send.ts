import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import { enqueue, type Origin } from '../context/context.ts'
import type { Installation } from '../context/installation.ts'
import { unseal } from '../secrets/box.ts'
import { type AccountContext, inAccount } from '../tenancy/transaction.ts'
import { deliver } from './client.ts'
import type { Delivery } from './delivery.ts'
import { mailPlace } from './queue.ts'
import type { MailContent } from './templates.ts'

/** A mail that cannot be delivered for so long has failed (RFC 5321 asks for four to five days at most; links expire earlier). */
const giveUpAfterHours = 72

interface Claimed {
  id: string
  lease: number
  to: string
  content: MailContent
  messageId: string
  /** How long the mail has been waiting. */
  hours: number
  attempts: number
}

/**
 * Sends one mail of the outbox. `sending` is committed before the server is spoken to: after a crash in between
 * nobody can know whether it arrived, so it becomes `uncertain` and is not sent again.
 */
export async function sendMail(installation: Installation, id: string): Promise<void> {
  const { smtp } = installation
  if (!smtp) return
  const mail = await claim(installation, id)
  if (!mail) return
  const { subject, text, html } = mail.content
  const outcome = await deliver(smtp.url, {
    from: smtp.from,
    to: mail.to,
    subject,
    text,
    html,
    messageId: mail.messageId,
  })
  await settle(installation, mail, outcome)
}

async function claim(installation: Installation, id: string): Promise<Claimed | undefined> {
  return inAccount(installation, origin(), async account => {
    const { rows } = await sql<{
      lease: number
      recipient_box: string
      content_box: string
      message_id: string
      hours: number
      attempts: number
      state: string
    }>`
      update system_mail m set
        state = case when m.state = 'sending' then 'uncertain'
          when exists (select 1 from mail_suppression s where s.recipient_index = m.recipient_index) then 'suppressed' else 'sending' end,
        lease = m.lease + 1, attempts = m.attempts + 1, lease_until = now() + interval '2 minutes', updated_at = now()
      where m.id = ${id} and (m.state = 'pending' or (m.state = 'sending' and m.lease_until < now()))
      returning lease, recipient_box, content_box, message_id, attempts, state,
        (extract(epoch from now() - created_at) / 3600)::float8 as hours`.execute(account.tx)
    const row = rows[0]
    if (!row) await refuseWhileSending(account, id)
    if (row?.state !== 'sending') return undefined
    const { keyring } = installation
    return {
      id,
      lease: row.lease,
      to: unseal(keyring, mailPlace('recipient_box', id), row.recipient_box),
      content: JSON.parse(unseal(keyring, mailPlace('content_box', id), row.content_box)),
      messageId: row.message_id,
      hours: row.hours,
      attempts: row.attempts,
    }
  })
}

/** Another worker speaks to the server at this moment, or died doing so: the job is tried again when its time is over. */
async function refuseWhileSending(account: AccountContext, id: string): Promise<void> {
  const { rows } = await sql`select 1 from system_mail where id = ${id} and state = 'sending'`.execute(account.tx)
  if (rows.length > 0) throw new Error('The mail is being sent by another worker.')
}

async function settle(installation: Installation, mail: Claimed, outcome: Delivery): Promise<void> {
  const tooLate = outcome.state === 'later' && mail.hours > giveUpAfterHours
  const state =
    outcome.state === 'refused' || tooLate ? 'failed' : outcome.state === 'later' ? 'pending' : outcome.state
  await inAccount(installation, origin(), async account => {
    const settled = await sql<{ recipient_index: Buffer }>`
      update system_mail set state = ${state}, lease_until = null, updated_at = now(),
        last_error = ${outcome.state === 'accepted' ? null : outcome.reason}
      where id = ${mail.id} and lease = ${mail.lease} and state = 'sending' returning recipient_index`.execute(
      account.tx,
    )
    const row = settled.rows[0]
    if (!row) return
    if (state === 'pending')
      enqueue(account, { name: 'mail.send', payload: { id: mail.id }, runAt: nextTry(account.now, mail.attempts) })
    if (outcome.state === 'refused' && outcome.mailbox) {
      await sql`
        insert into mail_suppression (recipient_index, reason) values (${row.recipient_index}, 'bounce') on conflict do nothing`.execute(
        account.tx,
      )
    }
  })
}

/** One minute, doubling, at most four hours. */
function nextTry(now: Date, attempts: number): Date {
  return new Date(now.getTime() + Math.min(60_000 * 2 ** (attempts - 1), 4 * 3_600_000))
}

function origin(): Origin {
  return { requestId: `mail ${uuidv7()}`, network: undefined, locale: 'en', now: new Date() }
}
