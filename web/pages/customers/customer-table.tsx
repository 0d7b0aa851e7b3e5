import { useCallback, useEffect, useMemo, useState } from 'react'
import {
  type Customer,
  customerSorts,
  listCustomers,
  summarizeCustomers,
} from '../../../server/customers/accounts/contract/customers.ts'
import { useLongList, useRoute, wordsOf } from '../../api/hooks.ts'
import { useSession } from '../../api/session.tsx'
import { useFilterFields } from '../../features/conditions/fields.ts'
import { FilterLine } from '../../features/conditions/filter-line.tsx'
import { AboutKpi } from '../../features/kpis/about.tsx'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { BulkBar } from '../../kit/bulk-bar.tsx'
import { ColumnPicker, standardColumns } from '../../kit/column-picker.tsx'
import { useDebounced } from '../../kit/debounced.ts'
import { TextInput } from '../../kit/field.tsx'
import { Note } from '../../kit/note.tsx'
import { type Selection, VirtualTable } from '../../kit/virtual-table.tsx'
import { BulkActions } from './bulk-actions.tsx'
import { CellEditor, type Editing } from './cell-editor.tsx'
import { type EditedField, isFurther, useCustomerColumns } from './columns.tsx'
import { type Definition, filterQuery, mayChange } from './definition.ts'
import { EmptyList } from './empty-list.tsx'
import { ExportMenu } from './export-menu.tsx'
import { RowDetail } from './row-detail.tsx'

interface CustomerTableProps {
  /** The conditions of the view are known. */
  ready: boolean
  definition: Definition
  onChange: (changes: Partial<Omit<Definition, 'columns'>> & { columns?: string[] }) => void
  onAdd: (() => void) | undefined
}

const nothing: Selection = { ids: new Set(), all: false }
const pageSize = 200

/** The conditions as a sentence, the rows that match, and what can be done with them. */
export function CustomerTable({ ready, definition, onChange, onAdd }: CustomerTableProps) {
  const t = useText()
  const { member } = useSession()
  const fields = useFilterFields('customer')
  const [selection, setSelection] = useState(nothing)
  const [editing, setEditing] = useState<Editing | null>(null)
  const query = filterQuery(definition)
  const { sort, order } = definition
  const summary = useRoute(summarizeCustomers, { query })
  const writes = member.grants['customers.write']
  const assigns = member.grants['customers.assign']
  const mayEdit = useCallback(
    (field: EditedField, customer: Customer) => mayChange(field === 'owner' ? assigns : writes, customer, member.id),
    [assigns, writes, member.id],
  )
  const edit = useCallback(
    (field: EditedField, customer: Customer, anchor: HTMLElement) => setEditing({ field, customer, anchor }),
    [],
  )
  const further = useMemo(() => fields.filter(({ id }) => isFurther(id)), [fields])
  const columns = useCustomerColumns({ edit, mayEdit, further })
  const shownIds = useMemo(
    () => (definition.columns ? new Set(definition.columns) : standardColumns(columns)),
    [definition.columns, columns],
  )
  const shown = useMemo(() => {
    if (!definition.columns) return columns.filter((column, at) => at === 0 || shownIds.has(column.id))
    // Chosen columns stand in the order in which they were chosen.
    const [name, ...others] = columns
    const byId = new Map(others.map(column => [column.id, column]))
    return [...(name ? [name] : []), ...definition.columns.flatMap(id => byId.get(id) ?? [])]
  }, [columns, shownIds, definition.columns])
  // Before it is known which fields there are, those of the view are asked for as they stand.
  const beside = [...shownIds].filter(
    id => isFurther(id) && (fields.length === 0 || further.some(field => field.id === id)),
  )
  const list = useLongList(listCustomers, {
    query: { ...query, sort, order, limit: pageSize, fields: beside.join(',') || undefined },
  })
  const asked = JSON.stringify(query)
  // biome-ignore lint/correctness/useExhaustiveDependencies: other conditions, other rows: nothing stays chosen
  useEffect(() => setSelection(nothing), [asked])

  const rows = ready ? list.rows : undefined
  const total = summary.data?.count
  const isNarrowed = definition.filter.length > 0 || definition.search !== '' || definition.mine !== 'any'
  const chosen = selection.all ? (total ?? 0) : selection.ids.size
  return (
    <>
      <div className="c-filters">
        <FilterLine
          frame="record.filter.customers"
          fields={fields}
          conditions={definition.filter}
          onChange={filter => onChange({ filter })}
          mine={{
            value: definition.mine === 'any' ? undefined : definition.mine,
            onChange: mine => onChange({ mine: mine ?? 'any' }),
          }}
        />
        <Totals query={query} />
        <span className="c-tools">
          <Search text={definition.search} onChange={search => onChange({ search })} />
          <ColumnPicker columns={columns} shown={shownIds} onChange={next => onChange({ columns: [...next] })} />
          <ExportMenu query={query} sort={sort} order={order} columns={shown.map(column => column.id)} />
        </span>
      </div>
      {list.problem && (
        <div className="c-note">
          <Note tone="red" alert>
            <strong>{t('kit.table.failed')}</strong> {wordsOf(list.problem, t)}{' '}
            <button type="button" className="k-link" onClick={list.retry}>
              {t('kit.table.retry')}
            </button>
          </Note>
        </div>
      )}
      {rows?.length === 0 ? (
        <EmptyList
          isNarrowed={isNarrowed}
          onClear={() => onChange({ filter: [], search: '', mine: 'any' })}
          onAdd={onAdd}
        />
      ) : (
        (rows || !list.problem) && (
          <VirtualTable
            label={t('customers.title')}
            columns={shown}
            rows={rows}
            rowId={row => row.id}
            rowName={row => row.name}
            total={total}
            more={list.more}
            sort={{ column: sort, descending: order === 'desc' }}
            onSort={next => {
              const column = customerSorts.find(each => each === next.column)
              if (column) onChange({ sort: column, order: next.descending ? 'desc' : 'asc' })
            }}
            selection={writes || assigns ? selection : undefined}
            onSelect={setSelection}
            detail={row => <RowDetail customer={row} />}
          />
        )
      )}
      <ListFoot loaded={rows?.length} total={total} />
      {chosen > 0 && (
        <BulkBar
          floating
          text={t('customers.selected', { count: chosen })}
          aside={
            !selection.all &&
            total !== undefined &&
            total > chosen && (
              <button type="button" className="k-link" onClick={() => setSelection({ ids: new Set(), all: true })}>
                {t('customers.selectAll', { count: total })}
              </button>
            )
          }
          onClear={() => setSelection(nothing)}
        >
          <BulkActions
            selection={selection}
            count={chosen}
            query={query}
            rows={rows ?? []}
            onDone={() => setSelection(nothing)}
          />
        </BulkBar>
      )}
      {editing && <CellEditor editing={editing} onClose={() => setEditing(null)} />}
    </>
  )
}

function ListFoot({ loaded, total }: { loaded: number | undefined; total: number | undefined }) {
  const t = useText()
  if (!loaded) return null
  return (
    <div className="c-foot">
      <span role="status">
        {total === undefined
          ? t('kit.table.shownOnly', { shown: loaded })
          : t('customers.loaded', { shown: loaded, total })}
      </span>
    </div>
  )
}

function Totals({ query }: { query: ReturnType<typeof filterQuery> }) {
  const t = useText()
  const format = useFormat()
  const { data } = useRoute(summarizeCustomers, { query })
  if (!data) return null
  const revenue = data.revenue.filter(each => each.arr > 0).map(each => format.shortMoney(each.arr, each.currency))
  return (
    <span className="c-totals" role="status">
      {t('customers.count', { count: data.count })}
      {revenue.length > 0 && ` · ARR ${revenue.join(' + ')}`}
      {revenue.length > 0 && <AboutKpi kpi="arr" name="ARR" />}
    </span>
  )
}

function Search({ text, onChange }: { text: string; onChange: (text: string) => void }) {
  const t = useText()
  const [typed, setTyped] = useState(text)
  const settled = useDebounced(typed)
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what was typed changes the address
  useEffect(() => {
    if (settled !== text) onChange(settled)
  }, [settled])
  // biome-ignore lint/correctness/useExhaustiveDependencies: only another address changes what stands in the field
  useEffect(() => {
    if (text !== settled) setTyped(text)
  }, [text])
  return (
    <span className="c-search">
      <TextInput
        type="search"
        icon="search"
        aria-label={t('customers.search')}
        placeholder={t('customers.search')}
        maxLength={200}
        value={typed}
        onChange={event => setTyped(event.currentTarget.value)}
      />
    </span>
  )
}
