import { Readable } from 'node:stream'
import pg from 'pg'
import { liveChannel, type Notice } from '../events/write.ts'

interface Listener {
  tenantId: string
  stream: Readable
}

/** How often an open stream's right to be open is looked at again (ms). */
const recheckEvery = 15_000

const listeners = new Set<Listener>()

/**
 * Opens a stream of a tenant's notices. It ends when `mayStay` says no: a membership or session that was taken away
 * ends an open stream too.
 */
export function openLiveStream(tenantId: string, mayStay: () => Promise<boolean>): Readable {
  const stream = new Readable({ read() {} })
  const listener = { tenantId, stream }
  listeners.add(listener)
  // The first bytes open the stream in the browser; a comment now and then keeps proxies from closing it.
  stream.push('retry: 2000\n\n')
  const timer = setInterval(async () => {
    const stays = await mayStay().catch(() => false)
    if (stays) stream.push(': still here\n\n')
    else stream.push(null)
  }, recheckEvery)
  timer.unref()
  stream.once('close', () => {
    clearInterval(timer)
    listeners.delete(listener)
  })
  return stream
}

/** Ends all open streams; browsers come back by themselves, to another server of a rolling restart. */
export function closeLiveStreams(): void {
  for (const { stream } of listeners) stream.push(null)
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
    client.on('end', () => {
      if (!stopped) timer = setTimeout(connectAgain, 1_000)
    })
    await client.connect()
    await client.query(`listen ${client.escapeIdentifier(liveChannel)}`)
  }
  const connectAgain = () => {
    connect().catch(error => {
      onError(error)
      if (!stopped) timer = setTimeout(connectAgain, 1_000)
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
    for (const listener of listeners) if (listener.tenantId === tenant) listener.stream.push(message)
  }
}
