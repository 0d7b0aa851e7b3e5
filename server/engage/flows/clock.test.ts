import { describe, expect, it } from 'vitest'
import { afterDuration, atClock, quietOver, workingMoment } from './clock.ts'

const [tokyo, newYork] = ['Asia/Tokyo', 'America/New_York']
const hours = { start: '09:00', end: '18:00' }
const night = { start: '21:00', end: '08:00' }
const at = (text: string) => new Date(text)

describe('FLW-2 clocks of several zones', () => {
  it('working hours: each in its own zone, before and after clocks go forward; holidays of Japan are free in Japan', () => {
    // Friday evening in New York, Saturday morning in Tokyo; in between New York puts its clocks forward.
    expect(workingMoment(at('2029-03-10T00:00:00Z'), hours, newYork)).toEqual(at('2029-03-12T13:00:00Z'))
    expect(workingMoment(at('2029-03-03T00:00:00Z'), hours, newYork)).toEqual(at('2029-03-05T14:00:00Z'))
    expect(workingMoment(at('2029-03-10T00:00:00Z'), hours, tokyo)).toEqual(at('2029-03-12T00:00:00Z'))
    // The vernal equinox is a Tuesday.
    expect(workingMoment(at('2029-03-20T05:00:00Z'), hours, tokyo)).toEqual(at('2029-03-21T00:00:00Z'))
    expect(workingMoment(at('2029-03-20T14:00:00Z'), hours, newYork)).toEqual(at('2029-03-20T14:00:00Z'))
  })

  it('quiet hours end by the clock of the zone, over a change of clocks as well', () => {
    const evening = at('2029-03-11T04:00:00Z')
    expect(quietOver(evening, night, [newYork])).toEqual(at('2029-03-11T12:00:00Z'))
    expect(quietOver(at('2029-03-10T04:00:00Z'), night, [newYork])).toEqual(at('2029-03-10T13:00:00Z'))
    expect(quietOver(evening, night, [tokyo])).toEqual(evening)
  })

  it('people of several zones: when it is quiet for none of them; where there is no such moment, the first counts', () => {
    // 13:00 in Tokyo is 23:00 in New York; at 8 in New York it is 21 in Tokyo, so only eight to nine o'clock in Tokyo is left.
    const wide = { start: '23:00', end: '07:00' }
    expect(quietOver(at('2029-01-10T05:00:00Z'), wide, [tokyo, newYork])).toEqual(at('2029-01-10T12:00:00Z'))
    const long = { start: '17:00', end: '09:00' }
    expect(quietOver(at('2029-01-10T12:00:00Z'), long, [tokyo, newYork])).toEqual(at('2029-01-11T00:00:00Z'))
    expect(quietOver(at('2029-01-11T00:00:00Z'), long, [tokyo, newYork])).toEqual(at('2029-01-11T00:00:00Z'))
  })

  it('a time of a day: what clocks leave out comes after it, what they show twice counts once', () => {
    expect(atClock('2029-03-11', '02:30', newYork)).toEqual(at('2029-03-11T07:30:00Z'))
    expect(atClock('2029-03-11', '09:00', newYork)).toEqual(at('2029-03-11T13:00:00Z'))
    expect(atClock('2029-03-10', '09:00', newYork)).toEqual(at('2029-03-10T14:00:00Z'))
    expect(['2029-11-04T05:30:00Z', '2029-11-04T06:30:00Z']).toContain(
      atClock('2029-11-04', '01:30', newYork).toISOString().replace('.000', ''),
    )
    expect(atClock('2029-03-11', '09:00', 'Asia/Kathmandu')).toEqual(at('2029-03-11T03:15:00Z'))
    const days = { amount: 2, unit: 'days', at: '10:00' } as const
    expect(afterDuration(at('2029-03-10T15:00:00Z'), days, newYork)).toEqual(at('2029-03-12T14:00:00Z'))
    // Without a time of day, nine o'clock stays nine o'clock; hours are hours.
    const week = { amount: 1, unit: 'weeks' } as const
    expect(afterDuration(at('2029-03-08T14:00:00Z'), week, newYork)).toEqual(at('2029-03-15T13:00:00Z'))
    expect(afterDuration(at('2029-10-31T13:00:30Z'), week, newYork)).toEqual(at('2029-11-07T14:00:30Z'))
    expect(afterDuration(at('2029-03-08T14:00:00Z'), { amount: 168, unit: 'hours' }, newYork)).toEqual(
      at('2029-03-15T14:00:00Z'),
    )
  })
})
