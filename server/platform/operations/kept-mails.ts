import type pg from 'pg'
import { mailPlace } from '../mail/queue.ts'
import type { MailContent } from '../mail/templates.ts'
import { unseal } from '../secrets/box.ts'
import type { Keyring } from '../secrets/keyring.ts'

/** A mail that was not sent, since there is no SMTP server. */
export interface KeptMail {
  id: string
  kind: string
  to: string
  subject: string
  /** The link that the mail is about; null where it has none. */
  link: string | null
  createdAt: string
}

/** The newest kept mails, newest first: the operator passes their links on, or opens them. */
export async function readKeptMails(pool: pg.Pool, keyring: Keyring, limit: number): Promise<KeptMail[]> {
  const { rows } = await pool.query<{
    id: string
    kind: string
    recipient_box: string
    content_box: string
    created_at: Date
  }>(
    `select id, kind, recipient_box, content_box, created_at from system_mail where state = 'kept'
    order by created_at desc, id desc limit $1`,
    [limit],
  )
  return rows.map(row => {
    const content: MailContent = JSON.parse(unseal(keyring, mailPlace('content_box', row.id), row.content_box))
    return {
      id: row.id,
      kind: row.kind,
      to: unseal(keyring, mailPlace('recipient_box', row.id), row.recipient_box),
      subject: content.subject,
      link: /^https?:\/\/\S+$/m.exec(content.text)?.[0] ?? null,
      createdAt: row.created_at.toISOString(),
    }
  })
}
