import { logistic } from './calibration.ts'
import { Randomness } from './randomness.ts'
import { type Column, pickRows, type Table } from './table.ts'

/** A plain logistic regression, against which trees have to show what they are worth. */
export interface Regression {
  predict(table: Table): Float64Array
}

interface Term {
  name: string
  /** A number, its absence, or one level of a category. */
  of: { kind: 'number'; mean: number; scale: number } | { kind: 'missing' } | { kind: 'level'; level: string }
}

/** Products of a round that are worth waiting for; larger sets are learned from a part. */
const mostWork = 3e8
const ridge = 1

/** Standardised numbers, one term a level (at least 1 % of the rows) and one for missing, L2; by Newton's method. */
export function fitRegression(table: Table, labels: Uint8Array, seed: number): Regression {
  const terms = table.columns.flatMap(termsOf)
  const width = terms.length + 1
  const most = Math.max(2_000, Math.floor(mostWork / (width * width)))
  let [rows, used, outcome] = [table.rows, table, labels]
  if (rows > most) {
    const order = Int32Array.from(labels, (_, row) => row)
    new Randomness(seed).shuffle(order, most)
    const kept = order.slice(0, most)
    used = pickRows(table, kept)
    outcome = Uint8Array.from(kept, row => labels[row]!)
    rows = most
  }
  const design = designOf(used, terms)
  const weights = new Float64Array(width)
  for (let round = 0; round < 12; round++) {
    const gradient = new Float64Array(width)
    const curvature = new Float64Array(width * width)
    for (let row = 0; row < rows; row++) {
      const start = row * width
      let margin = 0
      for (let term = 0; term < width; term++) margin += weights[term]! * design[start + term]!
      const probability = logistic(margin)
      const rest = outcome[row]! - probability
      const weight = probability * (1 - probability) + 1e-9
      for (let term = 0; term < width; term++) {
        const value = design[start + term]!
        if (value === 0) continue
        gradient[term]! += rest * value
        const scaled = weight * value
        for (let other = 0; other <= term; other++) curvature[term * width + other]! += scaled * design[start + other]!
      }
    }
    for (let term = 0; term < width; term++) {
      // The last one is the level of all; it is not drawn to zero.
      const strength = term === width - 1 ? 1e-6 : ridge
      gradient[term]! -= strength * weights[term]!
      curvature[term * width + term]! += strength
    }
    const step = solve(curvature, gradient)
    let largest = 0
    for (let term = 0; term < width; term++) {
      weights[term]! += step[term]!
      largest = Math.max(largest, Math.abs(step[term]!))
    }
    if (largest < 1e-4) break
  }
  return {
    predict: other => {
      const rowsDesign = designOf(other, terms)
      return Float64Array.from({ length: other.rows }, (_, row) => {
        let margin = 0
        for (let term = 0; term < width; term++) margin += weights[term]! * rowsDesign[row * width + term]!
        return logistic(margin)
      })
    },
  }
}

function termsOf(column: Column): Term[] {
  const { name } = column
  if (column.kind === 'category') {
    const counts = new Map<number, number>()
    for (const code of column.codes) counts.set(code, (counts.get(code) ?? 0) + 1)
    const frequent = [...counts].filter(([, count]) => count >= column.codes.length * 0.01)
    return frequent
      .sort(([one], [other]) => one - other)
      .map(([code]) => ({ name, of: code < 0 ? { kind: 'missing' } : { kind: 'level', level: column.levels[code]! } }))
  }
  let [sum, squares, known] = [0, 0, 0]
  for (const value of column.values) {
    if (!Number.isFinite(value)) continue
    sum += value
    known++
  }
  const mean = sum / Math.max(1, known)
  for (const value of column.values) if (Number.isFinite(value)) squares += (value - mean) ** 2
  const scale = Math.sqrt(squares / Math.max(1, known)) || 1
  const number: Term = { name, of: { kind: 'number', mean, scale } }
  return known < column.values.length ? [number, { name, of: { kind: 'missing' } }] : [number]
}

function designOf(table: Table, terms: readonly Term[]): Float64Array {
  const width = terms.length + 1
  const design = new Float64Array(table.rows * width)
  terms.forEach(({ name, of }, term) => {
    const column = table.columns.find(each => each.name === name)
    const level = of.kind === 'level' && column?.kind === 'category' ? column.levels.indexOf(of.level) : -1
    for (let row = 0; row < table.rows; row++) {
      let value = 0
      if (column?.kind === 'category') value = column.codes[row] === level ? 1 : 0
      else if (column) {
        const known = Number.isFinite(column.values[row]!)
        if (of.kind === 'missing') value = known ? 0 : 1
        // Far outliers would rule the fit.
        else if (of.kind === 'number' && known) {
          value = Math.min(6, Math.max(-6, (column.values[row]! - of.mean) / of.scale))
        }
      }
      design[row * width + term] = value
    }
  })
  for (let row = 0; row < table.rows; row++) design[row * width + width - 1] = 1
  return design
}

/** Solves a symmetric positive system, of which the lower half is given, by Cholesky's method. */
function solve(matrix: Float64Array, right: Float64Array): Float64Array {
  const size = right.length
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      let sum = matrix[row * size + column]!
      for (let place = 0; place < column; place++) sum -= matrix[row * size + place]! * matrix[column * size + place]!
      matrix[row * size + column] =
        row === column ? Math.sqrt(Math.max(sum, 1e-12)) : sum / matrix[column * size + column]!
    }
  }
  const result = right.slice()
  for (let row = 0; row < size; row++) {
    for (let place = 0; place < row; place++) result[row]! -= matrix[row * size + place]! * result[place]!
    result[row]! /= matrix[row * size + row]!
  }
  for (let row = size - 1; row >= 0; row--) {
    for (let place = row + 1; place < size; place++) result[row]! -= matrix[place * size + row]! * result[place]!
    result[row]! /= matrix[row * size + row]!
  }
  return result
}
