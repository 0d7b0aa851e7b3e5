import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import DKIM from 'nodemailer/lib/dkim/index.js'
import MailComposer from 'nodemailer/lib/mail-composer/index.js'
import SMTPConnection from 'nodemailer/lib/smtp-connection/index.js'
import type { Delivery, Handed, OutgoingMail } from './delivery.ts'

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
  const line = new Line(url)
  try {
    const { delivery } = await line.deliver(mail)
    return delivery
  } finally {
    line.close()
  }
}

/** Longest time for one message, whatever trickles in meanwhile (ms). */
const longest = 90_000

/** A connection to an SMTP server for one message after the other; opened with the first, and anew where it broke. */
export class Line {
  readonly #url: string
  #connection: SMTPConnection | undefined

  constructor(url: string) {
    this.#url = url
  }

  /** Hands one message over. It never throws for what the server does. */
  async deliver(mail: OutgoingMail): Promise<Handed> {
    if (!isPlainAddress(mail.to) || !isPlainAddress(mail.from.address)) {
      const reason = 'The address has characters that no address has.'
      return { delivery: { state: 'refused', reason, mailbox: true }, common: false }
    }
    const message = await compose(mail)
    const handedOver = { whole: false }
    try {
      const connection = await this.#open()
      return { delivery: await within(longest, send(connection, mail, message, handedOver)), common: false }
    } catch (error) {
      const fault = error as SMTPConnection.SMTPError
      const delivery = judge(fault, handedOver.whole)
      const beforeRecipient = fault.command !== 'RCPT TO' && fault.command !== 'DATA'
      // A server that says no to one recipient takes the next on the same line, once the envelope is thrown away.
      if (fault.responseCode === undefined || fault.responseCode === 421 || !(await this.#reset())) this.close()
      return {
        delivery,
        common: delivery.state !== 'uncertain' && !handedOver.whole && (beforeRecipient || fault.responseCode === 421),
      }
    }
  }

  /** Connects where nothing is connected. @returns why the server cannot be reached; undefined where it can */
  async ready(): Promise<string | undefined> {
    try {
      await this.#open()
      return undefined
    } catch (error) {
      this.close()
      return (error as Error).message.slice(0, 300)
    }
  }

  close(): void {
    this.#connection?.close()
    this.#connection = undefined
  }

  async #open(): Promise<SMTPConnection> {
    if (this.#connection && !this.#connection.destroyed) return this.#connection
    const server = new URL(this.#url)
    const connection = new SMTPConnection({
      host: server.hostname,
      port: server.port === '' ? undefined : Number(server.port),
      secure: server.protocol === 'smtps:',
      connectionTimeout: silence,
      greetingTimeout: silence,
      socketTimeout: silence,
    })
    // Between two messages nobody listens: what happens then shows with the next.
    connection.on('error', () => {})
    this.#connection = connection
    await open(connection, server)
    return connection
  }

  #reset(): Promise<boolean> {
    const connection = this.#connection
    if (!connection || connection.destroyed) return Promise.resolve(false)
    const answered = new Promise<boolean>(resolve => {
      const done = (isReset: boolean) => {
        connection.off('error', failed)
        connection.off('end', failed)
        resolve(isReset)
      }
      const failed = () => done(false)
      connection.once('error', failed)
      connection.once('end', failed)
      connection.reset(error => done(!error))
    })
    return within(silence, answered).catch(() => false)
  }
}

async function within<Result>(milliseconds: number, work: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('The server took too long.')), milliseconds)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
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
  return new Promise<Delivery>((resolve, reject) => {
    const fail = (error: Error) => reject(error)
    const ended = () => reject(new Error('The server closed the connection.'))
    const done = (error: Error | null) => {
      connection.off('error', fail)
      connection.off('end', ended)
      if (error) reject(error)
      else resolve({ state: 'accepted' })
    }
    connection.once('error', fail)
    connection.once('end', ended)
    const body = Readable.from([message])
    // From here on the server may have all of it, whatever the line does next.
    body.once('end', () => {
      handedOver.whole = true
    })
    const envelope = { from: mail.from.address, to: [mail.to] }
    connection.send(envelope, body, done)
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
    ...(mail.replyTo !== undefined && { replyTo: { name: '', address: mail.replyTo } }),
    headers: mail.headers ?? { 'Auto-Submitted': 'auto-generated' },
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return composer
    .compile()
    .build()
    .then(message => (mail.dkim ? signed(message, mail.dkim) : message))
}

/** What a signature covers: also what mail programs unsubscribe by (RFC 8058 section 4). */
const signedFields =
  'from:to:subject:date:message-id:reply-to:mime-version:content-type:list-unsubscribe:list-unsubscribe-post'

function signed(message: Buffer, dkim: NonNullable<OutgoingMail['dkim']>): Promise<Buffer> {
  const signer = new DKIM({
    domainName: dkim.domain,
    keySelector: dkim.selector,
    privateKey: dkim.privateKey,
    headerFieldNames: signedFields,
  })
  return buffer(signer.sign(message))
}

/** One address without anything that SMTP or a header could take for an end: RFC 5321 section 4.1.2, quoted forms left out. */
function isPlainAddress(address: string): boolean {
  return /^[^\s<>@,;:"()[\]\\\p{Cc}]{1,64}@[^\s<>@,;:"()\p{Cc}]{1,255}$/u.test(address)
}
