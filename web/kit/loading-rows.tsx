const loadingRows = 8

interface LoadingRowsProps {
  columns: readonly { id: string; align?: 'end'; narrow?: 'hide' }[]
  /** Cells before the columns: tick, details. */
  leading: number
}

/** The shape of a table's rows that are on their way. */
export function LoadingRows({ columns, leading }: LoadingRowsProps) {
  return Array.from({ length: loadingRows }, (_, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: rows without content have no other identity
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: a row takes no focus; the status beside the table tells of it
    <tr key={at} aria-hidden="true">
      {Array.from({ length: leading }, (_, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: as above
        <td key={place}>
          <span className="k-skeleton" style={{ width: 16 }} />
        </td>
      ))}
      {columns.map(column => (
        <td key={column.id} data-narrow={column.narrow}>
          <span
            className="k-skeleton"
            style={{ width: column.align ? '56%' : `${48 + ((at * 17) % 36)}%`, marginLeft: column.align ? 'auto' : 0 }}
          />
        </td>
      ))}
    </tr>
  ))
}
