import { describe, expect, it } from 'vitest'
import { inventedSet } from '../../../tests/support/learning.ts'
import { modelReport } from './contract.ts'
import { readModel } from './model.ts'
import { Randomness } from './randomness.ts'
import { learn, type TrainingWish } from './training.ts'
import type { TrainingSet } from './training-set.ts'

const wish: TrainingWish = { seed: 7, algorithms: ['forest', 'boosting'], trees: 60, folds: 3 }
const run = (set: TrainingSet, more: Partial<TrainingWish> = {}) =>
  learn(
    set,
    { ...wish, ...more },
    () => {},
    () => false,
  )

describe('learning who leaves', () => {
  const set = inventedSet(1_500, 1)
  const result = run(set)

  it('CHN-1: forest and boosting tell who leaves nearly as well as the truth, and better than never and a useless score', () => {
    for (const algorithm of ['forest', 'boosting'] as const) {
      const { report } = result.models[algorithm]!
      expect(modelReport.parse(report)).toEqual(report)
      const [model, other, , never] = report.methods
      expect([model!.name, other!.name, never!.name].sort()).toEqual(['model', 'never', 'other'])
      expect(report.crossValidation.auc).toBeGreaterThan(0.93)
      expect(model!.calibrationError).toBeLessThan(0.04)
      expect(model!.byScore).toHaveLength(101)
      expect(model!.byScore.reduce((sum, { left, stayed }) => sum + left + stayed, 0)).toBe(1_500)
      expect(never).toMatchObject({ recall: 0, precision: null, auc: 0.5 })
      expect(report.importance[0]!.feature).toBe('signal')
      expect(report.importance.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 6)
      const [lowest, ...rest] = report.importance[0]!.partial
      expect(lowest!.probability).toBeLessThan(rest.at(-1)!.probability)
      expect(report.spread.map(({ shares }) => shares.reduce((sum, share) => sum + share, 0))).toEqual(
        report.spread.map(() => expect.closeTo(1, 6)),
      )
    }
    expect(result.comparison.map(({ name }) => name)).toEqual(['forest', 'boosting', 'logistic', 'never'])
  })

  it('gives the same bytes for the same data and seed, and others for another seed', () => {
    const again = run(set)
    for (const algorithm of ['forest', 'boosting'] as const) {
      const [one, other] = [result.models[algorithm]!, again.models[algorithm]!]
      expect(Buffer.compare(one.bytes, other.bytes)).toBe(0)
      expect({ ...one.report, seconds: 0 }).toEqual({ ...other.report, seconds: 0 })
    }
    expect(Buffer.compare(run(set, { seed: 8 }).models.forest!.bytes, result.models.forest!.bytes)).not.toBe(0)
  })

  it('writes models that are read again, and refuses files that are damaged', () => {
    const { bytes } = result.models[result.proposed]!
    const model = readModel(bytes)
    expect(model.columns().map(({ name, kind }) => `${name} ${kind}`)).toContain('colour category')
    const { probability, low, high } = model.predict(set.table)
    expect(probability.every((value, row) => low[row]! <= value && value <= high[row]!)).toBe(true)
    expect(probability.every(value => value >= 0 && value <= 1)).toBe(true)
    expect(low.some((value, row) => value < high[row]!)).toBe(true)
    const changed = bytes.slice()
    changed[changed.length - 9]! ^= 1
    for (const broken of [new Uint8Array(0), bytes.subarray(0, 40), bytes.subarray(0, bytes.length - 8), changed]) {
      expect(() => readModel(broken)).toThrow('damaged')
    }
    expect(() => model.predict({ rows: 1, columns: [] })).toThrow('needs the column')
  })

  it('CHN-3: judges later rows of other groups by what came before, with the threshold chosen before', () => {
    const groups = inventedSet(2_000, 3, { perGroup: 4 })
    const times = Int32Array.from(groups.labels, (_, row) => 19_000 + (row % 4) * 30)
    const baselines = [
      {
        name: 'health',
        scores: groups.table.columns[0]!.kind === 'number' ? groups.table.columns[0]!.values : new Float64Array(),
      },
    ]
    const { report } = run({ ...groups, times, baselines }, { algorithms: ['boosting'] }).models.boosting!
    expect(report.outOfTime).toMatchObject({ from: 19_090, to: 19_090, rows: 500 })
    const [model, logistic, never, health] = report.methods
    expect([model, logistic, never, health].map(method => method!.name)).toEqual([
      'model',
      'logistic',
      'never',
      'health',
    ])
    for (const { byScore } of report.methods) {
      expect(byScore.reduce((sum, { left, stayed }) => sum + left + stayed, 0)).toBe(500)
    }
    expect(model!.threshold).toBe(report.threshold)
    expect(model!.auc).toBeGreaterThan(health!.auc!)
    expect(model!.aucLow).toBeLessThan(model!.auc!)
  })

  it('chooses the threshold by prices where they are given', () => {
    const threshold = (intervention: number) =>
      run(set, { algorithms: ['boosting'], prices: { intervention, saved: 100, successRate: 0.5 } }).models.boosting!
        .report.threshold
    // Acting is worth it from intervention / (saved x success) on.
    expect(threshold(5)).toBeLessThan(30)
    expect(threshold(40)).toBeGreaterThan(60)
  })

  it('says what is missing where there is too little to learn from', () => {
    const few = inventedSet(100, 1)
    few.labels.fill(0).fill(1, 0, 12)
    expect(() => run(few)).toThrow('there are 12 and 88')
  })

  it('stops when it is told to', () => {
    expect(() =>
      learn(
        set,
        wish,
        () => {},
        () => true,
      ),
    ).toThrow('cancelled')
  })
})

describe('columns that must not be learned from', () => {
  it('CHN-1: refuses what gives the outcome away, identifiers, constants and empty columns', () => {
    const set = inventedSet(1_200, 5)
    const { rows } = set.table
    const random = new Randomness(9)
    const normal = () => random.share() + random.share() + random.share() - 1.5
    const number = (name: string, value: (row: number) => number) => ({
      name,
      kind: 'number' as const,
      values: Float64Array.from({ length: rows }, (_, row) => value(row)),
    })
    set.table = {
      rows,
      columns: [
        ...set.table.columns,
        number('leaking', row => set.labels[row]! + normal() * 0.4),
        number('missing leaks', row => (set.labels[row] && random.share() < 0.995 ? random.share() : Number.NaN)),
        number('sometimes a reason', row => (set.labels[row] && random.share() < 0.4 ? 1 : Number.NaN)),
        number('row number', row => row + 1),
        number('always', () => 3),
        number('nothing', () => Number.NaN),
        {
          name: 'key',
          kind: 'category',
          codes: Int32Array.from({ length: rows }, (_, row) => row),
          levels: Array.from({ length: rows }, (_, row) => `k${row}`),
        },
      ],
    }
    const { refused, models } = run(set, { algorithms: ['boosting'], trees: 20 })
    expect(Object.fromEntries(refused.map(({ name, reason }) => [name, reason]))).toEqual({
      leaking: 'leak',
      'missing leaks': 'leak',
      'sometimes a reason': 'leak',
      'row number': 'identifier',
      always: 'constant',
      nothing: 'empty',
      key: 'identifier',
    })
    expect(refused.find(({ name }) => name === 'leaking')!.auc).toBeGreaterThan(0.98)
    expect(
      readModel(models.boosting!.bytes)
        .columns()
        .map(({ name }) => name),
    ).toEqual(['signal', 'holey', 'colour', 'noise 1', 'noise 2'])
  })
})
