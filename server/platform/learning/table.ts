/** One column of a table: numbers (NaN is missing) or categories (code -1 is missing). */
export type Column =
  | { name: string; kind: 'number'; values: Float64Array }
  | { name: string; kind: 'category'; codes: Int32Array; levels: readonly string[] }

/** Columns of equal length. What a row stands for, learning does not know. */
export interface Table {
  rows: number
  columns: readonly Column[]
}

/** The named rows of a table, in that order. */
export function pickRows(table: Table, rows: Int32Array): Table {
  const columns = table.columns.map((column): Column => {
    if (column.kind === 'number') return { ...column, values: picked(column.values, rows, Float64Array) }
    return { ...column, codes: picked(column.codes, rows, Int32Array) }
  })
  return { rows: rows.length, columns }
}

/** The named elements of a typed array, in that order. */
export function picked<Values extends Float64Array | Int32Array | Uint8Array>(
  values: Values,
  rows: Int32Array,
  make: new (length: number) => Values,
): Values {
  const result = new make(rows.length)
  for (let place = 0; place < rows.length; place++) result[place] = values[rows[place]!]!
  return result
}
