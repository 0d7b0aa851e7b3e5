import { type Bins, codesOf, edgesOf } from './bins.ts'
import { foldsOf } from './folds.ts'
import { areaUnderRoc } from './measures.ts'
import type { Column, Table } from './table.ts'

/** A column that is not learned from, and why. `auc`: how well it alone tells the classes apart. */
export interface RefusedColumn {
  name: string
  reason: 'leak' | 'identifier' | 'constant' | 'empty'
  auc?: number
}

/** From here on a single column knows too much, unless others nearly do as well. */
const leakArea = 0.98
const leakDistance = 0.02
/** Being filled at all gives the outcome away: so pure, for so large a part of the positives. */
const leakPurity = 0.995
const leakShare = 0.25
const leakBins = 64

/** Finds the columns that must not be learned from. */
export function refuseColumns(
  table: Table,
  labels: Uint8Array,
  groups: Int32Array,
  seed: number,
): { kept: Table; refused: RefusedColumn[] } {
  const refused: RefusedColumn[] = []
  const candidates = table.columns.filter(column => {
    const reason = plainReason(column)
    if (reason) refused.push({ name: column.name, reason })
    return !reason
  })
  const fold = foldsOf(labels, groups, 5, seed)
  const areas = candidates.map(column => ({ column, area: singleArea(column, labels, fold) }))
  const others = Math.max(0.5, ...areas.map(({ area }) => area).filter(area => area < leakArea))
  const columns: Column[] = []
  for (const { column, area } of areas) {
    const separates = area >= leakArea && area - others >= leakDistance
    if (!separates && !presenceTells(column, labels)) columns.push(column)
    else refused.push({ name: column.name, reason: 'leak', auc: area })
  }
  return { kept: { rows: table.rows, columns }, refused }
}

function plainReason(column: Column): RefusedColumn['reason'] | undefined {
  const values = column.kind === 'number' ? column.values : column.codes
  const distinct = new Set<number>()
  let missing = 0
  for (const value of values) {
    if (Number.isNaN(value) || (column.kind === 'category' && value < 0)) missing++
    else distinct.add(value)
  }
  const known = values.length - missing
  if (known === 0) return 'empty'
  if (distinct.size === 1 && missing === 0) return 'constant'
  if (column.kind === 'category') {
    const many = distinct.size > Math.max(50, known * 0.05) && distinct.size > 255
    return many || (distinct.size >= known * 0.9 && known >= 20) ? 'identifier' : undefined
  }
  return isNumbering(column.name, column.values, distinct.size, known) ? 'identifier' : undefined
}

/** Whole numbers, each once: of a dense range or in order, or of a name that says so. */
function isNumbering(name: string, values: Float64Array, distinct: number, known: number): boolean {
  if (known < 50 || distinct < known * 0.999) return false
  let [low, high, rising, before] = [Infinity, -Infinity, true, -Infinity]
  for (const value of values) {
    if (Number.isNaN(value)) continue
    if (!Number.isInteger(value)) return false
    if (value <= before) rising = false
    before = value
    low = Math.min(low, value)
    high = Math.max(high, value)
  }
  return rising || high - low < known * 2 || /(id|no|num|nr|number|key|code|index|番号|コード)\.?$/i.test(name.trim())
}

/** Out-of-fold area under the ROC curve of one column alone, by the share of positives in its bins; missing is a bin. */
function singleArea(column: Column, labels: Uint8Array, fold: Uint8Array): number {
  const bins: Bins =
    column.kind === 'number'
      ? { name: column.name, kind: 'number', edges: edgesOf(column.values, leakBins) }
      : { name: column.name, kind: 'category', levels: column.levels.slice(0, 255) }
  const codes = codesOf([bins], { rows: labels.length, columns: [column] })[0]!
  const rows = new Float64Array(5 * 256)
  const hits = new Float64Array(5 * 256)
  let positives = 0
  for (let row = 0; row < labels.length; row++) {
    rows[fold[row]! * 256 + codes[row]!]!++
    hits[fold[row]! * 256 + codes[row]!]! += labels[row]!
    positives += labels[row]!
  }
  const prevalence = positives / labels.length
  const scores = new Float64Array(5 * 256)
  for (let code = 0; code < 256; code++) {
    let [all, found] = [0, 0]
    for (let part = 0; part < 5; part++) {
      all += rows[part * 256 + code]!
      found += hits[part * 256 + code]!
    }
    for (let part = 0; part < 5; part++) {
      const place = part * 256 + code
      scores[place] = (found - hits[place]! + prevalence) / (all - rows[place]! + 1)
    }
  }
  return (
    areaUnderRoc(
      Float64Array.from(labels, (_, row) => scores[fold[row]! * 256 + codes[row]!]!),
      labels,
    )?.value ?? 0.5
  )
}

/** Whether a column is filled, or is left empty, for those almost only who leave: such as a reason for leaving. */
function presenceTells(column: Column, labels: Uint8Array): boolean {
  const values = column.kind === 'number' ? column.values : column.codes
  const rows = [0, 0]
  const hits = [0, 0]
  for (let row = 0; row < labels.length; row++) {
    const value = values[row]!
    const side = Number.isNaN(value) || (column.kind === 'category' && value < 0) ? 1 : 0
    rows[side]!++
    hits[side]! += labels[row]!
  }
  const positives = hits[0]! + hits[1]!
  if (positives === 0 || positives > labels.length * 0.8) return false
  return rows.some(
    (count, side) => hits[side]! >= Math.max(10, positives * leakShare) && hits[side]! >= count * leakPurity,
  )
}
