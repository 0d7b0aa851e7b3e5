/**
 * An SMTP server in a process of its own that treats its guests as real servers do on a bad day: greylists, refuses, is slow,
 * cuts connections before and after the message. It counts every message that it had whole: `node hostile-smtp.ts`. Each guest
 * gets a door of its own, so that it knows whose connections are open.
 */
import { createHash } from 'node:crypto'
import type { AddressInfo, Socket } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { SMTPServer } from 'smtp-server'

export interface HostileReport {
  /** Messages that the server had whole, by recipient and Message-ID; whether it said so or not. */
  received: [string, number][]
  /** Of them those behind which it cut the connection without a word. */
  dropped: number
  refused: number
  greylisted: number
  /** Connections that are open now, by the port of their door; a door without any is left out. */
  open: [number, number][]
}

const received = new Map<string, number>()
const seen = new Set<string>()
/** By their port, and with the door that they came through. */
const sockets = new Map<number, { socket: Socket; door: number }>()
let [dropped, refused, greylisted] = [0, 0, 0]

/** The same address always has the same fate. */
function fateOf(address: string): number {
  return createHash('sha256').update(address).digest().readUInt16BE(0) % 1_000
}

const refusal = (code: number, text: string) => Object.assign(new Error(text), { responseCode: code })

const openDoor = () => {
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    onConnect(_session, done) {
      done(Math.random() < 0.03 ? refusal(421, 'Too many connections') : undefined)
    },
    onRcptTo({ address }, _session, done) {
      const fate = fateOf(address)
      if (fate < 20) {
        refused += 1
        return done(refusal(550, '5.1.1 No such mailbox'))
      }
      if (fate < 220 && !seen.has(address)) {
        seen.add(address)
        greylisted += 1
        return done(refusal(451, '4.7.1 Greylisted, try again'))
      }
      done()
    },
    async onData(stream, session, done) {
      const whole = await buffer(stream).catch(() => undefined)
      // The client was killed in the middle: there is no message.
      if (!whole) return done()
      const raw = whole.toString('latin1')
      const messageId = /^Message-ID: *(\S+)/im.exec(raw)?.[1]
      const address = session.envelope.rcptTo[0]?.address ?? ''
      const fate = fateOf(address)
      if (fate >= 220 && fate < 240 && !seen.has(address)) {
        // 451 behind DATA: the server says that it did not take it.
        seen.add(address)
        return done(refusal(451, '4.3.0 Try again'))
      }
      const name = `${address} ${messageId}`
      received.set(name, (received.get(name) ?? 0) + 1)
      if (fate >= 240 && fate < 250) {
        dropped += 1
        sockets.get(session.remotePort)?.socket.destroy()
        return
      }
      await sleep(fate >= 250 && fate < 270 ? 400 : 15)
      done()
    },
  })
  server.server.on('connection', (socket: Socket) => {
    const [port, door] = [socket.remotePort, socket.localPort]
    if (port === undefined || door === undefined) return
    sockets.set(port, { socket, door })
    socket.once('close', () => sockets.delete(port))
  })
  // Clients are killed in the middle: that is what this is for.
  server.on('error', () => {})
  server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.server.address() as AddressInfo).port }))
}
process.on('message', wish => {
  if (wish === 'door') return openDoor()
  const open = Map.groupBy(sockets.values(), ({ door }) => door)
  const report: HostileReport = {
    received: [...received],
    dropped,
    refused,
    greylisted,
    open: [...open].map(([door, guests]) => [door, guests.length]),
  }
  process.send?.(report)
})
process.on('disconnect', () => process.exit())
