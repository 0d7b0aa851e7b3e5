import type { Locale } from '../../platform/errors/words.ts'
import type { Priority } from './contract/shapes.ts'

/** A task as a calendar shows it. */
export interface CalendarTask {
  id: string
  title: string
  description: string | null
  customer: string | null
  /** YYYY-MM-DD. */
  dueOn: string
  /** The moment, where the task has a time. */
  dueAt: Date | null
  priority: Priority
  updatedAt: Date
}

const weights = { urgent: 1, high: 3, medium: 5, low: 9 } as const
const names = { ja: 'Kizuna タスク', en: 'Kizuna tasks' } as const

/**
 * Tasks as a calendar (RFC 5545), by hand: it is one kind of component with ten properties, and every package for it
 * brings time zones and repetitions that moments in UTC and single days do not need. Events rather than to-dos, because
 * the calendars that subscribe to an address (Google, Outlook) leave to-dos out.
 */
export function calendarOf(
  tasks: readonly CalendarTask[],
  { address, locale, now }: { address: string; locale: Locale; now: Date },
): string {
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Kizuna//Tasks//EN',
    'CALSCALE:GREGORIAN',
    'METHOD:PUBLISH',
    `X-WR-CALNAME:${names[locale]}`,
    'REFRESH-INTERVAL;VALUE=DURATION:PT1H',
    ...tasks.flatMap(task => eventOf(task, address, now)),
    'END:VCALENDAR',
  ]
  return lines.map(line => `${folded(line)}\r\n`).join('')
}

function eventOf(task: CalendarTask, address: string, now: Date): string[] {
  const url = `${address}/tasks?open=${task.id}`
  const title = task.customer ? `${task.title}（${task.customer}）` : task.title
  return [
    'BEGIN:VEVENT',
    `UID:task-${task.id}@kizuna`,
    `DTSTAMP:${moment(now)}`,
    `LAST-MODIFIED:${moment(task.updatedAt)}`,
    ...(task.dueAt
      ? [`DTSTART:${moment(task.dueAt)}`, 'DURATION:PT30M']
      : [`DTSTART;VALUE=DATE:${task.dueOn.replaceAll('-', '')}`, `DTEND;VALUE=DATE:${dayAfter(task.dueOn)}`]),
    `SUMMARY:${escaped(title)}`,
    `DESCRIPTION:${escaped([task.description, url].filter(Boolean).join('\n'))}`,
    `URL:${url}`,
    `PRIORITY:${weights[task.priority]}`,
    'TRANSP:TRANSPARENT',
    'END:VEVENT',
  ]
}

function moment(at: Date): string {
  return `${at.toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`
}

function dayAfter(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10).replaceAll('-', '')
}

function escaped(text: string): string {
  return (
    text
      .replace(/[\\;,]/g, '\\$&')
      .replace(/\r\n|\r|\n/g, '\\n')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: a calendar must not hold them
      .replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '')
  )
}

/** A line holds 75 bytes at most; the rest follows after a line break and a space, no character torn apart. */
function folded(line: string): string {
  let out = ''
  let bytes = 0
  for (const character of line) {
    const size = new TextEncoder().encode(character).length
    if (bytes + size > 75) {
      out += '\r\n '
      bytes = 1
    }
    out += character
    bytes += size
  }
  return out
}
