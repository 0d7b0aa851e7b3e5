import { describe, expect, test } from 'vitest'
import { addDays, addMonths, lengthOf, presetRange, rangeOf, weeksOf } from './calendar.ts'

describe('days', () => {
  test('steps cross months, years and leap days', () => {
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01')
    expect(addDays('2028-03-01', -1)).toBe('2028-02-29')
    expect(addMonths('2026-01-31', 1)).toBe('2026-02-28')
    expect(addMonths('2026-01-15', -1)).toBe('2025-12-15')
  })
  test('a range may be given from either end', () => {
    expect(rangeOf('2026-11-20', '2026-10-22')).toEqual({ start: '2026-10-22', end: '2026-11-20' })
    expect(lengthOf({ start: '2026-10-22', end: '2026-11-20' })).toBe(30)
  })
  test('a month is laid out from Sunday', () => {
    const weeks = weeksOf('2026-10-15')
    expect(weeks[0]).toEqual([null, null, null, null, '2026-10-01', '2026-10-02', '2026-10-03'])
    expect(weeks.at(-1)).toEqual([
      '2026-10-25',
      '2026-10-26',
      '2026-10-27',
      '2026-10-28',
      '2026-10-29',
      '2026-10-30',
      '2026-10-31',
    ])
  })
})

describe('presets on Friday 20 November 2026', () => {
  const today = '2026-11-20'
  test.each([
    ['today', '2026-11-20', '2026-11-20'],
    ['week', '2026-11-16', '2026-11-22'],
    ['days30', '2026-10-22', '2026-11-20'],
    ['days90', '2026-08-23', '2026-11-20'],
    ['month', '2026-11-01', '2026-11-30'],
    ['quarter', '2026-10-01', '2026-12-31'],
    ['fiscalYear', '2026-04-01', '2027-03-31'],
  ] as const)('%s', (preset, start, end) => {
    expect(presetRange(preset, today)).toEqual({ start, end })
  })
  test('January to March belong to the fiscal year that began the April before', () => {
    expect(presetRange('fiscalYear', '2027-02-03')).toEqual({ start: '2026-04-01', end: '2027-03-31' })
    expect(presetRange('quarter', '2027-02-03')).toEqual({ start: '2027-01-01', end: '2027-03-31' })
  })
  test('a company whose year begins in another month', () => {
    expect(presetRange('fiscalYear', today, 1)).toEqual({ start: '2026-01-01', end: '2026-12-31' })
  })
})
