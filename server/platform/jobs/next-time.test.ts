import { expect, test } from 'vitest'
import { nextTime } from './next-time.ts'

const times = (cron: string, zone: string, from: string, count: number) => {
  const found: string[] = []
  let after = new Date(from)
  for (let index = 0; index < count; index++) {
    after = nextTime(cron, zone, after)
    found.push(after.toISOString().slice(0, 16))
  }
  return found
}

test('follows the clocks of the time zone', () => {
  expect(times('0 6 * * *', 'Asia/Tokyo', '2026-03-01T00:00:00Z', 1)).toEqual(['2026-03-01T21:00'])
  expect(times('30 9 * * 1', 'Asia/Kathmandu', '2026-03-01T00:00:00Z', 2)).toEqual([
    '2026-03-02T03:45',
    '2026-03-09T03:45',
  ])
})

test('comes once on the day without its hour (New York, 8 March 2026) and keeps to the clock around it', () => {
  expect(times('30 2 * * *', 'America/New_York', '2026-03-07T00:00:00Z', 3)).toEqual([
    '2026-03-07T07:30',
    // 2:30 does not exist: the first time after the gap, 3:00 or 3:30 in summer time.
    expect.stringMatching(/^2026-03-08T07:[03]0$/),
    '2026-03-09T06:30',
  ])
})

test('comes once on the day that has its hour twice (Berlin, 25 October 2026)', () => {
  expect(times('30 2 * * *', 'Europe/Berlin', '2026-10-24T12:00:00Z', 2)).toEqual([
    '2026-10-25T00:30',
    '2026-10-26T01:30',
  ])
})

test('refuses what is no schedule', () => {
  expect(() => nextTime('61 * * * *', 'UTC', new Date(0))).toThrow()
  expect(() => nextTime('0 0 * * *', 'Mars/Olympus', new Date(0))).toThrow()
  expect(() => nextTime('0 0 30 2 *', 'UTC', new Date(0))).toThrow(/never comes/)
})
