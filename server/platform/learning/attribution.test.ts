import { describe, expect, it } from 'vitest'
import { inventedSet } from '../../../tests/support/learning.ts'
import { explain } from './attribution.ts'
import { codesOf } from './bins.ts'
import { calibrated } from './calibration.ts'
import { type Algorithm, type Ensemble, growEnsemble } from './ensemble.ts'
import { predictWith, scoreShare } from './scoring.ts'
import { pickRows } from './table.ts'
import { codeGoesLeft } from './trees.ts'

const wish = { seed: 3, isCancelled: () => false, onProgress: () => {} }

function grown(algorithm: Algorithm, rows: number, trees: number, seed: number) {
  const set = inventedSet(rows, seed)
  return { set, ...growEnsemble(algorithm, set.table, set.labels, set.groups, { ...wish, trees }) }
}

/** The score when only some columns are known: unknown ones follow the trees by how many rows went each way. */
function scoreOfKnown({ trees, start }: Ensemble, codes: number[], known: number): number {
  const walk = (node: number): number => {
    const left = trees.left[node]!
    if (left < 0) return trees.value[node]!
    const column = trees.feature[node]!
    if (known & (1 << column))
      return walk(codeGoesLeft(trees.rule[node]!, trees.sets, codes[column]!) ? left : left + 1)
    const share = trees.cover[left]! / (trees.cover[left]! + trees.cover[left + 1]!)
    return share * walk(left) + (1 - share) * walk(left + 1)
  }
  return trees.roots.reduce((sum, root) => sum + walk(root), start)
}

function shapley(ensemble: Ensemble, codes: number[]): number[] {
  const count = codes.length
  const factorial = (of: number): number => (of < 2 ? 1 : of * factorial(of - 1))
  const scores = Array.from({ length: 1 << count }, (_, known) => scoreOfKnown(ensemble, codes, known))
  return codes.map((_, column) => {
    let value = 0
    for (let known = 0; known < 1 << count; known++) {
      if (known & (1 << column)) continue
      const size = known.toString(2).replaceAll('0', '').length
      const weight = (factorial(size) * factorial(count - size - 1)) / factorial(count)
      value += weight * (scores[known | (1 << column)]! - scores[known]!)
    }
    return value
  })
}

describe('attributions', () => {
  it.each(['forest', 'boosting'] as const)(
    'CHN-2: of %s equal Shapley values by all subsets of the columns',
    algorithm => {
      const { set, ensemble } = grown(algorithm, 300, 6, 11)
      // Without calibration and link, the scores themselves are divided.
      const plain: Ensemble = {
        ...ensemble,
        algorithm: 'forest',
        calibration: { method: 'isotonic', from: [0, 1], to: [0, 1], rows: 0 },
      }
      if (algorithm === 'boosting') {
        // Log-odds are no share: brought into 0 to 1 by the same straight line for all.
        plain.start = 0.5
        plain.trees = { ...plain.trees, value: plain.trees.value.map(value => value / 40) }
      }
      const few = pickRows(
        set.table,
        Int32Array.from({ length: 12 }, (_, row) => row),
      )
      const { columns } = explain(plain, few)
      const codes = codesOf(plain.bins, few)
      for (let row = 0; row < 12; row++) {
        const expected = shapley(
          plain,
          codes.map(column => column[row]!),
        )
        columns.forEach((values, column) => {
          expect(values[row]).toBeCloseTo(expected[column]!, 9)
        })
      }
    },
  )

  it.each(['forest', 'boosting'] as const)('CHN-2: of %s add up to the calibrated probability', algorithm => {
    for (const seed of [1, 2, 3]) {
      const { set, ensemble } = grown(algorithm, 400, 25, seed)
      const few = pickRows(
        set.table,
        Int32Array.from({ length: 60 }, (_, row) => row),
      )
      const { probability } = predictWith(ensemble, few)
      const { base, columns } = explain(ensemble, few)
      probability.forEach((expected, row) => {
        const sum = columns.reduce((total, values) => total + values[row]!, base)
        expect(Math.abs(sum - expected)).toBeLessThan(1e-6)
      })
    }
  })

  it('CHN-2: name the column that makes somebody leave', () => {
    const { set, ensemble } = grown('boosting', 1_500, 50, 4)
    const { columns } = explain(ensemble, set.table)
    const signal = set.table.columns[0] as { values: Float64Array }
    const high = [...signal.values.keys()].filter(row => signal.values[row]! > 9)
    const named = high.filter(row => columns.every(values => values[row]! <= columns[0]![row]!))
    expect(named.length / high.length).toBeGreaterThan(0.9)
  })
})

describe('calibration', () => {
  it.each([400, 3_000])('CHN-4: keeps the order of scores (%d rows)', rows => {
    const { set, ensemble, outOfSample } = grown('forest', rows, 40, 6)
    const points = Array.from({ length: 201 }, (_, point) => calibrated(ensemble.calibration, point / 200))
    expect(points).toEqual(points.toSorted((one, other) => one - other))
    expect(points[0]).toBeGreaterThanOrEqual(0)
    expect(points.at(-1)).toBeLessThanOrEqual(1)
    const mean = outOfSample.reduce(
      (sum, score) => sum + calibrated(ensemble.calibration, scoreShare(ensemble, score)),
      0,
    )
    const share = set.labels.reduce((sum, label) => sum + label, 0)
    expect(Math.abs(mean - share) / rows).toBeLessThan(0.01)
  })
})
