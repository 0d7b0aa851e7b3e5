/** Calendar days as `YYYY-MM-DD`; reckoned in UTC, so that no time zone and no summer time shifts them. */
export type Day = string

export interface DayRange {
  start: Day
  end: Day
}

function toDate(day: Day): Date {
  return new Date(`${day}T00:00:00Z`)
}

function toDay(date: Date): Day {
  return date.toISOString().slice(0, 10)
}

/** The day so many days later, or earlier where negative. */
export function addDays(day: Day, days: number): Day {
  const date = toDate(day)
  date.setUTCDate(date.getUTCDate() + days)
  return toDay(date)
}

/** The same day so many months later; the last of the month where it has no such day (31 January + 1 = 28 February). */
export function addMonths(day: Day, months: number): Day {
  const date = toDate(day)
  const wanted = date.getUTCDate()
  date.setUTCDate(1)
  date.setUTCMonth(date.getUTCMonth() + months)
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate()
  date.setUTCDate(Math.min(wanted, last))
  return toDay(date)
}

/** First day of the month. */
export function startOfMonth(day: Day): Day {
  return `${day.slice(0, 8)}01`
}

/** 0 is Sunday. */
export function weekdayOf(day: Day): number {
  return toDate(day).getUTCDay()
}

/** Days from one to the other, both counted. */
export function lengthOf(range: DayRange): number {
  return Math.round((toDate(range.end).getTime() - toDate(range.start).getTime()) / 86_400_000) + 1
}

/** The two days as a range, whichever comes first. */
export function rangeOf(one: Day, other: Day): DayRange {
  return one <= other ? { start: one, end: other } : { start: other, end: one }
}

/**
 * The weeks of a month, each of seven places from Sunday; null where a place belongs to another month.
 * @param month any day of it
 */
export function weeksOf(month: Day): (Day | null)[][] {
  const first = startOfMonth(month)
  const next = addMonths(first, 1)
  const places: (Day | null)[] = Array.from({ length: weekdayOf(first) }, () => null)
  for (let day = first; day < next; day = addDays(day, 1)) places.push(day)
  while (places.length % 7 > 0) places.push(null)
  return Array.from({ length: places.length / 7 }, (_, week) => places.slice(week * 7, week * 7 + 7))
}

export const presets = ['today', 'week', 'days30', 'days90', 'month', 'quarter', 'fiscalYear'] as const
export type Preset = (typeof presets)[number]

/**
 * The range a preset means. Periods that have a calendar of their own (week, month, quarter, year) run to their end.
 * @param fiscalStart month the fiscal year begins with, 1 to 12; quarters are counted from it
 */
export function presetRange(preset: Preset, today: Day, fiscalStart = 4): DayRange {
  const month = startOfMonth(today)
  const sinceStart = (Number(today.slice(5, 7)) - fiscalStart + 12) % 12
  const period = (start: Day, months: number) => ({ start, end: addDays(addMonths(start, months), -1) })
  switch (preset) {
    case 'today':
      return { start: today, end: today }
    case 'week': {
      // Monday first: the working week, in both languages.
      const start = addDays(today, -((weekdayOf(today) + 6) % 7))
      return { start, end: addDays(start, 6) }
    }
    case 'days30':
      return { start: addDays(today, -29), end: today }
    case 'days90':
      return { start: addDays(today, -89), end: today }
    case 'month':
      return period(month, 1)
    case 'quarter':
      return period(addMonths(month, -(sinceStart % 3)), 3)
    case 'fiscalYear':
      return period(addMonths(month, -sinceStart), 12)
  }
}
