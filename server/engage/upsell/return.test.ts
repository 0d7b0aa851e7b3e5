import { describe, expect, it } from 'vitest'
import { hoursPerPerson, returnOfHours, returnOfYear } from './contract/return.ts'

describe('UPS-4 what the product returns', () => {
  it('UPS-4: 20 people, 5,000 an hour, 400 issues a month: 11,000 h and 55,000,000 against 3,600,000, 15.3 times', () => {
    const year = returnOfYear({
      people: 20,
      hourlyRate: 5_000,
      workPerMonth: 400,
      hoursPerWork: 2.5,
      months: 11,
      price: 3_600_000,
    })
    expect(year).toEqual({ hours: 11_000, saved: 55_000_000, net: 51_400_000, times: 15.3 })
    expect(hoursPerPerson(year.hours, 20)).toBe(550)
  })

  it('UPS-4, REV-1: a quarter of Pro, 87.5 h x 5,000 = 437,500 against 29,400, 14.9 times', () => {
    expect(returnOfHours(87.5, 5_000, 29_400)).toMatchObject({ saved: 437_500, times: 14.9 })
  })

  it('UPS-4, REV-1: a month of Enterprise, 550 h x 5,000 = 2,750,000 against 300,000, 9.2 times', () => {
    expect(returnOfHours(550, 5_000, 300_000)).toMatchObject({ saved: 2_750_000, times: 9.2 })
  })

  it('UPS-4: without a price or people there is nothing to divide by', () => {
    expect(returnOfHours(10, 5_000, 0)).toEqual({ hours: 10, saved: 50_000, net: 50_000, times: null })
    expect(hoursPerPerson(10, 0)).toBeNull()
  })
})
