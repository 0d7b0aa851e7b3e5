import { describe, expect, it } from 'vitest'
import { areaUnderCurve, backtest, wilson } from './backtest.ts'
import { earlySuccess, pluginMarketplace, saasSuccess } from './catalog.ts'
import { contributions, scoreOf, shapeScore, weightsOf } from './score.ts'

/** Points of one factor of HLT-2 for a value. */
function pointsOf(key: string, value: number): number {
  const place = pluginMarketplace.factors.findIndex(factor => factor.key === key)
  const { shape, weight } = pluginMarketplace.factors[place]!
  return Math.round(shapeScore(shape, value) * weight) / 100
}

describe('HLT-2 steps, no gap loses a value', () => {
  it.each([
    [
      'usage_frequency',
      [
        [0, 0],
        [39.9, 0],
        [40, 5],
        [59.9, 5],
        [60, 10],
        [79.9, 10],
        [80, 15],
        [99.9, 15],
        [100, 20],
        [250, 20],
      ],
    ],
    [
      'engagement',
      [
        [0, 0],
        [9.99, 0],
        [10, 10],
        [19.5, 10],
        [20, 20],
        [29.5, 20],
        [30, 20],
        [30.01, 30],
        [100, 30],
      ],
    ],
    [
      'support',
      [
        [1, 0],
        [2.99, 0],
        [3, 5],
        [3.45, 5],
        [3.5, 10],
        [3.95, 10],
        [4, 15],
        [4.45, 15],
        [4.5, 20],
        [5, 20],
      ],
    ],
    [
      'payment',
      [
        [0, 15],
        [1, 10],
        [7, 10],
        [8, 5],
        [30, 5],
        [31, 0],
        [400, 0],
      ],
    ],
    [
      'nps',
      [
        [0, 0],
        [6, 0],
        [6.5, 10],
        [7, 10],
        [8.9, 10],
        [9, 15],
        [10, 15],
      ],
    ],
  ] as const)('%s', (key, cases) => {
    for (const [value, points] of cases) expect([value, pointsOf(key, value)]).toEqual([value, points])
  })

  it('adds up to 100 for the best customer, 0 for the worst, and puts 80.5 where it is shown', () => {
    expect(scoreOf(pluginMarketplace, [100, 31, 5, 0, 10])).toMatchObject({ score: 100, band: 'champion', coverage: 1 })
    expect(scoreOf(pluginMarketplace, [0, 0, 1, 99, 0])).toMatchObject({ score: 0, band: 'high_risk' })
    const bands = [
      [81, 'champion'],
      [80.5, 'champion'],
      [80.4, 'healthy'],
      [61, 'healthy'],
      [60.4, 'medium_risk'],
      [41, 'medium_risk'],
      [40.4, 'high_risk'],
      [0, 'high_risk'],
    ] as const
    for (const [score, band] of bands)
      expect([score, scoreOf(pluginMarketplace, [], [], score).band]).toEqual([score, band])
  })
})

describe('HLT-1 weights and bands', () => {
  it('weighs eight factors as given', () => {
    expect(weightsOf(saasSuccess).map(weight => Math.round(weight * 100))).toEqual([25, 15, 10, 10, 10, 5, 15, 10])
  })

  it('scores a customer worked out by hand', () => {
    // 0.25*40 + 0.15*60 + 0.10*50 + 0.10*100 + 0.10*75 + 0.05*20 + 0.15*100 + 0.10*50 = 62.5
    const scored = scoreOf(saasSuccess, [40, 60, 10, 100, 50, 20, 100, 50])
    expect(scored).toMatchObject({ score: 62.5, raw: 62.5, band: 'yellow', coverage: 1, exception: null })
    expect(contributions(saasSuccess, scored.scores).map(points => Math.round(points * 10) / 10)).toEqual([
      10, 9, 5, 10, 7.5, 1, 15, 5,
    ])
  })

  it('leaves out what is not known: no licences, no tickets, no NPS answer', () => {
    // (0.15*60 + 0.10*50 + 0.05*20 + 0.15*100 + 0.10*50) / 0.55 = 63.6
    const scored = scoreOf(saasSuccess, [null, 60, 10, null, null, 20, 100, 50])
    expect(scored.score).toBe(63.6)
    expect(scored.coverage).toBeCloseTo(0.55, 10)
    expect(scoreOf({ ...saasSuccess, missing: 'neutral' }, [null, 60, 10, null, null, 20, 100, 50]).score).toBe(57.5)
    expect(scoreOf({ ...saasSuccess, missing: 'worst' }, [null, 60, 10, null, null, 20, 100, 50]).score).toBe(35)
    expect(
      scoreOf(
        saasSuccess,
        saasSuccess.factors.map(() => null),
      ),
    ).toMatchObject({ score: null, band: null, coverage: 0 })
  })

  it('caps the score while an urgent ticket is open (HLT-4), and an override wins', () => {
    const best = [100, 100, 20, 100, 100, 100, 100, 100]
    expect(scoreOf(saasSuccess, best, [true])).toMatchObject({ score: 79, raw: 100, band: 'yellow', exception: 1 })
    expect(scoreOf(saasSuccess, [0, 0, 0, 0, -100, 0, 0, 0], [true])).toMatchObject({ score: 0, exception: null })
    expect(scoreOf(saasSuccess, best, [true], 12)).toMatchObject({ score: 12, raw: 100, band: 'red', exception: 0 })
  })

  it.each([
    [80, 'green'],
    [79.5, 'green'],
    [79.4, 'yellow'],
    [60, 'yellow'],
    [59.5, 'yellow'],
    [59.4, 'orange'],
    [40, 'orange'],
    [39.4, 'red'],
    [0, 'red'],
  ])('puts %s into %s', (score, band) => {
    expect(scoreOf(saasSuccess, [], [], score).band).toBe(band)
  })
})

describe('HLT-3 components', () => {
  it('weighs four components with 30, 30, 20 and 20 percent, their factors alike', () => {
    const weights = weightsOf(earlySuccess)
    const of = (group: string) =>
      earlySuccess.factors.reduce((sum, factor, place) => sum + (factor.group === group ? weights[place]! : 0), 0)
    for (const [group, weight] of [
      ['engagement', 0.3],
      ['success', 0.3],
      ['satisfaction', 0.2],
      ['financial', 0.2],
    ] as const) {
      expect(of(group)).toBeCloseTo(weight, 10)
    }
  })

  it('draws lines between points, and does not go beyond them', () => {
    const { shape } = earlySuccess.factors.find(factor => factor.key === 'time_to_value')!
    expect([0, 14, 22, 30, 45, 60, 75, 90, 400].map(days => shapeScore(shape, days))).toEqual([
      100, 100, 90, 80, 60, 40, 20, 0, 0,
    ])
    expect([-200, -100, 0, 50, 100].map(nps => shapeScore({ kind: 'survey', scale: 'nps' }, nps))).toEqual([
      0, 0, 50, 75, 100,
    ])
    expect(shapeScore({ kind: 'linear', from: 30, to: 0 }, 15)).toBe(50)
  })
})

describe('HLT-7 back-test', () => {
  const of = (churned: number[], stayed: number[]) => [
    ...churned.map(score => ({ score, churned: true, band: score < 50 ? 'low' : 'high' })),
    ...stayed.map(score => ({ score, churned: false, band: score < 50 ? 'low' : 'high' })),
  ]

  it('counts pairs in the right order, ties half', () => {
    expect(areaUnderCurve(of([10, 20], [30, 40, 50]))).toBe(1)
    expect(areaUnderCurve(of([90], [10, 20]))).toBe(0)
    expect(areaUnderCurve(of([30, 30], [30, 30]))).toBe(0.5)
    // 10 < both, 30 < 40 and ties with 30: (2 + 1.5) / 4
    expect(areaUnderCurve(of([10, 30], [30, 40]))).toBe(0.875)
  })

  it('says when too few have left, and gives intervals', () => {
    const few = backtest(of([10, 20], [60, 70]))
    expect(few).toMatchObject({ enough: false, auc: 1, churned: 2, observations: 4 })
    const many = backtest(
      of(
        Array.from({ length: 20 }, (_, at) => at * 3),
        Array.from({ length: 80 }, (_, at) => 20 + at),
      ),
    )
    expect(many.enough).toBe(true)
    expect(many.deciles).toHaveLength(10)
    expect(many.deciles[0]).toMatchObject({ decile: 1, customers: 10 })
    expect(many.deciles[0]!.lift).toBeGreaterThan(2)
    expect(many.aucInterval![0]).toBeLessThan(many.auc!)
    expect(many.bands.find(({ band }) => band === 'high')!.rate).toBeLessThan(0.1)
    expect(many.prevalence).toBe(0.2)
    expect([many.roc[0], many.roc.at(-1)]).toEqual([
      [0, 0],
      [1, 1],
    ])
    // By trapezes the curve has the area that the ranks give.
    const area = many.roc.slice(1).reduce((sum, [x, y], at) => {
      const [left, low] = many.roc[at]!
      return sum + ((x - left) * (y + low)) / 2
    }, 0)
    expect(area).toBeCloseTo(many.auc!, 10)
    expect(wilson(0, 10)[0]).toBe(0)
    expect(wilson(5, 10)[0]).toBeCloseTo(0.237, 3)
    expect(backtest([]).auc).toBeNull()
  })
})
