import { explain } from './attribution.ts'
import { edgesOf } from './bins.ts'
import type { MethodReport, ModelReport } from './contract.ts'
import type { Ensemble } from './ensemble.ts'
import type { Evaluation } from './evaluation.ts'
import { measuresOf } from './measured.ts'
import { countByScore, reliabilityOf } from './measures.ts'
import { Randomness } from './randomness.ts'
import { predict } from './scoring.ts'
import { type Column, pickRows, type Table } from './table.ts'
import type { TrainingSet } from './training-set.ts'
import { walkOf } from './trees.ts'

interface Made
  extends Pick<
    ModelReport,
    'algorithm' | 'seed' | 'seconds' | 'folds' | 'outOfTime' | 'threshold' | 'crossValidation'
  > {
  /** All methods on the rows that are reported on. */
  measured: Evaluation[]
}

/** Everything that is told about a model. */
export function reportOf(set: TrainingSet, ensemble: Ensemble, made: Made): ModelReport {
  const { measured, ...facts } = made
  const positives = set.labels.reduce((sum, label) => sum + label, 0)
  const own = measured.find(({ name }) => name === made.algorithm)!
  return {
    ...facts,
    rows: set.labels.length,
    positives,
    prevalence: positives / set.labels.length,
    features: set.table.columns.length,
    methods: measured.map(evaluation => methodOf(evaluation, made.algorithm)),
    reliability: reliabilityOf(own.probabilities, own.labels),
    calibration: { method: ensemble.calibration.method, rows: ensemble.calibration.rows },
    importance: importanceOf(set.table, ensemble, made.seed),
    spread: set.table.columns.map(column => {
      const { edges, shares } = spreadOf(column)
      return { feature: column.name, edges, shares }
    }),
  }
}

function methodOf({ name, probabilities, labels, thresholds }: Evaluation, algorithm: string): MethodReport {
  const isOther = name !== algorithm && (name === 'forest' || name === 'boosting')
  return {
    name: name === algorithm ? 'model' : isOther ? 'other' : name,
    ...measuresOf(probabilities, labels, thresholds),
    byScore: countByScore(probabilities, labels),
  }
}

const partialFeatures = 12
const partialRows = 200
const mostPlaces = 10
/** Nodes visited for importance; large ensembles are explained on fewer rows. */
const importanceWork = 3e7

function importanceOf(table: Table, ensemble: Ensemble, seed: number): ModelReport['importance'] {
  const wanted = Math.round(importanceWork / Math.max(1, ensemble.trees.left.length))
  const order = Int32Array.from({ length: table.rows }, (_, row) => row)
  const sample = Math.min(table.rows, Math.min(500, Math.max(60, wanted)))
  new Randomness(seed).shuffle(order, Math.max(sample, Math.min(partialRows, table.rows)))
  const { columns } = explain(ensemble, pickRows(table, order.slice(0, sample)))
  const sizes = columns.map(values => values.reduce((sum, value) => sum + Math.abs(value), 0))
  const total = sizes.reduce((sum, size) => sum + size, 0) || 1
  const ranked = ensemble.bins
    .map(({ name }, place) => ({ feature: name, share: sizes[place]! / total }))
    .sort((one, other) => other.share - one.share)
  const few = pickRows(table, order.slice(0, Math.min(partialRows, table.rows)))
  const walk = walkOf(ensemble.trees)
  return ranked.map(({ feature, share }, rank) => ({
    feature,
    share,
    partial:
      rank < partialFeatures ? partialOf(table, few, feature, each => predict(ensemble, walk, each).probability) : [],
  }))
}

type Place = ModelReport['importance'][number]['partial'][number]

/** The mean probability if every row had the same value in one column, for some values of it. */
function partialOf(table: Table, few: Table, feature: string, probabilities: (table: Table) => Float64Array): Place[] {
  const column = table.columns.find(({ name }) => name === feature)!
  const spread = spreadOf(column)
  const places: (number | string | null)[] =
    column.kind === 'number' ? middles(column.values, spread.edges as number[]) : (spread.edges as string[])
  const counts = spread.shares.map(share => Math.round(share * table.rows))
  const known = places
    .map((at, place) => ({ at, rows: counts[place]! }))
    .slice(0, column.kind === 'number' ? 99 : mostPlaces)
  const all = counts.at(-1)! > 0 ? [...known, { at: null, rows: counts.at(-1)! }] : known
  return all
    .filter(({ rows }) => rows > 0)
    .map(({ at, rows }) => {
      const changed = few.columns.map(each => (each.name === feature ? constant(each, at, few.rows) : each))
      const said = probabilities({ rows: few.rows, columns: changed })
      return { at, rows, probability: said.reduce((sum, value) => sum + value, 0) / said.length }
    })
}

function constant(column: Column, at: number | string | null, rows: number): Column {
  if (column.kind === 'number') {
    return { ...column, values: new Float64Array(rows).fill(typeof at === 'number' ? at : Number.NaN) }
  }
  return { ...column, codes: new Int32Array(rows).fill(at === null ? -1 : column.levels.indexOf(String(at))) }
}

/** Tenths of a number, or the levels of a category (at most 50), with their share of the rows; the last is the rest. */
function spreadOf(column: Column): { edges: number[] | string[]; shares: number[] } {
  if (column.kind === 'number') {
    const edges = edgesOf(column.values, mostPlaces)
    const counts = new Array<number>(edges.length + 2).fill(0)
    for (const value of column.values) {
      counts[Number.isNaN(value) ? edges.length + 1 : edges.filter(edge => edge < value).length]!++
    }
    return { edges: [...edges], shares: counts.map(count => count / column.values.length) }
  }
  const counts = new Map<number, number>()
  for (const code of column.codes) if (code >= 0) counts.set(code, (counts.get(code) ?? 0) + 1)
  const most = [...counts].sort(([one, a], [other, b]) => b - a || one - other).slice(0, 50)
  const rows = column.codes.length
  const shares = most.map(([, count]) => count / rows)
  return {
    edges: most.map(([code]) => column.levels[code]!),
    shares: [...shares, Math.max(0, 1 - shares.reduce((sum, share) => sum + share, 0))],
  }
}

/** A value from the middle of each bin. */
function middles(values: Float64Array, edges: readonly number[]): number[] {
  const sums = new Float64Array(edges.length + 1)
  const counts = new Float64Array(edges.length + 1)
  for (const value of values) {
    if (Number.isNaN(value)) continue
    const bin = edges.filter(edge => edge < value).length
    sums[bin]! += value
    counts[bin]!++
  }
  return [...sums].map((sum, bin) =>
    counts[bin]! > 0 ? Number((sum / counts[bin]!).toPrecision(4)) : (edges[bin] ?? 0),
  )
}
