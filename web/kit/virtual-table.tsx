import { useVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { useText } from '../i18n/provider.tsx'
import { IconButton } from './button.tsx'
import type { Column, Sort } from './column.ts'
import { Tick } from './field.tsx'
import { HeadCell } from './head-cell.tsx'
import { LoadingRows } from './loading-rows.tsx'

export interface Selection {
  ids: ReadonlySet<string>
  /** Every row that matches is chosen, loaded or not; the ids then say nothing. */
  all: boolean
}

interface VirtualTableProps<Row> {
  /** What the rows are, for screen readers. */
  label: string
  /** The columns that are shown. One without a width takes what is left. */
  columns: readonly Column<Row>[]
  /** The rows that are loaded; undefined while the first ones are on their way. */
  rows: readonly Row[] | undefined
  rowId: (row: Row) => string
  rowName: (row: Row) => string
  /** All rows that match, loaded or not. */
  total: number | undefined
  /** Further rows; asked for while the reader comes near the end of those that are there. */
  more: { load: () => void; pending: boolean } | undefined
  sort: Sort
  onSort: (sort: Sort) => void
  selection?: Selection
  onSelect?: (selection: Selection) => void
  /** Details under a row. */
  detail?: (row: Row) => ReactNode
}

/** Rows before the end of the loaded ones at which the next page is asked for. */
const ahead = 40
/** Pixels that a column without a width keeps. */
const flexibleWidth = 180
const tickWidth = 32
const expandWidth = 28

/**
 * A table of up to hundreds of thousands of rows in a place of its own height: only the rows in sight are in the page.
 * The server sorts and counts. The place scrolls; its height comes from the page around it.
 */
export function VirtualTable<Row extends object>(props: VirtualTableProps<Row>) {
  const { label, rows, rowId, rowName, total, more, sort, onSort, onSelect } = props
  const isNarrow = useNarrow()
  // On a phone there is room for what the rows say, not for choosing many or unfolding one.
  const columns = isNarrow ? props.columns.filter(column => column.narrow !== 'hide') : props.columns
  const selection = isNarrow ? undefined : props.selection
  const detail = isNarrow ? undefined : props.detail
  const t = useText()
  const place = useRef<HTMLElement>(null)
  const [expanded, setExpanded] = useState<ReadonlySet<string>>(new Set())
  const rowHeight = useRowHeight()
  const virtual = useVirtualizer({
    count: rows?.length ?? 0,
    getScrollElement: () => place.current,
    estimateSize: () => rowHeight,
    getItemKey: at => (rows?.[at] ? rowId(rows[at]) : at),
    overscan: 12,
  })
  const items = virtual.getVirtualItems()
  const last = items.at(-1)?.index ?? 0
  const before = items[0]?.start ?? 0
  const after = virtual.getTotalSize() - (items.at(-1)?.end ?? 0)

  useEffect(() => {
    if (more && !more.pending && rows && last >= rows.length - ahead) more.load()
  }, [more, rows, last])

  const leading = (selection ? 1 : 0) + (detail ? 1 : 0)
  const span = columns.length + leading
  const isChosen = (id: string) => selection !== undefined && (selection.all || selection.ids.has(id))
  const toggle = (id: string) => {
    if (!selection || !onSelect) return
    // Taking one away from "all that match" leaves the loaded ones.
    const next = new Set(selection.all ? (rows ?? []).map(rowId) : selection.ids)
    if (!next.delete(id)) next.add(id)
    onSelect({ ids: next, all: false })
  }
  const loadedChosen =
    selection?.all || (rows !== undefined && rows.length > 0 && rows.every(row => isChosen(rowId(row))))
  const expand = (id: string) => {
    const next = new Set(expanded)
    if (!next.delete(id)) next.add(id)
    setExpanded(next)
  }
  const resort = (column: Column<Row>) => {
    const first = column.align === 'end'
    onSort({ column: column.id, descending: sort.column === column.id ? !sort.descending : first })
  }
  const minWidth =
    columns.reduce((sum, column) => sum + (column.width ?? flexibleWidth), 0) +
    (selection ? tickWidth : 0) +
    (detail ? expandWidth : 0)

  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className="k-table-place" ref={place} aria-label={label} tabIndex={0}>
      <table
        className="k-table"
        data-fixed
        style={{ '--table-min': `${minWidth}px` } as React.CSSProperties}
        aria-label={label}
        aria-busy={rows === undefined}
        aria-rowcount={total === undefined ? -1 : total + 1}
      >
        <thead>
          <tr aria-rowindex={1}>
            {selection && onSelect && (
              <th className="k-cell-tick" scope="col">
                <Tick
                  aria-label={t('kit.table.selectAll')}
                  checked={loadedChosen}
                  mixed={!loadedChosen && selection.ids.size > 0}
                  onChange={() =>
                    onSelect({ ids: loadedChosen ? new Set() : new Set((rows ?? []).map(rowId)), all: false })
                  }
                />
              </th>
            )}
            {detail && (
              <th className="k-cell-expand" scope="col">
                <span className="k-hidden">{t('kit.table.expandHead')}</span>
              </th>
            )}
            {columns.map(column => (
              <HeadCell
                key={column.id}
                column={column}
                direction={sort.column === column.id ? (sort.descending ? 'descending' : 'ascending') : undefined}
                onSort={() => resort(column)}
              />
            ))}
          </tr>
        </thead>
        {rows === undefined && (
          <tbody>
            <LoadingRows columns={columns} leading={leading} />
          </tbody>
        )}
        {before > 0 && <Space height={before} span={span} />}
        {items.map(item => {
          const row = rows?.[item.index]
          if (!row) return null
          const id = rowId(row)
          return (
            <tbody key={item.key} data-index={item.index} ref={virtual.measureElement}>
              <tr
                data-row
                data-expanded={expanded.has(id) || undefined}
                aria-rowindex={item.index + 2}
                aria-selected={isChosen(id) || undefined}
              >
                {selection && (
                  <td className="k-cell-tick">
                    <Tick
                      aria-label={t('kit.table.select', { name: rowName(row) })}
                      checked={isChosen(id)}
                      onChange={() => toggle(id)}
                    />
                  </td>
                )}
                {detail && (
                  <td className="k-cell-expand">
                    <IconButton
                      icon={expanded.has(id) ? 'chevron-down' : 'chevron-right'}
                      label={t('kit.table.expand', { name: rowName(row) })}
                      aria-expanded={expanded.has(id)}
                      onClick={() => expand(id)}
                    />
                  </td>
                )}
                {columns.map(column => (
                  <td
                    key={column.id}
                    data-align={column.align}
                    data-clip={column.clip || undefined}
                    data-narrow={column.narrow}
                  >
                    {column.cell(row)}
                  </td>
                ))}
              </tr>
              {detail && expanded.has(id) && (
                <tr data-detail>
                  <td colSpan={span}>{detail(row)}</td>
                </tr>
              )}
            </tbody>
          )
        })}
        {after > 0 && <Space height={after} span={span} />}
      </table>
      {(rows === undefined || more?.pending) && (
        <span className="k-hidden" role="status">
          {t('kit.table.loading')}
        </span>
      )}
    </section>
  )
}

/** Stands for the rows out of sight. */
function Space({ height, span }: { height: number; span: number }) {
  return (
    <tbody aria-hidden="true">
      <tr>
        <td className="k-cell-space" colSpan={span} style={{ height }} />
      </tr>
    </tbody>
  )
}

const narrow = matchMedia('(max-width: 760px)')

function onNarrowChange(listener: () => void) {
  narrow.addEventListener('change', listener)
  return () => narrow.removeEventListener('change', listener)
}

/** Whether the window is a phone's, by the width at which the styles change. */
function useNarrow(): boolean {
  return useSyncExternalStore(onNarrowChange, () => narrow.matches)
}

/** The height of a row in pixels, as the density has it when the table opens; rows are measured afterwards. */
function useRowHeight(): number {
  const [height] = useState(() =>
    Number.parseFloat(getComputedStyle(document.documentElement).getPropertyValue('--row')),
  )
  return height || 40
}
