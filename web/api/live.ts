import { invalidate } from './hooks.ts'

/** A change that the server tells about: what happened, and to which resource (`members`, `members/0198…`). */
interface LiveEvent {
  type: string
  subject: string
}

/** Milliseconds before another attempt after a break; doubled each time up to the last. */
const firstWait = 1_000
const longestWait = 30_000

function isLiveEvent(value: unknown): value is LiveEvent {
  return typeof value === 'object' && value !== null && 'subject' in value && typeof value.subject === 'string'
}

/**
 * Keeps the screens fresh: each event makes the answers about its subject stale. After a break everything is
 * fetched again, since events in between are lost.
 * @param tenant the company to listen to
 * @returns ends it
 */
export function listen(tenant: string): () => void {
  let source: EventSource | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let wait = firstWait
  let broken = false

  const open = () => {
    source = new EventSource(`/api/v1/live?tenant=${encodeURIComponent(tenant)}`)
    source.onopen = () => {
      wait = firstWait
      if (broken) void invalidate('/api/')
      broken = false
    }
    source.onmessage = message => {
      const event: unknown = parse(message.data)
      if (isLiveEvent(event)) void invalidate(`/api/v1/${event.subject.split('/')[0]}`)
    }
    source.onerror = () => {
      // The browser's own retry gives up for good on an HTTP error, such as a server that restarts.
      source?.close()
      broken = true
      timer = setTimeout(open, wait)
      wait = Math.min(wait * 2, longestWait)
    }
  }
  open()
  return () => {
    clearTimeout(timer)
    source?.close()
  }
}

function parse(text: unknown): unknown {
  try {
    return JSON.parse(String(text))
  } catch {
    return null
  }
}
