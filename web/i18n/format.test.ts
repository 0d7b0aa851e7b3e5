import { describe, expect, test } from 'vitest'
import { formatOf } from './format.ts'

const now = () => new Date('2026-11-20T15:30:00Z')
const ja = formatOf('ja', 'Asia/Tokyo', now)
const en = formatOf('en', 'Asia/Tokyo', now)

describe('dates', () => {
  test('a moment is shown in the time zone of the tenant', () => {
    expect(ja.dateTime('2026-11-19T21:04:00Z')).toBe('2026/11/20 6:04')
    expect(en.dateTime('2026-11-19T21:04:00Z')).toBe('20 Nov 2026 6:04')
    expect(formatOf('en', 'America/New_York', now).time('2026-11-19T21:04:00Z')).toBe('16:04')
  })
  test('a calendar day is the same day everywhere', () => {
    expect(formatOf('ja', 'America/New_York', now).day('2026-12-15')).toBe('2026/12/15')
  })
  test('today is the day of the tenant', () => {
    expect(ja.today()).toBe('2026-11-21')
    expect(formatOf('ja', 'UTC', now).today()).toBe('2026-11-20')
  })
  test('the year appears where it is not the current one', () => {
    expect(ja.shortDay('2026-12-15')).toBe('12/15')
    expect(ja.shortDay('2027-01-08')).toBe('2027/1/8')
    expect(en.shortDay('2026-12-15')).toBe('15 Dec')
  })
  test('weekdays and relative times read as the language writes them', () => {
    expect(ja.weekday('2026-11-20')).toBe('11月20日（金）')
    expect(en.weekday('2026-11-20')).toBe('Fri 20 Nov')
    expect(ja.relative('2026-11-18T15:30:00Z')).toBe('一昨日')
    expect(ja.relative('2026-11-06T15:30:00Z')).toBe('2週間前')
    expect(en.relative('2026-11-15T15:30:00Z')).toBe('5 days ago')
    expect(en.relative('2026-11-20T15:29:40Z')).toBe('now')
  })
})

describe('numbers and money', () => {
  test('full amounts for tables', () => {
    expect(ja.money(31_490_000, 'JPY')).toBe('¥31,490,000')
    expect(en.money(1200, 'USD')).toBe('$1,200.00')
    expect(ja.money(-500, 'JPY')).toBe('−¥500')
  })
  test('short amounts for prose', () => {
    expect(ja.shortMoney(1_285_000_000, 'JPY')).toBe('12.9億円')
    expect(ja.shortMoney(9_800_000, 'JPY')).toBe('980万円')
    expect(en.shortMoney(1_285_000_000, 'JPY')).toBe('¥1.29B')
    expect(en.shortMoney(9_800_000, 'JPY')).toBe('¥9.8M')
  })
  test('changes carry their sign', () => {
    expect([12, -12, 0, 1234].map(value => ja.change(value))).toEqual(['+12', '−12', '±0', '+1,234'])
    expect(ja.percent(0.973)).toBe('97%')
    expect(ja.bytes(1_572_864)).toBe('1.5 MB')
  })
})
