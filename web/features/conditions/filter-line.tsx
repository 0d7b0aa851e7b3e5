import { Fragment, useRef, useState } from 'react'
import type { Comparison } from '../../../server/catalog/conditions/contract.ts'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { Button, IconButton } from '../../kit/button.tsx'
import { Icon } from '../../kit/icon.tsx'
import { Menu, MenuChoice } from '../../kit/menu.tsx'
import { Popover } from '../../kit/popover.tsx'
import { SearchList } from '../../kit/search-select.tsx'
import './conditions.css'
import { ConditionEditor } from './condition-editor.tsx'
import { type FilterField, newCondition } from './fields.ts'
import { phraseOf } from './phrase.ts'

export type Mine = 'own' | 'team'

interface FilterLineProps {
  fields: readonly FilterField[]
  conditions: readonly Comparison[]
  onChange: (conditions: Comparison[]) => void
  /** Whose customers; left out where the list has no such thing. */
  mine?: { value: Mine | undefined; onChange: (mine: Mine | undefined) => void }
  /** The sentence around the conditions, with `{conditions}` where they stand. */
  frame: 'record.filter.customers' | 'record.filter.contacts'
}

/** Stands in a text for a component that takes its place. */
const place = '\u0000'
const mineField = 'mine'

/** What narrows a list, as a sentence whose parts are changed where they stand. */
export function FilterLine({ fields, conditions, onChange, mine, frame }: FilterLineProps) {
  const t = useText()
  const [opened, setOpened] = useState<number | null>(null)
  const [before = '', after = ''] = t(frame, { conditions: place }).split(place)
  const isNarrowed = conditions.length > 0 || mine?.value !== undefined
  const add = (id: string) => {
    if (id === mineField) return mine?.onChange('own')
    const field = fields.find(each => each.id === id)
    if (!field) return
    onChange([...conditions, newCondition(field)])
    setOpened(conditions.length)
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a sentence of buttons, not fields
    <div className="r-filter" role="group" aria-label={t('record.filter.label')}>
      {isNarrowed && before && <span>{before}</span>}
      {mine?.value && <MineChip value={mine.value} onChange={mine.onChange} />}
      {conditions.map((condition, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: conditions have no other identity; the same one may stand twice
        <Fragment key={at}>
          {(at > 0 || mine?.value) && <span>{t('record.filter.and')}</span>}
          <ConditionChip
            field={fields.find(field => field.id === condition.field)}
            condition={condition}
            open={opened === at}
            onOpenChange={open => setOpened(open ? at : null)}
            onChange={next => onChange(conditions.map((each, place) => (place === at ? next : each)))}
            onRemove={() => {
              setOpened(null)
              onChange(conditions.filter((_, place) => place !== at))
            }}
          />
        </Fragment>
      ))}
      {isNarrowed && after && <span>{after}</span>}
      <AddCondition fields={fields} offersMine={mine !== undefined && mine.value === undefined} onAdd={add} />
    </div>
  )
}

function MineChip({ value, onChange }: { value: Mine; onChange: (mine: Mine | undefined) => void }) {
  const t = useText()
  const [before = '', after = ''] = t('record.filter.condition', {
    field: t('record.field.ownerId'),
    value: place,
  }).split(place)
  return (
    <>
      <span>{before}</span>
      <span className="r-chip">
        <Menu
          align="start"
          trigger={
            <Button size="small">
              {t(`record.mine.${value}`)}
              <Icon name="chevron-down" size="tiny" />
            </Button>
          }
        >
          <MenuChoice
            label={t('record.field.ownerId')}
            value={value}
            options={(['own', 'team'] as const).map(each => ({ value: each, label: t(`record.mine.${each}`) }))}
            onChange={onChange}
          />
        </Menu>
        <IconButton
          icon="close"
          kind="normal"
          label={t('record.filter.remove', { field: t('record.field.ownerId') })}
          onClick={() => onChange(undefined)}
        />
      </span>
      {after && <span>{after}</span>}
    </>
  )
}

interface ConditionChipProps {
  field: FilterField | undefined
  condition: Comparison
  open: boolean
  onOpenChange: (open: boolean) => void
  onChange: (condition: Comparison) => void
  onRemove: () => void
}

function ConditionChip({ field, condition, open, onOpenChange, onChange, onRemove }: ConditionChipProps) {
  const t = useText()
  const format = useFormat()
  const label = field?.label ?? condition.field
  const [before = '', after = ''] = t('record.filter.condition', { field: label, value: place }).split(place)
  return (
    <>
      <span>{before}</span>
      <span className="r-chip">
        <Popover
          label={t('record.filter.edit', { field: label })}
          open={open}
          onOpenChange={onOpenChange}
          trigger={
            <Button size="small">
              {phraseOf(condition, field, t, format)}
              <Icon name="chevron-down" size="tiny" />
            </Button>
          }
        >
          {field && <ConditionEditor field={field} condition={condition} onChange={onChange} />}
        </Popover>
        <IconButton icon="close" kind="normal" label={t('record.filter.remove', { field: label })} onClick={onRemove} />
      </span>
      {after && <span>{after}</span>}
    </>
  )
}

interface AddConditionProps {
  fields: readonly FilterField[]
  offersMine: boolean
  onAdd: (id: string) => void
}

function AddCondition({ fields, offersMine, onAdd }: AddConditionProps) {
  const t = useText()
  const [open, setOpen] = useState(false)
  const chosen = useRef<string | null>(null)
  const options = [
    ...(offersMine ? [{ value: mineField, label: t('record.filter.mine') }] : []),
    ...fields.map(field => ({ value: field.id, label: field.label })),
  ]
  return (
    <Popover
      label={t('record.filter.add')}
      open={open}
      onOpenChange={setOpen}
      flush
      onCloseAutoFocus={event => {
        if (chosen.current === null) return
        // The editor of the new condition takes the focus.
        event.preventDefault()
        onAdd(chosen.current)
        chosen.current = null
      }}
      trigger={
        <Button size="small" kind="dashed" icon="plus">
          {t('record.filter.addShort')}
        </Button>
      }
    >
      <SearchList
        label={t('record.filter.add')}
        options={options}
        value=""
        placeholder={t('record.filter.findField')}
        none={t('record.filter.noField')}
        onChange={id => {
          chosen.current = id
          setOpen(false)
        }}
      />
    </Popover>
  )
}
