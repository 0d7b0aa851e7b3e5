import { useState } from 'react'
import { listCustomers } from '../../../server/customers/accounts/contract/customers.ts'
import { listContacts } from '../../../server/customers/contacts/contract.ts'
import { useRouteWhen } from '../../api/hooks.ts'
import { useText } from '../../i18n/provider.tsx'
import { Button } from '../../kit/button.tsx'
import { useDebounced } from '../../kit/debounced.ts'
import { TextInput, useWiring } from '../../kit/field.tsx'
import { Icon } from '../../kit/icon.tsx'
import { Popover } from '../../kit/popover.tsx'

interface Chosen {
  id: string
  name: string
}

interface SelectProps {
  value: Chosen
  onChange: (record: Chosen) => void
  /** One that cannot be chosen: the record itself. */
  without?: string
}

interface RecordSelectProps extends SelectProps {
  words: { find: string; none: string; clear: string }
  /** Those whose name holds what was typed, asked for while `open`. */
  useFound: (open: boolean, search: string) => readonly Chosen[] | undefined
}

const shown = 12

const queryOf = (search: string) => ({ query: { search: search || undefined, limit: shown } })
const useCustomers = (open: boolean, search: string) => useRouteWhen(open, listCustomers, queryOf(search)).data?.items
const useContacts = (open: boolean, search: string) => useRouteWhen(open, listContacts, queryOf(search)).data?.items

/** A choice of one among all customers. */
export function CustomerSelect(props: SelectProps) {
  const t = useText()
  const words = { find: t('customers.findCustomer'), none: t('customers.none'), clear: t('customers.noParent') }
  return <RecordSelect {...props} words={words} useFound={useCustomers} />
}

/** A choice of one among all people. */
export function ContactSelect(props: SelectProps) {
  const t = useText()
  const words = { find: t('record.contact.find'), none: t('record.contact.none'), clear: t('record.contact.noOne') }
  return <RecordSelect {...props} words={words} useFound={useContacts} />
}

/** A choice of one record, found by the server while the name is typed. */
function RecordSelect({ value, onChange, without, words, useFound }: RecordSelectProps) {
  const t = useText()
  const { required: _, name: __, ...wiring } = useWiring()
  const [open, setOpen] = useState(false)
  const [typed, setTyped] = useState('')
  const search = useDebounced(typed.trim())
  const found = useFound(open, search)
  const choose = (record: Chosen) => {
    onChange(record)
    setOpen(false)
  }
  return (
    <Popover
      label={words.find}
      open={open}
      onOpenChange={setOpen}
      trigger={
        <button type="button" className="k-input k-search-select" {...wiring}>
          <span className="truncate">{value.name || t('kit.select.none')}</span>
          <Icon name="chevron-down" />
        </button>
      }
    >
      <div className="grid gap-3">
        <TextInput
          icon="search"
          aria-label={words.find}
          placeholder={words.find}
          value={typed}
          onChange={event => setTyped(event.currentTarget.value)}
          onKeyDown={event => {
            if (event.key === 'Enter') event.preventDefault()
          }}
        />
        <ul>
          {found
            ?.filter(record => record.id !== without)
            .map(record => (
              <li key={record.id}>
                <button
                  type="button"
                  className="k-menu-item"
                  onClick={() => choose({ id: record.id, name: record.name })}
                >
                  <span>{record.name}</span>
                </button>
              </li>
            ))}
        </ul>
        {found?.length === 0 && <p className="text-t3">{words.none}</p>}
        {value.id && (
          <Button size="small" kind="quiet" onClick={() => choose({ id: '', name: '' })}>
            {words.clear}
          </Button>
        )}
      </div>
    </Popover>
  )
}
