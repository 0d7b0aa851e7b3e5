import type { ReactNode } from 'react'

/** A column of a table of records. */
export interface Column<Row> {
  id: string
  header: string
  cell: (row: Row) => ReactNode
  /** Buttons for one row: the header is read out but not shown, and the column cannot be left out. */
  actions?: boolean
  /** What the rows are ordered by; a column without it is not sortable. With `onSort` the server orders instead. */
  sort?: ((row: Row) => string | number | null) | 'server'
  align?: 'end'
  /** Width in pixels; columns with `clip` share what is left. */
  width?: number
  /** Long text ends in an ellipsis; give the cell a title with the whole of it. */
  clip?: boolean
  /** Not shown until the person picks it. */
  optional?: boolean
  /** Left out below 760 px. */
  narrow?: 'hide'
}

export interface Sort {
  column: string
  descending: boolean
}
