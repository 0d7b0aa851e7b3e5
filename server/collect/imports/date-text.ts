/** The order of day and month where a date has neither a name for the month nor the year first. */
export type DateOrder = 'mdy' | 'dmy'

const eras: Record<string, number> = {
  ...{ 明治: 1867, 大正: 1911, 昭和: 1925, 平成: 1988, 令和: 2018 },
  ...{ m: 1867, t: 1911, s: 1925, h: 1988, r: 2018 },
}
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

interface Parts {
  year: number
  month: number
  day: number
  rest: string
}

/**
 * A day as people write it: ISO 8601, 2026/1/5, 2026年1月5日, 令和8年1月5日, R8.1.5, 20260105, 5 Jan 2026, 1/5/2026. A time
 * behind it is passed over.
 * @returns `YYYY-MM-DD`, undefined where the text is no day of the calendar
 */
export function dayOf(text: string, order: DateOrder): string | undefined {
  const parts = partsOf(text, order)
  if (!parts || (parts.rest !== '' && !timeOf(parts.rest))) return undefined
  return isoDay(parts)
}

/**
 * A moment as people write it: a day with or without a time, or seconds or milliseconds since 1970.
 * @param timeZone what a time without a zone is meant in
 * @returns ISO 8601 in UTC
 */
export function momentOf(text: string, order: DateOrder, timeZone: string): string | undefined {
  const epoch = /^(\d{10}|\d{13})$/.exec(text.trim())
  if (epoch) return new Date(Number(text.trim()) * (epoch[1]!.length === 10 ? 1_000 : 1)).toISOString()
  const parts = partsOf(text, order)
  if (!parts) return undefined
  const time = parts.rest === '' ? { milliseconds: 0, offset: undefined } : timeOf(parts.rest)
  if (!time) return undefined
  const local = Date.UTC(parts.year, parts.month - 1, parts.day) + time.milliseconds
  const moment = time.offset === undefined ? local - offsetOf(timeZone, local) : local - time.offset
  return new Date(moment).toISOString()
}

/** The day so many months before another one; the last of the month where that is shorter. */
export function monthsBefore(day: string, count: number): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  const first = new Date(Date.UTC(year, month - 1 - count, 1))
  const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate()
  first.setUTCDate(Math.min(date, last))
  return first.toISOString().slice(0, 10)
}

function partsOf(given: string, order: DateOrder): Parts | undefined {
  if (given.length > 60) return undefined
  const text = given.normalize('NFKC').trim().toLowerCase()
  const japanese =
    /^(?:(明治|大正|昭和|平成|令和)\s*)?(\d{1,4}|元)\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日(?:\s*\([日月火水木金土]\))?/.exec(
      text,
    )
  if (japanese) {
    const [all, era, year, month, day] = japanese
    const number = year === '元' ? 1 : Number(year)
    return checked((era ? eras[era]! : 0) + number, Number(month), Number(day), text.slice(all.length))
  }
  const lettered = /^([mtshr])\s?(\d{1,2})[./-](\d{1,2})[./-](\d{1,2})/.exec(text)
  if (lettered) {
    const [all, era, year, month, day] = lettered
    return checked(eras[era!]! + Number(year), Number(month), Number(day), text.slice(all.length))
  }
  const yearFirst = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)/.exec(text) ?? /^(\d{4})(\d{2})(\d{2})(?!\d)/.exec(text)
  if (yearFirst) {
    const [all, year, month, day] = yearFirst
    return checked(Number(year), Number(month), Number(day), text.slice(all.length))
  }
  const yearLast = /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?!\d)/.exec(text)
  if (yearLast) {
    const [all, one, other, year] = yearLast
    const [month, day] = order === 'mdy' ? [one, other] : [other, one]
    return checked(Number(year), Number(month), Number(day), text.slice(all.length))
  }
  return named(text)
}

/** `5 Jan 2026`, `5-Jan-2026`, `January 5, 2026`. */
function named(text: string): Parts | undefined {
  const dayFirst = /^(\d{1,2})(?:st|nd|rd|th)?[\s-]+([a-z]{3,9})\.?,?[\s-]+(\d{4})(?!\d)/.exec(text)
  const monthFirst = /^([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})(?!\d)/.exec(text)
  const match = dayFirst ?? monthFirst
  if (!match) return undefined
  const [day, name] = dayFirst ? [match[1], match[2]] : [match[2], match[1]]
  const month = months.indexOf(name!.slice(0, 3)) + 1
  return checked(Number(match[3]), month, Number(day), text.slice(match[0].length))
}

function checked(year: number, month: number, day: number, rest: string): Parts | undefined {
  if (year < 1868 || year > 2200 || month < 1 || month > 12 || day < 1 || day > 31) return undefined
  if (day > new Date(Date.UTC(year, month, 0)).getUTCDate()) return undefined
  return { year, month, day, rest: rest.trim() }
}

function isoDay({ year, month, day }: Parts): string {
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
}

/** @returns milliseconds since midnight, and what the zone adds to UTC where one is named */
function timeOf(text: string): { milliseconds: number; offset: number | undefined } | undefined {
  const match =
    /^t?\s*(午前|午後)?\s*(\d{1,2})(?::|時)(\d{1,2})(?:(?::|分)(\d{1,2})(?:[.,](\d{1,9}))?)?(?:分|秒)?\s*(am|pm)?\s*(z|utc|gmt|jst|[+-]\d{2}:?\d{2})?$/.exec(
      text,
    )
  if (!match) return undefined
  const [, half, hours, minutes, seconds = '0', fraction = '0', english, zone] = match
  let hour = Number(hours)
  const isLate = half === '午後' || english === 'pm'
  if ((half || english) && hour > 12) return undefined
  if (isLate && hour < 12) hour += 12
  if ((half === '午前' || english === 'am') && hour === 12) hour = 0
  if (hour > 23 || Number(minutes) > 59 || Number(seconds) > 60) return undefined
  const milliseconds =
    ((hour * 60 + Number(minutes)) * 60 + Number(seconds)) * 1_000 + Math.trunc(Number(`0.${fraction}`) * 1_000)
  return { milliseconds, offset: zone === undefined ? undefined : zoneOffset(zone) }
}

function zoneOffset(zone: string): number {
  if (zone === 'jst') return 9 * 3_600_000
  const match = /^([+-])(\d{2}):?(\d{2})$/.exec(zone)
  if (!match) return 0
  return (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3])) * 60_000
}

const formats = new Map<string, Intl.DateTimeFormat>()

/** What a time zone adds to UTC at a time of its own clock (ms). */
function offsetOf(timeZone: string, local: number): number {
  const once = zoneAt(timeZone, local)
  return zoneAt(timeZone, local - once)
}

function zoneAt(timeZone: string, moment: number): number {
  let format = formats.get(timeZone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' })
    formats.set(timeZone, format)
  }
  const match = /GMT([+-])(\d{2}):(\d{2})/.exec(format.format(moment))
  return match ? (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3])) * 60_000 : 0
}
