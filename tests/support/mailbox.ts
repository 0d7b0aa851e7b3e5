import type { Socket } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import PostalMime, { type Email } from 'postal-mime'
import { SMTPServer } from 'smtp-server'

export interface ReceivedMail extends Email {
  envelope: { from: string; to: string[] }
  /** The message as it came over the wire. */
  raw: Buffer
}

/** How the server treats what comes next; faults as real servers show them. */
export type MailboxBehaviour =
  | { kind: 'accept' }
  /** 451 at RCPT TO: try again later. */
  | { kind: 'refuse_for_now' }
  /** 550 at RCPT TO for one address: it does not exist. */
  | { kind: 'unknown_address'; address: string }
  /** Takes the whole message, then cuts the connection without a word: nobody knows whether it was accepted. */
  | { kind: 'drop_after_data' }
  /** Waits before it acknowledges the message. */
  | { kind: 'slow'; milliseconds: number }

export interface Mailbox {
  /** `smtp://127.0.0.1:port`, without TLS or sign-in. */
  url: string
  /** In the order of arrival; `drop_after_data` counts as arrived. */
  received: ReceivedMail[]
  behave(behaviour: MailboxBehaviour): void
  /** The first mail to the address (from those arrived already, too); fails after the timeout. */
  waitFor(address: string, options?: { timeoutMilliseconds?: number; subject?: RegExp }): Promise<ReceivedMail>
  close(): Promise<void>
}

/** A real SMTP server on a free loopback port that keeps what it is given. */
export async function startMailbox(): Promise<Mailbox> {
  let behaviour: MailboxBehaviour = { kind: 'accept' }
  const received: ReceivedMail[] = []
  const sockets = new Map<number, Socket>()

  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    onRcptTo({ address }, _session, done) {
      if (behaviour.kind === 'refuse_for_now') return done(reply(451, 'Mailbox busy, try again later'))
      if (behaviour.kind === 'unknown_address' && address.toLowerCase() === behaviour.address.toLowerCase()) {
        return done(reply(550, 'No such mailbox'))
      }
      done()
    },
    async onData(stream, session, done) {
      const now = behaviour
      const raw = await buffer(stream)
      const { mailFrom, rcptTo } = session.envelope
      received.push({
        ...(await PostalMime.parse(raw)),
        raw,
        envelope: { from: mailFrom ? mailFrom.address : '', to: rcptTo.map(recipient => recipient.address) },
      })
      if (now.kind === 'drop_after_data') {
        sockets.get(session.remotePort)?.destroy()
        return
      }
      if (now.kind === 'slow') await sleep(now.milliseconds)
      done()
    },
  })
  server.server.on('connection', (socket: Socket) => {
    const port = socket.remotePort
    if (port === undefined) return
    sockets.set(port, socket)
    socket.once('close', () => sockets.delete(port))
  })
  // A client that goes away in the middle is part of the fault tests, not a fault of this server.
  server.on('error', () => {})
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.server.address()
  if (address === null || typeof address === 'string') throw new Error('The mailbox has no port.')

  return {
    url: `smtp://127.0.0.1:${address.port}`,
    received,
    behave(next) {
      behaviour = next
    },
    async waitFor(recipient, { timeoutMilliseconds = 10_000, subject } = {}) {
      const deadline = Date.now() + timeoutMilliseconds
      for (;;) {
        const mail = received.find(
          one => one.envelope.to.includes(recipient) && (subject === undefined || subject.test(one.subject ?? '')),
        )
        if (mail) return mail
        if (Date.now() > deadline) {
          const arrived = received.map(one => `${one.envelope.to.join(', ')}: ${one.subject}`).join('\n')
          throw new Error(`No mail to ${recipient} within ${timeoutMilliseconds} ms. Arrived:\n${arrived || '(none)'}`)
        }
        await sleep(20)
      }
    },
    close() {
      for (const socket of sockets.values()) socket.destroy()
      return new Promise(resolve => server.close(() => resolve()))
    },
  }
}

function reply(code: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode: code })
}
