import holidays from '@holiday-jp/holiday_jp'
import { Cron } from 'croner'

/** Longest row of days off that is looked through. */
const mostDays = 40

interface LocalTime {
  /** YYYY-MM-DD */
  day: string
  minutes: number
  /** 1 Monday to 7 Sunday. */
  weekday: number
}

const calendars = new Map<string, Intl.DateTimeFormat>()

/** Making one takes longer than using it a hundred times, and there are a few hundred zones. */
function calendarOf(zone: string): Intl.DateTimeFormat {
  const known = calendars.get(zone)
  if (known) return known
  const made = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  })
  calendars.set(zone, made)
  return made
}

/** What a clock and a calendar of a zone show at a moment. */
export function localTime(moment: Date, zone: string): LocalTime {
  const parts = Object.fromEntries(
    calendarOf(zone)
      .formatToParts(moment)
      .map(({ type, value }) => [type, value]),
  )
  const day = `${parts.year}-${parts.month}-${parts.day}`
  return { day, minutes: Number(parts.hour) * 60 + Number(parts.minute), weekday: weekdayOf(day) }
}

function weekdayOf(day: string): number {
  return new Date(`${day}T00:00:00Z`).getUTCDay() || 7
}

/** The next time after a moment that a clock of a zone shows so; what a change of clocks leaves out comes after it. */
function nextClock(after: Date, clock: string, zone: string): Date {
  const [hours, minutes] = clock.split(':').map(Number)
  return new Cron(`${minutes} ${hours} * * *`, { timezone: zone }).nextRun(after)!
}

/** The next time of a cron expression; undefined where there is none, null where it cannot be read. */
export function nextRun(cron: string, after: Date, zone: string): Date | undefined | null {
  try {
    return new Cron(cron, { timezone: zone }).nextRun(after) ?? undefined
  } catch {
    return null
  }
}

function minutesOf(clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number)
  return hours * 60 + minutes
}

/** Whether a clock of a zone shows a time from `start` until `end`, which may lie over midnight. */
function isBetween(moment: Date, { start, end }: { start: string; end: string }, zone: string): boolean {
  const { minutes } = localTime(moment, zone)
  const [from, to] = [minutesOf(start), minutesOf(end)]
  if (from === to) return false
  return from < to ? minutes >= from && minutes < to : minutes >= from || minutes < to
}

/**
 * When a message may go to people of several zones: at the first moment at which it is quiet for none of them. Where their
 * nights leave no such moment, the first of them counts.
 */
export function quietOver(moment: Date, quiet: { start: string; end: string }, zones: readonly string[]): Date {
  const isQuiet = (at: Date) => zones.some(zone => isBetween(at, quiet, zone))
  if (!isQuiet(moment)) return moment
  const ends = zones.map(zone => nextClock(moment, quiet.end, zone)).sort((one, other) => Number(one) - Number(other))
  const free = ends.find(end => !isQuiet(end))
  if (free) return free
  const [first] = zones
  return isBetween(moment, quiet, first!) ? nextClock(moment, quiet.end, first!) : moment
}

/** The moment at which a clock of a zone shows a time on a day; what a change of clocks leaves out comes after it. */
export function atClock(day: string, clock: string, zone: string): Date {
  const wanted = Date.parse(`${day}T${clock}:00Z`)
  const shownAt = (moment: number) => {
    const { day: shown, minutes } = localTime(new Date(moment), zone)
    return Date.parse(`${shown}T00:00:00Z`) + minutes * 60_000
  }
  const first = wanted - (shownAt(wanted) - wanted)
  const second = first - (shownAt(first) - wanted)
  return new Date(shownAt(second) === wanted ? second : Math.max(first, second))
}

/** Zones of Japan, where its holidays are free. */
const japan = new Set(['Asia/Tokyo', 'Japan'])

/** Monday to Friday, and in Japan no holiday (known from 1970 to 2050). */
function isWorkingDay(moment: Date, zone: string): boolean {
  const { day, weekday } = localTime(moment, zone)
  return weekday <= 5 && !(japan.has(zone) && Object.hasOwn(holidays.holidays, day))
}

/** The moment itself in working hours, else when they begin next. */
export function workingMoment(moment: Date, { start, end }: { start: string; end: string }, zone: string): Date {
  if (isWorkingDay(moment, zone) && isBetween(moment, { start, end }, zone)) return moment
  let next = nextClock(moment, start, zone)
  for (let step = 0; step < mostDays && !isWorkingDay(next, zone); step++) next = nextClock(next, start, zone)
  return next
}

const unitLengths = { minutes: 60_000, hours: 3_600_000, days: 86_400_000, weeks: 7 * 86_400_000 } as const

/** What a clock of the zone shows earlier at one moment than at another (ms, half a day at most). */
function clockShift(before: Date, after: Date, zone: string): number {
  const minutes = localTime(before, zone).minutes - localTime(after, zone).minutes
  const nearest = ((minutes + 720 + 1_440) % 1_440) - 720
  return nearest * 60_000
}

/** When a wait of a duration is over. With `at` it ends at that time of the day on which it would end. */
export function afterDuration(
  moment: Date,
  { amount, unit, at }: { amount: number; unit: keyof typeof unitLengths; at?: string | undefined },
  zone: string,
): Date {
  const end = new Date(moment.getTime() + amount * unitLengths[unit])
  if (unit === 'minutes' || unit === 'hours') return end
  // Days are those of the calendar: nine o'clock stays nine o'clock over a change of clocks.
  if (at === undefined) return new Date(end.getTime() + clockShift(moment, end, zone))
  const { day } = localTime(end, zone)
  const before = new Date(end.getTime() - 86_400_000)
  for (let next = nextClock(before, at, zone); ; next = nextClock(next, at, zone)) {
    if (localTime(next, zone).day >= day) return next
  }
}
