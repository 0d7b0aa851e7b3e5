import type { Column } from './column.ts'
import { Icon } from './icon.tsx'

interface HeadCellProps<Row> {
  column: Column<Row>
  /** How the rows are ordered by it; undefined where they are not. */
  direction: 'ascending' | 'descending' | undefined
  onSort: () => void
  minWidth?: number
}

/** The head of one column: its name, a button where the rows can be ordered by it. */
export function HeadCell<Row>({ column, direction, onSort, minWidth }: HeadCellProps<Row>) {
  return (
    <th
      scope="col"
      style={{ width: column.width, minWidth }}
      data-align={column.align}
      data-narrow={column.narrow}
      aria-sort={direction}
    >
      {column.sort ? (
        <button type="button" className="k-sort" onClick={onSort}>
          {column.header}
          <Icon name={direction === 'descending' ? 'down' : 'up'} size="tiny" />
        </button>
      ) : column.actions ? (
        <span className="k-hidden">{column.header}</span>
      ) : (
        column.header
      )}
    </th>
  )
}
