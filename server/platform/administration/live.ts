import { Readable } from 'node:stream'
import pg from 'pg'
import type { Context } from '../context/context.ts'
import { AppError } from '../errors/app-error.ts'
import { liveChannel, type Notice } from '../events/write.ts'

interface Listener {
  tenantId: string
  actorId: string | undefined
  stream: Readable
  mayStay: () => Promise<boolean>
  timer: NodeJS.Timeout
}

/** How often an open stream's right to be open is looked at again (ms), beside changes that are told. */
const defaultRecheck = 15_000

/** Streams that one member or key may have open at a server. */
const mostPerActor = 20

/** What a reader may leave unread (bytes); one that is slower is cut off, and comes back by itself. */
const mostUnread = 64 * 1024

const listeners = new Set<Listener>()

/**
 * Opens a stream of a tenant's notices. It ends when `mayStay` says no or fails: a membership, session or key that was
 * taken away ends an open stream too.
 * @param recheck how often it is asked (ms)
 * @throws AppError `rate_limited` when the actor has too many open
 */
export function openLiveStream(
  { tenantId, actor }: Pick<Context, 'tenantId' | 'actor'>,
  mayStay: () => Promise<boolean>,
  recheck = defaultRecheck,
): Readable {
  const open = [...listeners].filter(listener => listener.actorId === actor.id)
  if (open.length >= mostPerActor) throw tooMany()
  const stream = new Readable({ read() {} })
  const timer = setInterval(() => keepOrEnd(listener, ': still here\n\n'), recheck)
  timer.unref()
  const listener: Listener = { tenantId, actorId: actor.id, stream, mayStay, timer }
  listeners.add(listener)
  stream.once('close', () => forget(listener))
  // The first bytes open the stream in the browser; a comment now and then keeps proxies from closing it.
  stream.push('retry: 2000\n\n')
  return stream
}

/** Ends all open streams; browsers come back by themselves, to another server of a rolling restart. */
export function closeLiveStreams(): void {
  for (const listener of listeners) end(listener)
}

/** Sends the text if the listener may still hear it. */
async function keepOrEnd(listener: Listener, text: string): Promise<void> {
  const stays = await listener.mayStay().catch(() => false)
  if (stays) send(listener, text)
  else end(listener)
}

function send(listener: Listener, text: string): void {
  if (!listeners.has(listener)) return
  if (listener.stream.readableLength > mostUnread) listener.stream.destroy()
  else listener.stream.push(text)
}

/** Forgotten first: nothing may be pushed after the end. */
function end(listener: Listener): void {
  if (forget(listener)) listener.stream.push(null)
}

function forget(listener: Listener): boolean {
  clearInterval(listener.timer)
  return listeners.delete(listener)
}

/**
 * Listens for notices of all servers on a connection of its own and hands them to the open streams. Comes back by
 * itself after a lost connection.
 * @returns how to stop
 */
export function listenForNotices(connectionString: string, onError: (error: Error) => void): { stop(): Promise<void> } {
  let stopped = false
  let client: pg.Client | undefined
  let timer: NodeJS.Timeout | undefined
  const connect = async () => {
    client = new pg.Client({ connectionString, application_name: 'kizuna live', keepAlive: true })
    client.on('notification', ({ payload }) => deliver(JSON.parse(payload ?? '[]')))
    client.on('error', onError)
    client.on('end', again)
    await client.connect()
    await client.query(`listen ${client.escapeIdentifier(liveChannel)}`)
  }
  // A connection that fails is told of twice, by its end and by its error: two tries for each would double every second.
  const again = () => {
    clearTimeout(timer)
    if (!stopped) timer = setTimeout(connectAgain, 1_000)
  }
  const connectAgain = () => {
    connect().catch(error => {
      onError(error)
      again()
    })
  }
  connectAgain()
  return {
    async stop() {
      stopped = true
      clearTimeout(timer)
      await client?.end().catch(() => {})
    },
  }
}

function deliver(notices: Notice[]): void {
  for (const { tenant, type, subject } of notices) {
    const message = `data: ${JSON.stringify({ type, subject })}\n\n`
    for (const listener of listeners) {
      if (listener.tenantId !== tenant) continue
      // What happened to the listener, such as another role, may have taken the right away.
      if (subject !== null && subject === listener.actorId) keepOrEnd(listener, message)
      else send(listener, message)
    }
  }
}

function tooMany(): AppError {
  const words = {
    ja: `ライブ更新の接続は${mostPerActor}件までです。使っていないタブを閉じてください。`,
    en: `At most ${mostPerActor} live connections may be open. Close tabs that you do not use.`,
  }
  return new AppError('rate_limited', words, { retryAfter: 60 })
}
