import { describe, expect, it } from 'vitest'
import type { NoticeTimes } from './contract/preferences.ts'
import { presetTimes } from './preference.ts'
import { isJapaneseHoliday, isQuiet, nextDigest, quietUntil } from './quiet.ts'

const tokyo = 'Asia/Tokyo'
const times: NoticeTimes = { ...presetTimes, quiet: { from: '20:00', to: '08:00' }, digestAt: '09:00' }
/** A moment by the clock of Tokyo. */
const at = (text: string) => new Date(`${text}:00+09:00`)
const shown = (moment: Date) => moment.toISOString()

describe('ALR-4 quiet hours', () => {
  it('reach over midnight: they begin at their first minute and are over at their last', () => {
    expect(isQuiet(at('2026-11-26T19:59'), times, tokyo)).toBe(false)
    expect(isQuiet(at('2026-11-26T20:00'), times, tokyo)).toBe(true)
    expect(isQuiet(at('2026-11-27T07:59'), times, tokyo)).toBe(true)
    expect(isQuiet(at('2026-11-27T08:00'), times, tokyo)).toBe(false)
    expect(shown(quietUntil(at('2026-11-26T23:00'), times, tokyo))).toBe(shown(at('2026-11-27T08:00')))
    const noon = { ...times, quiet: { from: '12:00', to: '13:00' } }
    expect([isQuiet(at('2026-11-26T12:30'), noon, tokyo), isQuiet(at('2026-11-26T13:00'), noon, tokyo)]).toEqual([
      true,
      false,
    ])
  })

  it('are those of the recipient’s own zone: one moment is night in one and day in the other', () => {
    const moment = new Date('2026-11-26T23:30:00Z')
    expect(isQuiet(moment, times, tokyo)).toBe(false)
    expect(isQuiet(moment, times, 'Europe/London')).toBe(true)
    expect(isQuiet(moment, times, 'Asia/Kathmandu')).toBe(true)
    expect(shown(quietUntil(moment, times, 'Asia/Kathmandu'))).toBe('2026-11-27T02:15:00.000Z')
  })

  it('end when the clocks change: London goes from +1 to +0 on 25 October 2026', () => {
    const before = new Date('2026-10-23T22:00:00Z')
    expect(shown(quietUntil(before, { ...times, workingDays: [1, 2, 3, 4, 5, 6, 7] }, 'Europe/London'))).toBe(
      '2026-10-24T07:00:00.000Z',
    )
    expect(shown(quietUntil(before, times, 'Europe/London'))).toBe('2026-10-26T08:00:00.000Z')
  })

  it('last over weekends and the holidays of Japan, substitutes included', () => {
    expect(['2026-11-23', '2026-09-22', '2027-03-22', '2026-11-24'].map(isJapaneseHoliday)).toEqual([
      true,
      true,
      true,
      false,
    ])
    // Friday evening before Monday 23 November, a holiday: Tuesday morning.
    const friday = at('2026-11-20T21:00')
    expect(shown(quietUntil(friday, times, tokyo))).toBe(shown(at('2026-11-24T08:00')))
    expect(shown(quietUntil(friday, { ...times, japaneseHolidays: false }, tokyo))).toBe(shown(at('2026-11-23T08:00')))
    // Golden Week 2026: 3 to 6 May are holidays, from Saturday 2 May on.
    expect(shown(quietUntil(at('2026-05-01T20:00'), times, tokyo))).toBe(shown(at('2026-05-07T08:00')))
    // Without quiet hours a working day begins at midnight.
    expect(shown(quietUntil(friday, { ...times, quiet: null }, tokyo))).toBe(shown(friday))
    expect(shown(quietUntil(at('2026-11-21T10:00'), { ...times, quiet: null }, tokyo))).toBe(
      shown(at('2026-11-24T00:00')),
    )
  })

  it('a digest comes at its time on the next working day', () => {
    expect(shown(nextDigest(at('2026-11-26T08:59'), times, tokyo))).toBe(shown(at('2026-11-26T09:00')))
    expect(shown(nextDigest(at('2026-11-26T09:00'), times, tokyo))).toBe(shown(at('2026-11-27T09:00')))
    expect(shown(nextDigest(at('2026-11-20T09:00'), times, tokyo))).toBe(shown(at('2026-11-24T09:00')))
  })
})
