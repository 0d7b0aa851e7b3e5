import holidays from '@holiday-jp/holiday_jp'
import { Cron } from 'croner'
import type { NoticeTimes } from './contract/preferences.ts'

/** Longest row of days off that is looked through; after it a mail goes out whatever the day. */
const mostDays = 40

interface LocalTime {
  /** YYYY-MM-DD */
  day: string
  /** Minutes since midnight. */
  minutes: number
  /** 1 Monday to 7 Sunday. */
  weekday: number
}

const formats = new Map<string, Intl.DateTimeFormat>()

function localTime(moment: Date, zone: string): LocalTime {
  let format = formats.get(zone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-CA', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
    })
    formats.set(zone, format)
  }
  const parts = Object.fromEntries(format.formatToParts(moment).map(({ type, value }) => [type, value]))
  const day = `${parts.year}-${parts.month}-${parts.day}`
  const sunday = new Date(`${day}T00:00:00Z`).getUTCDay()
  return { day, minutes: Number(parts.hour) * 60 + Number(parts.minute), weekday: sunday === 0 ? 7 : sunday }
}

function minutesOf(clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number)
  return hours * 60 + minutes
}

/** Whether a day (YYYY-MM-DD) is a holiday of Japan, substitute holidays included. Known from 1970 to 2050. */
export function isJapaneseHoliday(day: string): boolean {
  return Object.hasOwn(holidays.holidays, day)
}

function isWorkingDay({ day, weekday }: LocalTime, times: NoticeTimes): boolean {
  return times.workingDays.includes(weekday) && !(times.japaneseHolidays && isJapaneseHoliday(day))
}

/** Whether a person wants no mail at a moment: quiet hours, which may reach over midnight, or a day off. */
export function isQuiet(moment: Date, times: NoticeTimes, zone: string): boolean {
  const local = localTime(moment, zone)
  if (!isWorkingDay(local, times)) return true
  if (!times.quiet) return false
  const [from, to] = [minutesOf(times.quiet.from), minutesOf(times.quiet.to)]
  if (from === to) return false
  return from < to ? local.minutes >= from && local.minutes < to : local.minutes >= from || local.minutes < to
}

/** The first moment from now on at which a person wants mail. */
export function quietUntil(now: Date, times: NoticeTimes, zone: string): Date {
  let moment = now
  // Quiet ends at the end of quiet hours, or at midnight where the next day is a working day without them.
  for (let step = 0; step < mostDays * 2 && isQuiet(moment, times, zone); step++) {
    const candidates = [
      nextClock(moment, '00:00', zone),
      ...(times.quiet ? [nextClock(moment, times.quiet.to, zone)] : []),
    ]
    moment = new Date(Math.min(...candidates.map(Number)))
  }
  return moment
}

/** When the next daily digest is due: at its time on a working day. */
export function nextDigest(now: Date, times: NoticeTimes, zone: string): Date {
  let moment = nextClock(now, times.digestAt, zone)
  for (let step = 0; step < mostDays && !isWorkingDay(localTime(moment, zone), times); step++) {
    moment = nextClock(moment, times.digestAt, zone)
  }
  return moment
}

/** The next time that a clock of a zone shows so; a time that a change of clocks leaves out comes after it. */
function nextClock(after: Date, clock: string, zone: string): Date {
  const minutes = minutesOf(clock)
  return new Cron(`${minutes % 60} ${Math.floor(minutes / 60)} * * *`, { timezone: zone }).nextRun(after)!
}
