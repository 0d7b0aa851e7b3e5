import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { crossValidationSplits, outOfTimeCut, outOfTimeSplits } from './folds.ts'
import { areaUnderRoc, averagePrecision, chooseThreshold, precisionAt, shareOf } from './measures.ts'

const scores = (...values: number[]) => Float64Array.from(values)
const labels = (...values: number[]) => Uint8Array.from(values)

describe('measures', () => {
  it('finds the area under the ROC curve, ties counting half', () => {
    expect(areaUnderRoc(scores(1, 2, 3, 4), labels(0, 0, 1, 1))?.value).toBe(1)
    expect(areaUnderRoc(scores(4, 3, 2, 1), labels(0, 0, 1, 1))?.value).toBe(0)
    expect(areaUnderRoc(scores(1, 1, 1, 1), labels(0, 1, 0, 1))?.value).toBe(0.5)
    // Pairs: (2,1) won, (2,2) tied, (3,1) won, (3,2) won.
    expect(areaUnderRoc(scores(1, 2, 2, 3), labels(0, 0, 1, 1))?.value).toBe(3.5 / 4)
    expect(areaUnderRoc(scores(1, 2), labels(0, 0))).toBeNull()
  })

  it('finds the same area as counting all pairs', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 6 }), fc.boolean()), { minLength: 2, maxLength: 60 }),
        rows => {
          const [left, stayed] = [rows.filter(([, is]) => is), rows.filter(([, is]) => !is)]
          const area = areaUnderRoc(
            Float64Array.from(rows, ([score]) => score),
            Uint8Array.from(rows, ([, is]) => (is ? 1 : 0)),
          )
          if (left.length === 0 || stayed.length === 0) return area === null
          let won = 0
          for (const [one] of left) for (const [other] of stayed) won += one > other ? 1 : one === other ? 0.5 : 0
          return Math.abs(area!.value - won / left.length / stayed.length) < 1e-9 && area!.low <= area!.value
        },
      ),
    )
  })

  it('finds intervals of shares, mean precision, precision among the riskiest, and thresholds', () => {
    // Wilson's interval of 8 of 10, as in textbooks.
    expect(shareOf(8, 10)).toMatchObject({ low: expect.closeTo(0.49, 2), high: expect.closeTo(0.943, 2) })
    expect(shareOf(0, 0)).toBeNull()
    expect(averagePrecision(scores(4, 3, 2, 1), labels(1, 0, 1, 0))).toBeCloseTo((1 + 2 / 3) / 2)
    expect(precisionAt(scores(4, 3, 2, 1), labels(1, 0, 1, 0), 0.5)).toEqual({ precision: 0.5, captured: 0.5 })
    // All tie: the share of positives is what anybody gets.
    expect(precisionAt(scores(1, 1, 1, 1), labels(1, 0, 0, 0), 0.5)).toEqual({ precision: 0.25, captured: 0.5 })
    expect(chooseThreshold(scores(0.1, 0.2, 0.8, 0.9), labels(0, 0, 1, 1))).toBe(80)
  })
})

const observations = fc
  .array(
    fc.record({ label: fc.boolean(), group: fc.integer({ min: 0, max: 15 }), time: fc.integer({ min: 0, max: 9 }) }),
    {
      minLength: 12,
      maxLength: 80,
    },
  )
  .map(rows => ({
    labels: Uint8Array.from(rows, ({ label }) => (label ? 1 : 0)),
    groups: Int32Array.from(rows, ({ group }) => group),
    times: Int32Array.from(rows, ({ time }) => time),
  }))

describe('folds', () => {
  it('CHN-3: never divide a group, and learn only from what is older than what is judged', () => {
    fc.assert(
      fc.property(observations, fc.integer({ min: 2, max: 5 }), fc.integer({ min: 0, max: 2 }), (set, folds, gap) => {
        const cut = outOfTimeCut(set, { share: 0.25, gap: 0 })
        const splits = [
          ...crossValidationSplits(set, { folds, seed: 1, gap }),
          ...(cut === undefined ? [] : outOfTimeSplits(set, { folds, seed: 1, gap, cut })),
        ]
        // Where the time is too short for an order, every row is learned from or judged.
        const isWhole = splits.every(({ training, test }) => training.length + test.length === set.times.length)
        const ordered = new Set(set.times).size > 1 && !isWhole
        return splits.every(({ training, test }) => {
          const known = new Set(Array.from(training, row => set.groups[row]))
          const newest = Math.max(...Array.from(training, row => set.times[row]!))
          return test.every(row => !known.has(set.groups[row]!) && (!ordered || newest < set.times[row]! - gap))
        })
      }),
    )
  })

  it('CHN-3: the back-test judges every later row once', () => {
    fc.assert(
      fc.property(observations, set => {
        const cut = outOfTimeCut(set, { share: 0.25, gap: 0 })
        if (cut === undefined) return
        const judged = outOfTimeSplits(set, { folds: 3, seed: 1, gap: 0, cut }).flatMap(({ test }) => [...test])
        expect(judged.sort((one, other) => one - other)).toEqual(
          [...set.times.keys()].filter(row => set.times[row]! >= cut),
        )
      }),
    )
  })
})
