import {
  type ColumnDef,
  columnVisibilityFeature,
  createSortedRowModel,
  rowExpandingFeature,
  rowSelectionFeature,
  rowSortingFeature,
  type SortingState,
  tableFeatures,
  useTable,
} from '@tanstack/react-table'
import { Fragment, type ReactNode, useMemo, useState } from 'react'
import { useFormat, useText } from '../i18n/provider.tsx'
import { BulkBar } from './bulk-bar.tsx'
import { Button, IconButton } from './button.tsx'
import type { Column, Sort } from './column.ts'
import { ColumnPicker, rememberColumns, rememberedColumns } from './column-picker.tsx'
import { Tick } from './field.tsx'
import { HeadCell } from './head-cell.tsx'
import { LoadingRows } from './loading-rows.tsx'
import { Note } from './note.tsx'
import { useOverflow } from './overflow.ts'

export type { Column } from './column.ts'

interface DataTableProps<Row> {
  /** Unique in the product: the person's choice of columns is remembered under it. */
  id: string
  /** What the rows are, for screen readers. */
  label: string
  columns: readonly Column<Row>[]
  /** undefined while the first page is on its way. */
  rows: readonly Row[] | undefined
  rowId: (row: Row) => string
  /** Name of a row, for its checkbox and its details button. */
  rowName: (row: Row) => string
  sort?: Sort
  /** The server sorts: the table only says what is wanted. */
  onSort?: (sort: Sort) => void
  /** Actions for the ticked rows; makes the rows selectable. */
  bulk?: (ids: readonly string[], clear: () => void) => ReactNode
  /** Details under a row. */
  detail?: (row: Row) => ReactNode
  /** In place of the rows when there are none. */
  empty: ReactNode
  problem?: { text: string; retry: () => void }
  /** There is a further page. */
  more?: { load: () => void; pending: boolean }
  /** All rows that match, where the server counted them. */
  total?: number
  /** A short list whose columns are not chosen. */
  fixed?: boolean
  /** Filters and the like, on the line of the column picker. */
  tools?: ReactNode
}

const features = tableFeatures({
  columnVisibilityFeature,
  rowExpandingFeature,
  rowSelectionFeature,
  rowSortingFeature,
  sortedRowModel: createSortedRowModel(),
})
const noRows: never[] = []
/** Pixels that a clipped text keeps before the table scrolls instead. */
const clipMinimum = 140

/** A list of records: sort, columns to choose, selection with actions, details under a row, further pages by cursor. */
export function DataTable<Row extends object>(props: DataTableProps<Row>) {
  const { id, label, columns, rows, rowId, rowName, bulk, detail, problem, more, total } = props
  const t = useText()
  const format = useFormat()
  const scroll = useOverflow()
  const [shownIds, setShownIds] = useState(() => rememberedColumns(id, columns))
  const [sorting, setSorting] = useState<SortingState>(
    props.sort ? [{ id: props.sort.column, desc: props.sort.descending }] : [],
  )
  const definitions = useMemo(() => {
    const order = (left: unknown, right: unknown) => {
      if (left === null || right === null) return left === right ? 0 : left === null ? -1 : 1
      return typeof left === 'number' && typeof right === 'number'
        ? left - right
        : format.compare(String(left), String(right))
    }
    return columns.map(
      (column): ColumnDef<typeof features, Row> => ({
        id: column.id,
        accessorFn: row => (typeof column.sort === 'function' ? column.sort(row) : null),
        enableSorting: column.sort !== undefined,
        sortDescFirst: column.align === 'end',
        sortFn: (one, other, key) => order(one.getValue(key), other.getValue(key)),
      }),
    )
  }, [columns, format])

  const table = useTable({
    features,
    columns: definitions,
    data: rows ?? noRows,
    getRowId: rowId,
    manualSorting: props.onSort !== undefined,
    enableSortingRemoval: false,
    enableRowSelection: bulk !== undefined,
    getRowCanExpand: () => detail !== undefined,
    state: {
      sorting,
      columnVisibility: Object.fromEntries(columns.map(column => [column.id, shownIds.has(column.id)])),
    },
    onSortingChange: update => {
      const next = typeof update === 'function' ? update(sorting) : update
      setSorting(next)
      const [first] = next
      if (first) props.onSort?.({ column: first.id, descending: first.desc })
    },
  })
  const shown = columns.filter(column => shownIds.has(column.id))
  const body = table.getRowModel().rows
  const selected = table.getSelectedRowModel().rows
  const span = shown.length + (bulk ? 1 : 0) + (detail ? 1 : 0)
  const sorted = sorting[0]
  const isEmpty = rows !== undefined && rows.length === 0 && !problem

  return (
    <div>
      <div className="k-table-tools" hidden={props.fixed && !props.tools}>
        {props.tools}
        {!props.fixed && (
          <ColumnPicker
            columns={columns}
            shown={shownIds}
            onChange={next => {
              rememberColumns(id, next)
              setShownIds(next)
            }}
          />
        )}
      </div>
      {problem && (
        <Note tone="red" alert>
          <strong>{t('kit.table.failed')}</strong> {problem.text}{' '}
          <button type="button" className="k-link" onClick={problem.retry}>
            {t('kit.table.retry')}
          </button>
        </Note>
      )}
      {isEmpty && props.empty}
      {!isEmpty && (rows !== undefined || !problem) && (
        <section
          className="k-table-scroll"
          ref={scroll.ref}
          data-overflowing={scroll.overflowing || undefined}
          aria-label={label}
          tabIndex={scroll.overflowing ? 0 : undefined}
        >
          <table className="k-table" aria-label={label} aria-busy={rows === undefined && !problem}>
            <thead>
              <tr>
                {bulk && (
                  <th className="k-cell-tick" scope="col">
                    <Tick
                      aria-label={t('kit.table.selectAll')}
                      checked={body.length > 0 && table.getIsAllRowsSelected()}
                      mixed={selected.length > 0 && !table.getIsAllRowsSelected()}
                      onChange={table.getToggleAllRowsSelectedHandler()}
                    />
                  </th>
                )}
                {detail && (
                  <th className="k-cell-expand" scope="col">
                    <span className="k-hidden">{t('kit.table.expandHead')}</span>
                  </th>
                )}
                {shown.map(column => (
                  <HeadCell
                    key={column.id}
                    column={column}
                    direction={sorted?.id === column.id ? (sorted.desc ? 'descending' : 'ascending') : undefined}
                    minWidth={column.clip ? clipMinimum : undefined}
                    onSort={() => table.getColumn(column.id)?.toggleSorting()}
                  />
                ))}
              </tr>
            </thead>
            <tbody>
              {rows === undefined && !problem && <LoadingRows columns={shown} leading={span - shown.length} />}
              {body.map(row => (
                <Fragment key={row.id}>
                  <tr
                    data-row
                    data-expanded={row.getIsExpanded() || undefined}
                    aria-selected={row.getIsSelected() || undefined}
                  >
                    {bulk && (
                      <td className="k-cell-tick">
                        <Tick
                          aria-label={t('kit.table.select', { name: rowName(row.original) })}
                          checked={row.getIsSelected()}
                          onChange={row.getToggleSelectedHandler()}
                        />
                      </td>
                    )}
                    {detail && (
                      <td className="k-cell-expand">
                        <IconButton
                          icon={row.getIsExpanded() ? 'chevron-down' : 'chevron-right'}
                          label={t('kit.table.expand', { name: rowName(row.original) })}
                          aria-expanded={row.getIsExpanded()}
                          onClick={row.getToggleExpandedHandler()}
                        />
                      </td>
                    )}
                    {shown.map(column => (
                      <td
                        key={column.id}
                        data-align={column.align}
                        data-clip={column.clip || undefined}
                        data-narrow={column.narrow}
                      >
                        {column.cell(row.original)}
                      </td>
                    ))}
                  </tr>
                  {detail && row.getIsExpanded() && (
                    <tr data-detail>
                      <td colSpan={span}>{detail(row.original)}</td>
                    </tr>
                  )}
                </Fragment>
              ))}
            </tbody>
          </table>
        </section>
      )}
      {rows === undefined && !problem && (
        <span className="k-hidden" role="status">
          {t('kit.table.loading')}
        </span>
      )}
      {rows !== undefined && rows.length > 0 && (
        <div className="k-table-foot">
          <span role="status">
            {total === undefined
              ? t('kit.table.shownOnly', { shown: rows.length })
              : t('kit.table.shown', { shown: rows.length, total })}
          </span>
          {more && (
            <Button size="small" pending={more.pending} onClick={more.load}>
              {t('kit.table.more')}
            </Button>
          )}
        </div>
      )}
      {bulk && selected.length > 0 && (
        <BulkBar
          text={t('kit.table.selected', { count: selected.length })}
          onClear={() => table.resetRowSelection(true)}
        >
          {bulk(
            selected.map(row => row.id),
            () => table.resetRowSelection(true),
          )}
        </BulkBar>
      )}
    </div>
  )
}
