import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import { type Context, enqueue } from '../context/context.ts'
import type { Words } from '../errors/words.ts'
import { blindIndex, seal } from '../secrets/box.ts'
import { type MailContent, renderMail, type SystemMail } from './templates.ts'

/** A tenant's context or an account's. */
type Surroundings = Pick<Context, 'tx' | 'installation'> & { pending: Pick<Context['pending'], 'jobs'> }

/** Where the boxes of a mail stand. */
export function mailPlace(column: 'recipient_box' | 'content_box', id: string) {
  return { tenant: '-', table: 'system_mail', column, row: id }
}

/** The blind index of system mails is the installation's, as a mail may belong to no tenant. */
const mailIndexOwner = 'system mail'

/**
 * Puts a system mail into the outbox, in the caller's transaction: it is sent if and only if that commits.
 * @param locale language of the receiver
 * @returns its id, by which its state can be asked for
 */
export async function queueMail(
  surroundings: Surroundings,
  to: string,
  locale: keyof Words,
  mail: SystemMail,
): Promise<string> {
  return queueRenderedMail(surroundings, to, mail.kind, renderMail(mail, locale, surroundings.installation.address))
}

/** The same for a mail that is written already. */
async function queueRenderedMail(
  surroundings: Surroundings,
  to: string,
  kind: string,
  content: MailContent,
): Promise<string> {
  const { keyring, address, smtp } = surroundings.installation
  const id = uuidv7()
  const messageId = `<${id}@${new URL(address).hostname}>`
  await sql`
    insert into system_mail (id, kind, recipient_index, recipient_box, content_box, message_id, state)
    values (${id}, ${kind}, ${blindIndex(keyring, mailIndexOwner, to)}, ${seal(keyring, mailPlace('recipient_box', id), to)},
      ${seal(keyring, mailPlace('content_box', id), JSON.stringify(content))}, ${messageId}, ${smtp ? 'pending' : 'kept'})`.execute(
    surroundings.tx,
  )
  if (smtp) enqueue(surroundings, { name: 'mail.send', payload: { id } })
  return id
}

/**
 * Keeps messages that nothing can send for the development mailbox, all in one statement. Their outcome is not followed.
 * @param kind what they are, as the mailbox shows it
 */
export async function keepMails(
  surroundings: Pick<Context, 'tx' | 'installation'>,
  kind: string,
  mails: readonly { to: string; content: MailContent }[],
): Promise<void> {
  const { keyring, address } = surroundings.installation
  const lines = mails.map(({ to, content }) => {
    const id = uuidv7()
    return {
      id,
      index: blindIndex(keyring, mailIndexOwner, to).toString('hex'),
      recipient: seal(keyring, mailPlace('recipient_box', id), to),
      content: seal(keyring, mailPlace('content_box', id), JSON.stringify(content)),
      message: `<${id}@${new URL(address).hostname}>`,
    }
  })
  await sql`
    insert into system_mail (id, kind, recipient_index, recipient_box, content_box, message_id, state)
    select line.id, ${kind}, decode(line.index, 'hex'), line.recipient, line.content, line.message, 'kept'
    from jsonb_to_recordset(${JSON.stringify(lines)}::jsonb) as line (id uuid, index text, recipient text, content text, message text)`.execute(
    surroundings.tx,
  )
}
