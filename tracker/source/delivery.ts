import { newId } from './id.ts'
import type { Memory } from './storage.ts'

/** A message of the Segment protocol. */
export type Message = Record<string, unknown>

export interface Delivery {
  add(message: Message): void
  /** Begins to send, with what earlier pages left. */
  open(): void
  /** Forgets what waits, and stops. */
  clear(): void
}

/** Messages that go out at once; fewer wait for others. */
const enough = 20
/** How long they wait for others (ms). */
const linger = 2_000
/** Messages of one request. */
const mostTogether = 100
/** Bytes of one request: browsers let requests of 64 KB go on when the page is left. */
const mostBytes = 55_000
/** What may wait; the oldest go first. */
const mostWaiting = 500
const mostCharacters = 250_000
/** The longest wait after failures, without a word of the server (ms). */
const longestWait = 60_000
/** Where the server said how long to wait: other pages keep to it, too. */
const untilName = 'until'

/**
 * Keeps messages until the server has them. Each page has a queue of its own in the browser's storage, and takes over
 * those that it finds there: what two pages send is counted once, by the ids of the messages.
 * @param url where batches go
 */
export function createDelivery(url: string, writeKey: string, memory: Memory): Delivery {
  const place = `queue:${newId()}`
  const flying = new Set<Message>()
  let waiting: Message[] = []
  let isOpen = false
  let failures = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  let due = Number.POSITIVE_INFINITY

  const save = () => {
    let text = JSON.stringify(waiting)
    while (waiting.length > mostWaiting || text.length > mostCharacters) {
      waiting = waiting.slice(Math.max(1, waiting.length - mostWaiting, waiting.length >> 3))
      text = JSON.stringify(waiting)
    }
    memory.set(place, waiting.length > 0 ? text : null)
  }

  const later = (wait: number) => {
    const at = Date.now() + wait
    if (at >= due) return
    due = at
    clearTimeout(timer)
    timer = setTimeout(() => {
      due = Number.POSITIVE_INFINITY
      send(false)
    }, wait)
  }

  const blocked = () => Number(memory.get(untilName)) - Date.now()

  const takeBatch = (): Message[] => {
    const batch: Message[] = []
    let bytes = 0
    for (const message of waiting) {
      if (flying.has(message)) continue
      bytes += new Blob([JSON.stringify(message)]).size
      if (batch.length > 0 && (bytes > mostBytes || batch.length === mostTogether)) break
      batch.push(message)
    }
    return batch
  }

  /** @param last the page may go now: what flies already is not waited for */
  const send = (last: boolean) => {
    if (!isOpen || (flying.size > 0 && !last)) return
    const batch = takeBatch()
    if (batch.length === 0) return
    const wait = blocked()
    if (wait > 0) return later(wait)
    for (const message of batch) flying.add(message)
    const body = JSON.stringify({ batch, sentAt: new Date().toISOString(), writeKey })
    const settle = (done: boolean, pause = 0) => {
      for (const message of batch) flying.delete(message)
      if (done) {
        failures = 0
        const gone = new Set(batch)
        waiting = waiting.filter(message => !gone.has(message))
        if (isOpen) save()
        if (waiting.length > 0) later(waiting.length < enough ? linger : 0)
        return
      }
      const ownPause = Math.min(longestWait, 1_000 * 2 ** failures) * (0.5 + Math.random() / 2)
      failures += 1
      if (pause > 0) memory.set(untilName, String(Date.now() + pause))
      later(Math.max(ownPause, pause))
    }
    // As text, with the key inside: no question of the browser (preflight) goes ahead of it.
    if (last && !('keepalive' in Request.prototype)) {
      // Nobody says whether it arrived: it stays, and is sent again by the next page.
      navigator.sendBeacon?.(url, body)
      return settle(false)
    }
    fetch(url, { method: 'POST', body, credentials: 'omit', keepalive: body.length < mostBytes })
      .then(({ ok, status, headers }) => {
        // What the server refuses is refused the next time, too; its debugger says why.
        if (ok || (status < 500 && status !== 429)) settle(true)
        else settle(false, pauseOf(headers.get('retry-after')))
      })
      .catch(() => settle(false))
  }

  addEventListener('online', () => later(0))
  addEventListener('pagehide', () => send(true))
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') send(true)
  })

  return {
    add(message) {
      waiting.push(message)
      save()
      if (failures === 0) later(waiting.length < enough ? linger : 0)
    },
    open() {
      isOpen = true
      for (const name of memory.names('queue:')) {
        if (name === place) continue
        waiting = [...messagesIn(memory.get(name)), ...waiting]
        memory.set(name, null)
      }
      save()
      if (waiting.length > 0) later(waiting.length < enough ? linger : 0)
    },
    clear() {
      isOpen = false
      waiting = []
      failures = 0
    },
  }
}

function messagesIn(text: string | null): Message[] {
  try {
    const found = JSON.parse(text ?? '[]')
    return Array.isArray(found) ? found : []
  } catch {
    return []
  }
}

/** Milliseconds of a Retry-After, in seconds or a date, at most an hour; 0 where it says nothing. */
function pauseOf(text: string | null): number {
  if (!text) return 0
  const wait = /^\d+$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - Date.now()
  return wait > 0 ? Math.min(wait, 3_600_000) : 0
}
