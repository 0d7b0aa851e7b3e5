import { describe, expect, test } from 'vitest'
import { cheapest, costOf, falseAlarmsOf, foundAt, gains, outcomes, precisionOf, recallOf } from './curves.ts'

// Four who left at 90, 80, 40 and 10; six who stayed at 80, 30, 20, 10, 10 and 0.
const counts = [
  { score: 90, left: 1, stayed: 0 },
  { score: 80, left: 1, stayed: 1 },
  { score: 40, left: 1, stayed: 0 },
  { score: 30, left: 0, stayed: 1 },
  { score: 20, left: 0, stayed: 1 },
  { score: 10, left: 1, stayed: 2 },
  { score: 0, left: 0, stayed: 1 },
]

describe('what a threshold would have meant', () => {
  const all = outcomes(counts)
  const at = (threshold: number) => all[threshold]!

  test('counts those at the threshold as warned', () => {
    expect(at(80)).toEqual({ threshold: 80, warnedLeft: 2, warnedStayed: 1, missed: 2, spared: 5 })
    expect(at(81)).toEqual({ threshold: 81, warnedLeft: 1, warnedStayed: 0, missed: 3, spared: 6 })
    expect(at(0)).toEqual({ threshold: 0, warnedLeft: 4, warnedStayed: 6, missed: 0, spared: 0 })
    expect(at(100)).toMatchObject({ warnedLeft: 0, warnedStayed: 0 })
  })

  test('gives precision, recall and false alarms, and none where nobody is warned of', () => {
    expect([precisionOf(at(80)), recallOf(at(80)), falseAlarmsOf(at(80))]).toEqual([2 / 3, 0.5, 1 / 6])
    expect([precisionOf(at(100)), recallOf(at(100))]).toEqual([null, 0])
  })

  test('costs a call for each warning and the worth of each who leaves', () => {
    const prices = { intervention: 10, saved: 100, successRate: 0.5 }
    // Three calls; two missed, and one of two who were warned of leaves in spite of it.
    expect(costOf(at(80), prices)).toBe(3 * 10 + (2 + 1) * 100)
    // From 10 on it would cost the same, with five more calls.
    expect(cheapest(all, prices).threshold).toBe(40)
    expect(cheapest(all, { ...prices, intervention: 5 }).threshold).toBe(10)
    expect(cheapest(all, { ...prices, intervention: 60 }).threshold).toBe(100)
  })

  test('finds all by taking all, and shares in between', () => {
    const curve = gains(counts)
    expect(curve[0]).toEqual([0, 0])
    expect(curve.at(-1)).toEqual([1, 1])
    expect(foundAt(curve, 0.1)).toBeCloseTo(0.25)
    expect(foundAt(curve, 0.2)).toBeCloseTo(0.375)
  })
})
