import { describe, expect, it } from 'vitest'
import { bandOf, confidenceOf } from './band.ts'
import { actionsFor } from './catalog.ts'
import { churnSettings } from './contract/settings.ts'
import { DriftCount } from './drift.ts'
import { leadingParts } from './factors.ts'
import { featureKeys } from './features.ts'
import { ColumnBuilder, observationDays } from './observations.ts'
import { factorWords } from './words.ts'

describe('bands', () => {
  const { bands } = churnSettings.parse({})

  it('CHN-5: are high from 80, medium from 60, low below, where a company chose nothing', () => {
    expect([100, 80, 79.9, 60, 59.9, 0].map(score => bandOf(bands, score).key)).toEqual([
      'high',
      'high',
      'medium',
      'medium',
      'low',
      'low',
    ])
  })

  it('stand from the highest down, the last from 0', () => {
    const faults = (changed: object[]) =>
      churnSettings.safeParse({ bands: changed }).error?.issues.map(({ path }) => path)
    expect(faults([...bands].reverse())).toEqual([['bands'], ['bands']])
    expect(faults([bands[0]!, { ...bands[1]!, from: 1 }])).toEqual([['bands']])
    expect(faults([bands[0]!, { ...bands[2]!, key: 'high' }])).toEqual([['bands']])
  })

  it('tell how sure a chance is by the width of its interval', () => {
    expect([confidenceOf(0.1, 0.2), confidenceOf(0.1, 0.3), confidenceOf(0.1, 0.5)]).toEqual(['high', 'medium', 'low'])
  })
})

describe('features', () => {
  it('leave out what tells of the churn itself, what is only known as it is now, and dates', () => {
    const metric = (key: string, unit = 'count', undated = false) => ({ key, unit, undated })
    expect(
      featureKeys([
        metric('usage.login_days_30'),
        metric('customer.churned'),
        metric('contracts.days_to_renewal', 'days', true),
        metric('own.last_visit', 'date'),
      ]),
    ).toEqual(['usage.login_days_30'])
  })
})

describe('observations', () => {
  it('are made every 30 days back from the last day whose horizon has passed', () => {
    expect(observationDays('2026-07-01', '2026-01-05', 90, 24)).toEqual(
      ['2026-01-02', '2026-02-01', '2026-03-03', '2026-04-02'].filter(day => day >= '2026-01-05'),
    )
    expect(observationDays('2026-07-01', '2020-01-01', 30, 2)).toEqual(['2026-05-02', '2026-06-01'])
  })

  it('become columns: nothing between commas is no value, categories are places in their list', () => {
    const builder = new ColumnBuilder(['a', 'b'], ['plan'])
    builder.add({ figures: '1.5,', categories: ['Pro'] })
    builder.add({ figures: ',-2e-7', categories: [null] })
    builder.add({ figures: '3,4', categories: ['Free'] })
    const { rows, columns } = builder.table()
    expect(rows).toBe(3)
    expect(columns[0]).toMatchObject({ name: 'a', values: Float64Array.of(1.5, Number.NaN, 3) })
    expect(columns[1]).toMatchObject({ values: Float64Array.of(Number.NaN, -2e-7, 4) })
    expect(columns[2]).toEqual({
      name: 'plan',
      kind: 'category',
      codes: Int32Array.of(0, -1, 1),
      levels: ['Pro', 'Free'],
    })
  })
})

describe('factors', () => {
  const table = {
    rows: 1,
    columns: [
      { name: 'logins', kind: 'number' as const, values: Float64Array.of(4) },
      { name: 'tickets', kind: 'number' as const, values: Float64Array.of(Number.NaN) },
      { name: 'plan', kind: 'category' as const, codes: Int32Array.of(0), levels: ['Free'] },
    ],
  }

  const names = table.columns.map(({ name }) => name)

  it('CHN-2: are the largest in each direction, with their values', () => {
    expect(leadingParts(table, 0, names, [0.2, 0, -0.1], 3)).toEqual([
      { feature: 'logins', value: 4, part: 0.2 },
      { feature: 'plan', value: 'Free', part: -0.1 },
    ])
    expect(leadingParts(table, 0, names, [0.2, 0.3, 0.1], 2).map(({ feature }) => feature)).toEqual([
      'tickets',
      'logins',
    ])
  })

  it('tell of each matter once, by what adds most to it; their parts are added up', () => {
    const features = [
      'usage.events_7',
      'usage.login_days_30',
      'tickets.open_now',
      'billing.days_late_now',
      'usage.weekly_events',
    ]
    const parts = [0.1, 0.2, 0.15, -0.05, -0.02]
    const [use, support, payment] = leadingParts({ rows: 1, columns: [] }, 0, features, parts, 3)
    expect([use!.feature, support!.feature, payment!.feature]).toEqual([
      'usage.login_days_30',
      'tickets.open_now',
      'billing.days_late_now',
    ])
    expect(use!.part).toBeCloseTo(0.28)
    const all = [use!, support!, payment!].reduce((sum, { part }) => sum + part, 0)
    expect(all).toBeCloseTo(parts.reduce((sum, part) => sum + part, 0))
  })

  it('are told in words with how they moved', () => {
    const name = { ja: 'ログイン日数', en: 'Login days' }
    const told = (value: number | string | null, before: number | null, unit: 'days' | 'money' | null = 'days') =>
      factorWords({ name, unit, currency: 'JPY', value, before, direction: 'neither', raises: true })
    expect(told(4, 21)).toEqual({
      ja: 'ログイン日数が21日から4日に減りました',
      en: 'Login days fell from 21 days to 4 days',
    })
    expect(told(21, 4).en).toBe('Login days rose from 4 days to 21 days')
    expect(told(4, 4.01).en).toBe('Login days: 4 days')
    expect(told(1, null).en).toBe('Login days: 1 day')
    expect(told(null, 3)).toEqual({ ja: 'ログイン日数: データなし', en: 'Login days: no data' })
    const used = { name, unit: 'days' as const, currency: 'JPY', value: 9, before: 4, direction: 'up' as const }
    // What rose to the better and raises the chance all the same does so by its level.
    expect(factorWords({ ...used, raises: true }).en).toBe('Login days: 9 days')
    expect(factorWords({ ...used, raises: false }).en).toBe('Login days rose from 4 days to 9 days')
    expect(factorWords({ ...used, before: 21, raises: true }).en).toBe('Login days fell from 21 days to 9 days')
    expect(told('Pro', null, null).ja).toBe('ログイン日数: Pro')
    expect(told(1_250_000, 900_000, 'money').ja).toBe('ログイン日数が￥900,000から￥1,250,000に増えました')
  })

  it('ask for each action once, by the gravest factor that does', () => {
    const factors = ['usage.login_days_30', 'billing.days_late_now', 'usage.events_trend_4w', 'nothing'].map(
      feature => ({
        feature,
      }),
    )
    expect(actionsFor(factors).map(({ because }) => because.feature)).toEqual([
      'usage.login_days_30',
      'billing.days_late_now',
    ])
  })
})

describe('drift', () => {
  const spread = { feature: 'a', edges: [1, 2], shares: [0.5, 0.25, 0.25, 0] }
  const counted = (values: number[]) => {
    const drift = new DriftCount([spread])
    drift.add({ rows: values.length, columns: [{ name: 'a', kind: 'number', values: Float64Array.from(values) }] })
    return drift.indexes()[0]!.index
  }

  it('is nothing where customers are spread as they were', () => {
    expect(counted([0, 1, 1.5, 3])).toBeCloseTo(0, 1)
  })

  it('is the population stability index, worked out by hand', () => {
    // Shares of now: 0.25, 0.25, 0.5, and an eighth in place of none without a value.
    const by = (now: number, then: number) => (now - then) * Math.log(now / then)
    expect(counted([1, 2, 3, 4])).toBeCloseTo(by(0.25, 0.5) + by(0.25, 0.25) + by(0.5, 0.25) + by(0.125, 0.125), 10)
  })

  it('counts a missing column, an unknown level and no value as no value', () => {
    const drift = new DriftCount([spread, { feature: 'plan', edges: ['Pro'], shares: [1, 0] }])
    drift.add({
      rows: 2,
      columns: [{ name: 'plan', kind: 'category', codes: Int32Array.of(0, -1), levels: ['New'] }],
    })
    const [a, plan] = drift.indexes()
    expect(a!.index).toBeGreaterThan(1)
    expect(plan!.index).toBeGreaterThan(1)
    expect(drift.rows).toBe(2)
  })
})
