import { useState } from 'react'
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

interface ContactSelectProps {
  value: Chosen
  onChange: (contact: Chosen) => void
  /** One that cannot be chosen: the person itself. */
  without?: string
}

const shown = 12

/** A choice of one among all people, found by the server while the name is typed. */
export function ContactSelect({ value, onChange, without }: ContactSelectProps) {
  const t = useText()
  const { required: _, name: __, ...wiring } = useWiring()
  const [open, setOpen] = useState(false)
  const [typed, setTyped] = useState('')
  const search = useDebounced(typed.trim())
  const found = useRouteWhen(open, listContacts, { query: { search: search || undefined, limit: shown } })
  const choose = (contact: Chosen) => {
    onChange(contact)
    setOpen(false)
  }
  return (
    <Popover
      label={t('record.contact.find')}
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
          aria-label={t('record.contact.find')}
          placeholder={t('record.contact.find')}
          value={typed}
          onChange={event => setTyped(event.currentTarget.value)}
          onKeyDown={event => {
            if (event.key === 'Enter') event.preventDefault()
          }}
        />
        <ul>
          {found.data?.items
            .filter(contact => contact.id !== without)
            .map(contact => (
              <li key={contact.id}>
                <button
                  type="button"
                  className="k-menu-item"
                  onClick={() => choose({ id: contact.id, name: contact.name })}
                >
                  <span>{contact.name}</span>
                </button>
              </li>
            ))}
        </ul>
        {found.data?.items.length === 0 && <p className="text-t3">{t('record.contact.none')}</p>}
        {value.id && (
          <Button size="small" kind="quiet" onClick={() => choose({ id: '', name: '' })}>
            {t('record.contact.noOne')}
          </Button>
        )}
      </div>
    </Popover>
  )
}
