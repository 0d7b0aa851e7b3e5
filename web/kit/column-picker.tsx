import { useState } from 'react'
import { useText } from '../i18n/provider.tsx'
import { Button } from './button.tsx'
import { Checkbox, TextInput } from './field.tsx'
import { Popover } from './popover.tsx'

interface PickableColumn {
  id: string
  header: string
  optional?: boolean
  actions?: boolean
}

/** More than these are found by typing. */
const manyColumns = 30

const storageKey = (tableId: string) => `kizuna.columns.${tableId}`

/** The columns that are shown where nothing was chosen. */
export function standardColumns(columns: readonly PickableColumn[]): ReadonlySet<string> {
  return new Set(columns.filter(column => !column.optional).map(column => column.id))
}

/** The columns a person chose for a table in this browser; the standard ones where nothing was chosen. */
export function rememberedColumns(tableId: string, columns: readonly PickableColumn[]): ReadonlySet<string> {
  const stored = localStorage.getItem(storageKey(tableId))
  const chosen = new Set((stored ?? '').split(',').filter(id => columns.some(column => column.id === id)))
  return chosen.size > 0 ? chosen : standardColumns(columns)
}

/** Keeps the choice in this browser. */
export function rememberColumns(tableId: string, shown: ReadonlySet<string>): void {
  localStorage.setItem(storageKey(tableId), [...shown].join(','))
}

interface ColumnPickerProps {
  columns: readonly PickableColumn[]
  shown: ReadonlySet<string>
  onChange: (shown: ReadonlySet<string>) => void
}

/** Which columns a table shows. The first one names the row and stays. */
export function ColumnPicker({ columns, shown, onChange }: ColumnPickerProps) {
  const t = useText()
  const [wanted, setWanted] = useState('')
  const toggle = (id: string) => {
    const next = new Set(shown)
    if (!next.delete(id)) next.add(id)
    onChange(next)
  }
  return (
    <Popover
      label={t('kit.table.columns')}
      align="end"
      trigger={
        <Button size="small" icon="columns">
          {t('kit.table.columns')}
        </Button>
      }
    >
      <div className="k-picker-columns">
        {columns.length > manyColumns && (
          <TextInput
            icon="search"
            aria-label={t('kit.table.columns.find')}
            placeholder={t('kit.table.columns.find')}
            value={wanted}
            onChange={event => setWanted(event.currentTarget.value)}
          />
        )}
        {columns
          .filter(column => !column.actions)
          .map((column, at) => ({ column, isFirst: at === 0 }))
          .filter(({ column }) => column.header.toLowerCase().includes(wanted.trim().toLowerCase()))
          .map(({ column, isFirst }) => (
            <Checkbox
              key={column.id}
              label={column.header}
              checked={shown.has(column.id)}
              disabled={isFirst}
              onChange={() => toggle(column.id)}
            />
          ))}
        <button type="button" className="k-link" onClick={() => onChange(standardColumns(columns))}>
          {t('kit.table.columns.reset')}
        </button>
      </div>
    </Popover>
  )
}
