import { describe, expect, it } from 'vitest'
import { byLoad } from './assignee.ts'
import { nextDue } from './recurrence.ts'

describe('TSK-1: recurring tasks', () => {
  it('TSK-1: days and weeks by interval and weekdays', () => {
    expect(nextDue({ every: 'day', interval: 1 }, '2026-12-31', '2026-12-01')).toBe('2027-01-01')
    expect(nextDue({ every: 'day', interval: 3 }, '2026-11-28', '2026-11-28')).toBe('2026-12-01')
    expect(nextDue({ every: 'week', interval: 1 }, '2026-11-27', '2026-11-27')).toBe('2026-12-04')
    // Monday and Thursday: from a Thursday on the Monday after.
    const twice = { every: 'week', interval: 1, weekdays: [4, 1] } as const
    expect(nextDue({ ...twice, weekdays: [...twice.weekdays] }, '2026-11-26', '2026-11-26')).toBe('2026-11-30')
    expect(nextDue({ every: 'week', interval: 2, weekdays: [1, 4] }, '2026-11-26', '2026-11-26')).toBe('2026-12-07')
  })

  it('TSK-1: months keep their day, also after a shorter one', () => {
    expect(nextDue({ every: 'month', interval: 1 }, '2027-01-31', '2027-01-31')).toBe('2027-02-28')
    expect(nextDue({ every: 'month', interval: 1, monthDay: 31 }, '2027-02-28', '2027-02-28')).toBe('2027-03-31')
    expect(nextDue({ every: 'month', interval: 3, monthDay: 15 }, '2026-11-15', '2026-11-15')).toBe('2027-02-15')
  })

  it('TSK-1: what is done late makes no late one; the end of the rule is the end', () => {
    expect(nextDue({ every: 'week', interval: 1 }, '2026-11-06', '2026-11-28')).toBe('2026-12-04')
    expect(nextDue({ every: 'day', interval: 1, until: '2026-11-28' }, '2026-11-27', '2026-11-27')).toBe('2026-11-28')
    expect(nextDue({ every: 'day', interval: 1, until: '2026-11-28' }, '2026-11-28', '2026-11-28')).toBeUndefined()
  })
})

describe('TSK-1: load', () => {
  it('TSK-1: fills up whoever has the fewest', () => {
    const candidates = [
      { id: 'a', open: 5 },
      { id: 'b', open: 0 },
      { id: 'c', open: 3 },
    ]
    const given = byLoad(candidates, 10)
    const count = (id: string) => given.filter(each => each === id).length
    expect([count('a'), count('b'), count('c')]).toEqual([1, 6, 3])
    expect(candidates[0]!.open).toBe(5)
    expect(byLoad([], 3)).toEqual([])
  })
})
