import type { Locale } from './locale.ts'

type Moment = Date | string | number

/** Writes dates, numbers and money as a reader of one language in one time zone expects them. */
export interface Format {
  /** Calendar day with its year: 2026/12/15, 15 Dec 2026. A `YYYY-MM-DD` text is a day and knows no time zone. */
  day(value: Moment): string
  /** Calendar day, the year only where it is not the current one: 12/15, 15 Dec. */
  shortDay(value: Moment): string
  /** Day with its weekday: 12月15日（火）, Tue 15 Dec. */
  weekday(value: Moment): string
  /** A month: 2026年12月, December 2026. */
  month(value: Moment): string
  /** Time of day: 6:04. */
  time(value: Moment): string
  dateTime(value: Moment): string
  /** How long ago or ahead: 2日前, 2 days ago. */
  relative(value: Moment): string
  number(value: number, fractionDigits?: number): string
  /** With its sign, for changes: +12, −12 (a true minus), ±0. */
  change(value: number, fractionDigits?: number): string
  /** A share of one: 0.97 is 97%. */
  percent(share: number, fractionDigits?: number): string
  /** Full amount in a currency by its ISO 4217 code, for tables: ¥31,490,000, $1,200.00. */
  money(amount: number, currency: string): string
  /** Rounded amount, for prose and totals: 12.85億円, ¥1.28B. */
  shortMoney(amount: number, currency: string): string
  bytes(value: number): string
  /** Texts joined as the language does: A、B、C or A, B and C. */
  list(parts: readonly string[]): string
  /** Today in the tenant's time zone, as `YYYY-MM-DD`. */
  today(): string
  /** Orders names as the language does. */
  compare(left: string, right: string): number
}

const dayText = /^\d{4}-\d{2}-\d{2}$/
const units: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
]

/**
 * Makes the formatters of one language.
 * @param timeZone IANA name: the tenant's
 * @param now clock, for the tests
 */
export function formatOf(locale: Locale, timeZone: string, now: () => Date = () => new Date()): Format {
  const tag = locale === 'ja' ? 'ja-JP' : 'en-GB'
  const made = new Map<string, Intl.DateTimeFormat | Intl.NumberFormat>()
  const once = <T extends Intl.DateTimeFormat | Intl.NumberFormat>(name: string, make: () => T): T => {
    const known = made.get(name)
    if (known) return known as T
    const fresh = make()
    made.set(name, fresh)
    return fresh
  }
  const show = (name: string, options: Intl.DateTimeFormatOptions, value: Moment) => {
    const isDay = typeof value === 'string' && dayText.test(value)
    const zone = isDay ? 'UTC' : timeZone
    return once(`${name} ${zone}`, () => new Intl.DateTimeFormat(tag, { ...options, timeZone: zone })).format(
      new Date(value),
    )
  }
  const count = (
    name: string,
    options: Intl.NumberFormatOptions,
    value: number,
    numberTag = locale === 'ja' ? 'ja-JP' : 'en-US',
  ) => once(name, () => new Intl.NumberFormat(numberTag, options)).format(value)
  const digits = (fractionDigits: number | undefined): Intl.NumberFormatOptions =>
    fractionDigits === undefined
      ? { maximumFractionDigits: 1 }
      : { minimumFractionDigits: fractionDigits, maximumFractionDigits: fractionDigits }
  const dayFields: Intl.DateTimeFormatOptions = { month: locale === 'ja' ? 'numeric' : 'short', day: 'numeric' }
  const today = () =>
    new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(now())
  const collator = new Intl.Collator(locale, { numeric: true })
  const narrow = { style: 'currency', currencyDisplay: 'narrowSymbol' } as const

  const format: Format = {
    day: value => show('day', { ...dayFields, year: 'numeric' }, value),
    shortDay: value => {
      const sameYear = show('year', { year: 'numeric' }, value) === show('year', { year: 'numeric' }, today())
      return sameYear ? show('short', dayFields, value) : format.day(value)
    },
    weekday: value => {
      if (locale === 'en')
        return show('weekday', { weekday: 'short', day: 'numeric', month: 'short' }, value).replace(',', '')
      return `${show('long', { month: 'long', day: 'numeric' }, value)}（${show('name', { weekday: 'short' }, value)}）`
    },
    month: value => show('month', { year: 'numeric', month: 'long' }, value),
    time: value => show('time', { hour: 'numeric', minute: '2-digit', hour12: false }, value),
    dateTime: value => `${format.day(value)} ${format.time(value)}`,
    relative: value => {
      const seconds = (new Date(value).getTime() - now().getTime()) / 1000
      const [unit, length] = units.find(([, size]) => Math.abs(seconds) >= size) ?? ['second', 1]
      const whole = unit === 'second' ? 0 : Math.round(seconds / length)
      const words = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(whole, unit)
      // Intl puts a space between number and unit, which Japanese does not.
      return locale === 'ja' ? words.replaceAll(' ', '') : words
    },
    number: (value, fractionDigits) => count(`number ${fractionDigits}`, digits(fractionDigits), value),
    change: (value, fractionDigits) => {
      const size = format.number(Math.abs(value), fractionDigits)
      if (Number(size.replaceAll(',', '')) === 0) return `±${size}`
      return `${value < 0 ? '−' : '+'}${size}`
    },
    percent: (share, fractionDigits = 0) =>
      count(`percent ${fractionDigits}`, { ...digits(fractionDigits), style: 'percent' }, share),
    // The Japanese locale writes a full-width yen sign, which breaks columns of figures: both take the half-width one.
    money: (amount, currency) => count(`money ${currency}`, { ...narrow, currency }, amount, 'en-US').replace('-', '−'),
    shortMoney: (amount, currency) => {
      const unit = locale === 'ja' && { JPY: '円', USD: 'ドル' }[currency]
      if (unit) {
        const size = count('compact', { notation: 'compact', maximumSignificantDigits: 3, useGrouping: true }, amount)
        return `${size.replace('-', '−')}${unit}`
      }
      const options: Intl.NumberFormatOptions = {
        ...narrow,
        currency,
        notation: 'compact',
        maximumSignificantDigits: 3,
      }
      return count(`compact ${currency}`, options, amount).replace('-', '−')
    },
    bytes: value => {
      const power = Math.min(4, Math.floor(Math.log2(Math.max(1, value)) / 10))
      const unit = ['B', 'KB', 'MB', 'GB', 'TB'][power]
      return `${format.number(value / 1024 ** power, power === 0 ? 0 : 1)} ${unit}`
    },
    list: parts => new Intl.ListFormat(tag, { style: 'long', type: 'conjunction' }).format(parts),
    today,
    compare: (left, right) => collator.compare(left, right),
  }
  return format
}
