import { Readable } from 'node:stream'
import MailComposer from 'nodemailer/lib/mail-composer/index.js'
import SMTPConnection from 'nodemailer/lib/smtp-connection/index.js'

export interface OutgoingMail {
  from: { name: string; address: string }
  to: string
  subject: string
  text: string
  html: string
  messageId: string
}

/**
 * How a delivery ended. `uncertain`: the whole message was handed over, and then the line went dead: the receiver may
 * have it, so it is never sent again by itself.
 */
export type Delivery =
  | { state: 'accepted' }
  | { state: 'refused'; reason: string; mailbox: boolean }
  | { state: 'later'; reason: string }
  | { state: 'uncertain'; reason: string }

/** Longest silence of the server (ms). */
const silence = 30_000

/**
 * Hands one message to an SMTP server. It never throws for what the server does; what it says decides.
 * @param url `smtp://user:password@host:587` (STARTTLS where offered) or `smtps://…`
 */
export async function deliver(url: string, mail: OutgoingMail): Promise<Delivery> {
  if (!isPlainAddress(mail.to) || !isPlainAddress(mail.from.address)) {
    return { state: 'refused', reason: 'The address has characters that no address has.', mailbox: true }
  }
  const message = await compose(mail)
  const server = new URL(url)
  const connection = new SMTPConnection({
    host: server.hostname,
    port: server.port === '' ? undefined : Number(server.port),
    secure: server.protocol === 'smtps:',
    connectionTimeout: silence,
    greetingTimeout: silence,
    socketTimeout: silence,
  })
  const handedOver = { whole: false }
  try {
    await open(connection, server)
    return await send(connection, mail, message, handedOver)
  } catch (error) {
    return judge(error as SMTPConnection.SMTPError, handedOver.whole)
  } finally {
    connection.close()
  }
}

/** What a failure means: a code of the server speaks for itself; without one it matters how far we came. */
function judge(error: SMTPConnection.SMTPError, whole: boolean): Delivery {
  const { responseCode } = error
  const reason = error.message.slice(0, 300)
  if (responseCode === undefined) return whole ? { state: 'uncertain', reason } : { state: 'later', reason }
  // 535 and its kin: our credentials, not the receiver; a person mends the setting and the mail still goes out.
  if (error.command?.startsWith('AUTH')) return { state: 'later', reason }
  if (responseCode < 500) return { state: 'later', reason }
  // 550 at RCPT, or an enhanced code 5.1.x (RFC 3463): the mailbox itself does not exist.
  const mailbox = error.command === 'RCPT TO' && (responseCode === 550 || /\b5\.1\.\d/.test(error.response ?? ''))
  return { state: 'refused', reason, mailbox }
}

function open(connection: SMTPConnection, server: URL): Promise<void> {
  return new Promise((resolve, reject) => {
    connection.once('error', reject)
    connection.connect(error => {
      if (error) return reject(error)
      if (server.username === '') return resolve()
      const credentials = { user: decodeURIComponent(server.username), pass: decodeURIComponent(server.password) }
      connection.login({ credentials } as SMTPConnection.AuthenticationType, failure =>
        failure ? reject(failure) : resolve(),
      )
    })
  })
}

function send(
  connection: SMTPConnection,
  mail: OutgoingMail,
  message: Buffer,
  handedOver: { whole: boolean },
): Promise<Delivery> {
  return new Promise((resolve, reject) => {
    connection.once('error', reject)
    connection.once('end', () => reject(new Error('The server closed the connection.')))
    const body = Readable.from([message])
    // From here on the server may have all of it, whatever the line does next.
    body.once('end', () => {
      handedOver.whole = true
    })
    const envelope = { from: mail.from.address, to: [mail.to] }
    connection.send(envelope, body, error => (error ? reject(error) : resolve({ state: 'accepted' })))
  })
}

function compose(mail: OutgoingMail): Promise<Buffer> {
  const composer = new MailComposer({
    from: mail.from,
    // An object, never a text to be parsed: a line break in an address must not become a second receiver.
    to: { name: '', address: mail.to },
    subject: mail.subject,
    text: mail.text,
    html: mail.html,
    messageId: mail.messageId,
    headers: { 'Auto-Submitted': 'auto-generated' },
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return composer.compile().build()
}

/** One address without anything that SMTP or a header could take for an end: RFC 5321 section 4.1.2, quoted forms left out. */
function isPlainAddress(address: string): boolean {
  return /^[^\s<>@,;:"()[\]\\\p{Cc}]{1,64}@[^\s<>@,;:"()\p{Cc}]{1,255}$/u.test(address)
}
