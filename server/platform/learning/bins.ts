import type { Column, Table } from './table.ts'

/** The code of a value that is missing, or of a category that training has not seen. */
export const missingCode = 255
const mostCodes = 255
const sampleRows = 100_000
const gridCells = 1_024

/** How the values of a column become codes of one byte. */
export type Bins =
  | { name: string; kind: 'number'; edges: Float64Array }
  | { name: string; kind: 'category'; levels: readonly string[] }

/**
 * Finds the bins of every column: for numbers up to 255 by quantile, each value its own where there are no more than
 * that; for categories the most frequent ones, the rest counts as missing.
 */
export function findBins(table: Table): Bins[] {
  return table.columns.map(column =>
    column.kind === 'number'
      ? { name: column.name, kind: 'number', edges: edgesOf(column.values, mostCodes) }
      : { name: column.name, kind: 'category', levels: frequentLevels(column.codes, column.levels) },
  )
}

/** Values that divide a column into at most `most` bins of about equal size; a value equal to an edge is below it. */
export function edgesOf(values: Float64Array, most: number): Float64Array {
  const step = Math.max(1, Math.ceil(values.length / sampleRows))
  const known = new Float64Array(Math.ceil(values.length / step))
  let count = 0
  for (let row = 0; row < values.length; row += step) {
    const value = values[row]!
    if (!Number.isNaN(value)) known[count++] = value
  }
  const sorted = known.subarray(0, count).sort()
  const distinct: number[] = []
  const counts: number[] = []
  for (const value of sorted) {
    if (distinct.length > 0 && distinct.at(-1) === value) counts[counts.length - 1]!++
    else {
      distinct.push(value)
      counts.push(1)
    }
  }
  const edges: number[] = []
  // Half of what is left for each bin at least, so that one frequent value does not use up the bins of the others.
  let [inBin, left, bins] = [0, count, most]
  for (let place = 0; place + 1 < distinct.length; place++) {
    inBin += counts[place]!
    if (distinct.length > most && inBin < left / bins) continue
    if (edges.length + 1 >= most) break
    edges.push(between(distinct[place]!, distinct[place + 1]!))
    left -= inBin
    bins--
    inBin = 0
  }
  return Float64Array.from(edges)
}

function between(low: number, high: number): number {
  const middle = low + (high - low) / 2
  return middle < high ? middle : low
}

function frequentLevels(codes: Int32Array, levels: readonly string[]): string[] {
  const counts = new Float64Array(levels.length)
  for (const code of codes) if (code >= 0) counts[code]!++
  return levels
    .map((level, place) => ({ level, count: counts[place]! }))
    .filter(({ count }) => count > 0)
    .sort((one, other) => other.count - one.count || (one.level < other.level ? -1 : 1))
    .slice(0, mostCodes)
    .map(({ level }) => level)
}

/** The codes of all rows, column by column. @throws Error for a table with other columns */
export function codesOf(bins: readonly Bins[], table: Table): Uint8Array<ArrayBuffer>[] {
  return bins.map(bin => {
    const column = table.columns.find(({ name }) => name === bin.name)
    if (!column || column.kind !== bin.kind) {
      throw new Error(`The model needs the column "${bin.name}" as ${bin.kind}, and the table lacks it.`)
    }
    return codeColumn(bin, column)
  })
}

function codeColumn(bin: Bins, column: Column): Uint8Array<ArrayBuffer> {
  if (column.kind === 'number') {
    const { values } = column
    const { edges } = bin as Extract<Bins, { kind: 'number' }>
    const codes = new Uint8Array(values.length)
    const low = edges[0] ?? 0
    const scale = gridCells / ((edges.at(-1) ?? 0) - low || 1)
    // Where the edges of each part of the range begin: most values have only a few left to be compared with.
    const grid = Int32Array.from({ length: gridCells + 1 }, (_, cell) =>
      codeOf(edges, low + cell / scale, 0, edges.length),
    )
    for (let row = 0; row < values.length; row++) {
      const value = values[row]!
      if (Number.isNaN(value)) {
        codes[row] = missingCode
        continue
      }
      const cell = (value - low) * scale
      if (cell >= 1 && cell < gridCells - 1) {
        const place = cell | 0
        codes[row] = codeOf(edges, value, grid[place - 1]!, grid[place + 2]!)
      } else codes[row] = codeOf(edges, value, 0, edges.length)
    }
    return codes
  }
  const { levels } = bin as Extract<Bins, { kind: 'category' }>
  const places = new Map(levels.map((level, place) => [level, place]))
  const translated = Int32Array.from(column.levels, level => places.get(level) ?? missingCode)
  const codes = new Uint8Array(column.codes.length)
  for (let row = 0; row < codes.length; row++) {
    const code = column.codes[row]!
    codes[row] = code < 0 ? missingCode : translated[code]!
  }
  return codes
}

/** How many edges are below the value, looked for between two of them. */
function codeOf(edges: Float64Array, value: number, from: number, to: number): number {
  let low = from
  let high = to
  while (low < high) {
    const middle = (low + high) >>> 1
    if (edges[middle]! < value) low = middle + 1
    else high = middle
  }
  return low
}
