import { useState } from 'react'
import { listCustomers } from '../../../server/customers/accounts/contract/customers.ts'
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

interface CustomerSelectProps {
  value: Chosen
  onChange: (customer: Chosen) => void
  /** One that cannot be chosen: the customer itself. */
  without?: string
}

const shown = 12

/** A choice of one among all customers, found by the server while the name is typed. */
export function CustomerSelect({ value, onChange, without }: CustomerSelectProps) {
  const t = useText()
  const { required: _, name: __, ...wiring } = useWiring()
  const [open, setOpen] = useState(false)
  const [typed, setTyped] = useState('')
  const search = useDebounced(typed.trim())
  const found = useRouteWhen(open, listCustomers, { query: { search: search || undefined, limit: shown } })
  const choose = (customer: Chosen) => {
    onChange(customer)
    setOpen(false)
  }
  return (
    <Popover
      label={t('customers.findCustomer')}
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
          aria-label={t('customers.findCustomer')}
          placeholder={t('customers.findCustomer')}
          value={typed}
          onChange={event => setTyped(event.currentTarget.value)}
          onKeyDown={event => {
            if (event.key === 'Enter') event.preventDefault()
          }}
        />
        <ul>
          {found.data?.items
            .filter(customer => customer.id !== without)
            .map(customer => (
              <li key={customer.id}>
                <button
                  type="button"
                  className="k-menu-item"
                  onClick={() => choose({ id: customer.id, name: customer.name })}
                >
                  <span>{customer.name}</span>
                </button>
              </li>
            ))}
        </ul>
        {found.data?.items.length === 0 && <p className="text-t3">{t('customers.none')}</p>}
        {value.id && (
          <Button size="small" kind="quiet" onClick={() => choose({ id: '', name: '' })}>
            {t('customers.noParent')}
          </Button>
        )}
      </div>
    </Popover>
  )
}
