import { useState } from 'react'

interface Row<T> {
  /** Stays when rows above it go. */
  place: number
  value: T
}

export interface Rows<T> {
  rows: readonly Row<T>[]
  add: (value: T) => void
  remove: (place: number) => void
}

/** A list of rows of fields that can be added to and taken from; what is typed stays in the fields. */
export function useRows<T>(values: readonly T[]): Rows<T> {
  const [rows, setRows] = useState<Row<T>[]>(() => values.map((value, place) => ({ place, value })))
  return {
    rows,
    add: value => setRows([...rows, { place: Math.max(-1, ...rows.map(({ place }) => place)) + 1, value }]),
    remove: place => setRows(rows.filter(row => row.place !== place)),
  }
}
