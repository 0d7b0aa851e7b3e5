import { invalidate } from './hooks.ts'

/** What the server tells of: the kind of event, and the id of what it happened to. */
interface LiveEvent {
  type: string
  subject: string | null
}

/** Which answers an event makes stale, by the part of its type before the dot. Modules add theirs here. */
const stalePaths: Record<string, readonly string[]> = {
  company: ['/api/v1/company', '/api/v1/session'],
  member: ['/api/v1/members', '/api/v1/roles', '/api/v1/teams', '/api/v1/session'],
  invitation: ['/api/v1/invitations'],
  team: ['/api/v1/teams', '/api/v1/members'],
  api_key: ['/api/v1/api-keys'],
  job: ['/api/v1/job'],
  mail: ['/api/v1/mails'],
  import: ['/api/v1/import'],
  source: ['/api/v1/sources'],
  alert: ['/api/v1/alerts', '/api/v1/alert-rules'],
  alert_rule: ['/api/v1/alert-rules'],
  lifecycle: ['/api/v1/automation', '/api/v1/contacts'],
  lifecycle_stage: ['/api/v1/automation'],
  task: ['/api/v1/tasks'],
  notice: ['/api/v1/notices', '/api/v1/notice-deliveries'],
  notice_channel: ['/api/v1/notice-channels', '/api/v1/notice-deliveries'],
}

/** Whatever happens stands in the audit log. */
const auditPath = '/api/v1/audit-entries'

/** Milliseconds before another attempt after a break; doubled each time up to the last. */
const firstWait = 1_000
const longestWait = 30_000

function isLiveEvent(value: unknown): value is LiveEvent {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
}

/**
 * Keeps the screens fresh: each event makes the answers about its subject stale. After a break everything is
 * fetched again, since events in between are lost. The session's cookie says whose events they are.
 * @returns ends it
 */
export function listen(): () => void {
  let source: EventSource | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let wait = firstWait
  let broken = false

  const open = () => {
    source = new EventSource('/api/v1/live')
    source.onopen = () => {
      wait = firstWait
      if (broken) void invalidate('/api/')
      broken = false
    }
    source.onmessage = message => {
      const event: unknown = parse(message.data)
      if (!isLiveEvent(event)) return
      for (const path of [...(stalePaths[event.type.split('.')[0] ?? ''] ?? []), auditPath]) void invalidate(path)
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
