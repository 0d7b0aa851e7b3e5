import { useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useMemo, useState } from 'react'
import type { Comparison } from '../../../server/catalog/conditions/contract.ts'
import { contactSorts, exportContacts, listContacts } from '../../../server/customers/contacts/contract.ts'
import { addressOf } from '../../api/client.ts'
import { useLongList, wordsOf } from '../../api/hooks.ts'
import { useMay } from '../../api/session.tsx'
import { isWhole, useFilterFields } from '../../features/conditions/fields.ts'
import { FilterLine } from '../../features/conditions/filter-line.tsx'
import { useContactColumns } from '../../features/record/contact-columns.tsx'
import { ContactDialog } from '../../features/record/contact-dialog.tsx'
import { Screen } from '../../frame/screen.tsx'
import { useText } from '../../i18n/provider.tsx'
import { Button } from '../../kit/button.tsx'
import { ColumnPicker, rememberColumns, rememberedColumns } from '../../kit/column-picker.tsx'
import { useDebounced } from '../../kit/debounced.ts'
import { EmptyState } from '../../kit/empty-state.tsx'
import { TextInput } from '../../kit/field.tsx'
import { Menu, MenuItem } from '../../kit/menu.tsx'
import { Note } from '../../kit/note.tsx'
import { VirtualTable } from '../../kit/virtual-table.tsx'
import '../customers/customers.css'
import type { ContactsSearch } from './search.ts'

const none: readonly Comparison[] = []
const tableId = 'contacts'

/** Everybody at the customers, and those who belong to none yet. */
export function ContactsPage() {
  const t = useText()
  const mayWrite = useMay('customers.write')
  const navigate = useNavigate({ from: '/contacts' })
  const [adding, setAdding] = useState(false)
  return (
    <Screen
      title={t('contacts.title')}
      actions={
        mayWrite && (
          <Button kind="primary" size="small" icon="plus" onClick={() => setAdding(true)}>
            {t('record.contact.add')}
          </Button>
        )
      }
    >
      <div className="c-screen">
        <ContactTable onAdd={mayWrite ? () => setAdding(true) : undefined} />
      </div>
      {adding && (
        <ContactDialog
          onClose={() => setAdding(false)}
          onCreated={id => void navigate({ to: '/contacts/$id', params: { id } })}
        />
      )}
    </Screen>
  )
}

function ContactTable({ onAdd }: { onAdd: (() => void) | undefined }) {
  const t = useText()
  const search = useSearch({ from: '/workspace/contacts' })
  const navigate = useNavigate({ from: '/contacts' })
  const mayExport = useMay('customers.export')
  const fields = useFilterFields('contact')
  const columns = useContactColumns({})
  const [shownIds, setShownIds] = useState<ReadonlySet<string> | null>(null)
  const conditions = search.filter ?? none
  const sort = contactSorts.find(each => each === search.sort) ?? 'name'
  const order = search.order ?? 'asc'
  const whole = conditions.filter(isWhole)
  const query = {
    search: search.search?.trim() || undefined,
    filter: whole.length > 0 ? JSON.stringify({ all: whole }) : undefined,
  }
  const list = useLongList(listContacts, { query: { ...query, sort, order, limit: 200 } })
  const ids = useMemo(() => shownIds ?? rememberedColumns(tableId, columns), [shownIds, columns])
  const shown = useMemo(() => columns.filter((column, at) => at === 0 || ids.has(column.id)), [columns, ids])
  const show = (changes: ContactsSearch) =>
    void navigate({ search: { ...search, ...changes }, replace: true, resetScroll: false })
  const isNarrowed = conditions.length > 0 || query.search !== undefined
  const save = (format: 'csv' | 'xlsx') => {
    const names = shown.map(column => column.id).join(',')
    location.assign(addressOf(exportContacts, { query: { ...query, sort, order, format, columns: names } }))
  }
  const loaded = list.rows?.length ?? 0
  return (
    <>
      <div className="c-filters">
        <FilterLine
          frame="record.filter.contacts"
          fields={fields}
          conditions={conditions}
          onChange={filter => show({ filter: filter.length > 0 ? filter : undefined })}
        />
        <span className="c-tools">
          <Search text={search.search ?? ''} onChange={text => show({ search: text || undefined })} />
          <ColumnPicker
            columns={columns}
            shown={ids}
            onChange={next => {
              rememberColumns(tableId, next)
              setShownIds(next)
            }}
          />
          {mayExport && (
            <Menu
              trigger={
                <Button size="small" icon="download">
                  {t('customers.export')}
                </Button>
              }
            >
              <MenuItem onSelect={() => save('csv')}>{t('customers.export.csv')}</MenuItem>
              <MenuItem onSelect={() => save('xlsx')}>{t('customers.export.xlsx')}</MenuItem>
            </Menu>
          )}
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
      {list.rows?.length === 0 ? (
        <div className="c-empty">
          {isNarrowed ? (
            <EmptyState
              title={t('record.contact.none')}
              text={t('customers.noneText')}
              actions={
                <Button onClick={() => show({ filter: undefined, search: undefined })}>{t('customers.clear')}</Button>
              }
            />
          ) : (
            <EmptyState
              title={t('contacts.empty')}
              text={t('contacts.emptyText')}
              actions={
                onAdd && (
                  <Button kind="primary" onClick={onAdd}>
                    {t('record.contact.add')}
                  </Button>
                )
              }
            />
          )}
        </div>
      ) : (
        (list.rows || !list.problem) && (
          <VirtualTable
            label={t('contacts.title')}
            columns={shown}
            rows={list.rows}
            rowId={row => row.id}
            rowName={row => row.name}
            total={list.more ? undefined : loaded}
            more={list.more}
            sort={{ column: sort, descending: order === 'desc' }}
            onSort={next => show({ sort: next.column, order: next.descending ? 'desc' : 'asc' })}
          />
        )
      )}
      {loaded > 0 && (
        <div className="c-foot">
          <span role="status">{t(list.more ? 'contacts.loadedMore' : 'contacts.loaded', { count: loaded })}</span>
        </div>
      )}
    </>
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
  return (
    <span className="c-search">
      <TextInput
        type="search"
        icon="search"
        aria-label={t('contacts.search')}
        placeholder={t('contacts.search')}
        maxLength={200}
        value={typed}
        onChange={event => setTyped(event.currentTarget.value)}
      />
    </span>
  )
}
