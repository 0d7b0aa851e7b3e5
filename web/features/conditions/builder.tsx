import { useState } from 'react'
import type { Condition } from '../../../server/catalog/conditions/contract.ts'
import { useText } from '../../i18n/provider.tsx'
import { Button, IconButton } from '../../kit/button.tsx'
import { Select } from '../../kit/field.tsx'
import { Menu, MenuItem } from '../../kit/menu.tsx'
import { Popover } from '../../kit/popover.tsx'
import { SearchList } from '../../kit/search-select.tsx'
import './conditions.css'
import { ConditionEditor } from './condition-editor.tsx'
import { EventEditor, MetricChangeEditor } from './event-editor.tsx'
import { type FilterField, newCondition, useEvents, useFilterFields } from './fields.ts'
import { conditionOf, groupOf, isGroup, type Mode } from './tree.ts'

type RecordKind = 'customer' | 'contact'

interface BuilderProps {
  record: RecordKind
  value: Condition | undefined
  onChange: (condition: Condition) => void
}

/** A condition of any depth, changed where it stands; every control is reached by the keyboard. */
export function ConditionBuilder({ record, value, onChange }: BuilderProps) {
  return <GroupEditor record={record} value={value ?? { all: [] }} onChange={onChange} depth={0} />
}

interface PartProps {
  record: RecordKind
  value: Condition
  onChange: (condition: Condition) => void
  onRemove?: () => void
  depth: number
}

const modes: readonly Mode[] = ['all', 'any', 'none']
const deepest = 5

function GroupEditor({ record, value, onChange, onRemove, depth }: PartProps) {
  const t = useText()
  const { mode, parts } = groupOf(value)
  const set = (next: readonly Condition[], how = mode) => onChange(conditionOf({ mode: how, parts: next }))
  return (
    <fieldset className="q-group">
      <legend className="k-hidden">{t('conditions.group')}</legend>
      <div className="q-head">
        <span>
          <Select
            aria-label={t('conditions.mode')}
            value={mode}
            options={modes.map(each => ({ value: each, label: t(`conditions.mode.${each}`) }))}
            onChange={event =>
              set(
                parts,
                modes.find(each => each === event.currentTarget.value),
              )
            }
          />
        </span>
        {onRemove && <IconButton icon="close" label={t('conditions.removeGroup')} onClick={onRemove} />}
      </div>
      {parts.length > 0 && (
        <ul className="q-list">
          {parts.map((part, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: parts have no other identity; the same one may stand twice
            <li key={at}>
              <PartEditor
                record={record}
                value={part}
                depth={depth + 1}
                onChange={next => set(parts.map((each, place) => (place === at ? next : each)))}
                onRemove={() => set(parts.filter((_, place) => place !== at))}
              />
            </li>
          ))}
        </ul>
      )}
      <AddPart record={record} depth={depth} onAdd={part => set([...parts, part])} />
    </fieldset>
  )
}

function PartEditor(props: PartProps) {
  const { record, value, onChange, onRemove, depth } = props
  const t = useText()
  if (isGroup(value)) return <GroupEditor {...props} />
  if ('contacts' in value || 'customer' in value) return <BesideEditor {...props} />
  return (
    <div className="q-row">
      <div className="q-parts">
        {'not' in value ? (
          <PartEditor
            record={record}
            value={value.not}
            depth={depth + 1}
            onChange={inner => onChange({ not: inner })}
          />
        ) : 'field' in value ? (
          <FieldPart record={record} value={value} onChange={onChange} />
        ) : 'metric' in value ? (
          <MetricChangeEditor value={value} onChange={onChange} />
        ) : 'event' in value ? (
          <EventEditor value={value} onChange={onChange} />
        ) : null}
      </div>
      {onRemove && <IconButton icon="close" label={t('conditions.remove')} onClick={onRemove} />}
    </div>
  )
}

type FieldCondition = Extract<Condition, { field: string }>

function FieldPart({
  record,
  value,
  onChange,
}: {
  record: RecordKind
  value: FieldCondition
  onChange: (next: Condition) => void
}) {
  const t = useText()
  const fields = useFilterFields(record)
  const field = fields.find(each => each.id === value.field)
  return (
    <>
      <FieldChoice
        fields={fields}
        value={field}
        fallback={value.field}
        onChange={next => onChange(newCondition(next))}
      />
      {field ? (
        <ConditionEditor field={field} condition={value} onChange={onChange} />
      ) : (
        fields.length > 0 && <span className="text-red">{t('conditions.unknownField')}</span>
      )}
    </>
  )
}

interface FieldChoiceProps {
  fields: readonly FilterField[]
  value: FilterField | undefined
  fallback: string
  onChange: (field: FilterField) => void
}

function FieldChoice({ fields, value, fallback, onChange }: FieldChoiceProps) {
  const t = useText()
  const [open, setOpen] = useState(false)
  return (
    <Popover
      label={t('record.filter.findField')}
      open={open}
      onOpenChange={setOpen}
      flush
      trigger={
        <Button size="small" icon="chevron-down">
          {value?.label ?? fallback}
        </Button>
      }
    >
      <SearchList
        label={t('record.filter.findField')}
        placeholder={t('record.filter.findField')}
        none={t('record.filter.noField')}
        options={fields.map(field => ({
          value: field.id,
          label: field.label,
          hint: field.group,
          keywords: [field.id],
        }))}
        value={value?.id ?? ''}
        onChange={id => {
          const field = fields.find(each => each.id === id)
          if (field) onChange(field)
          setOpen(false)
        }}
      />
    </Popover>
  )
}

/** Conditions on the contacts of a customer, or on the customer of a contact. */
function BesideEditor({ value, onChange, onRemove, depth }: PartProps) {
  const t = useText()
  if ('customer' in value) {
    return (
      <div className="q-row">
        <div className="grid gap-3">
          <span>{t('conditions.customerHead')}</span>
          <GroupEditor
            record="customer"
            value={value.customer}
            depth={depth + 1}
            onChange={customer => onChange({ customer })}
          />
        </div>
        {onRemove && <IconButton icon="close" label={t('conditions.remove')} onClick={onRemove} />}
      </div>
    )
  }
  if (!('contacts' in value)) return null
  const where = value.where ?? { all: [] }
  const choose = (kind: string) => {
    if (kind === 'any' || kind === 'all' || kind === 'none') onChange({ contacts: kind, where })
    else onChange({ contacts: 'count', op: 'at_least', value: 1, where })
  }
  return (
    <div className="q-row">
      <div className="grid gap-3">
        <div className="q-parts">
          <Select
            aria-label={t('conditions.contactsHead')}
            value={value.contacts}
            options={(['any', 'all', 'none', 'count'] as const).map(each => ({
              value: each,
              label: t(`conditions.contactsMode.${each}`),
            }))}
            onChange={event => choose(event.currentTarget.value)}
          />
          {value.contacts === 'count' && (
            <input
              type="number"
              className="k-input q-short"
              aria-label={t('conditions.contactNumber')}
              min={0}
              value={value.value}
              onChange={event =>
                onChange({ ...value, value: Math.max(0, Math.floor(Number(event.currentTarget.value))) })
              }
            />
          )}
        </div>
        <GroupEditor
          record="contact"
          value={where}
          depth={depth + 1}
          onChange={inner => onChange({ ...value, where: inner })}
        />
      </div>
      {onRemove && <IconButton icon="close" label={t('conditions.remove')} onClick={onRemove} />}
    </div>
  )
}

function AddPart({ record, depth, onAdd }: { record: RecordKind; depth: number; onAdd: (part: Condition) => void }) {
  const t = useText()
  const fields = useFilterFields(record)
  const [choosing, setChoosing] = useState(false)
  const events = useEvents(record)
  const event = events[0]?.name ?? '*'
  return (
    <div className="q-add">
      <Popover
        label={t('record.filter.findField')}
        open={choosing}
        onOpenChange={setChoosing}
        flush
        trigger={
          <Button size="small" icon="plus">
            {t('conditions.addField')}
          </Button>
        }
      >
        <SearchList
          label={t('record.filter.findField')}
          placeholder={t('record.filter.findField')}
          none={t('record.filter.noField')}
          options={fields.map(field => ({
            value: field.id,
            label: field.label,
            hint: field.group,
            keywords: [field.id],
          }))}
          value=""
          onChange={id => {
            const field = fields.find(each => each.id === id)
            if (field) onAdd(newCondition(field))
            setChoosing(false)
          }}
        />
      </Popover>
      <Menu
        align="start"
        trigger={
          <Button size="small" kind="quiet" icon="plus">
            {t('conditions.addOther')}
          </Button>
        }
      >
        <MenuItem icon="bolt" onSelect={() => onAdd({ event, did: 'at_least', times: 1, days: 30 })}>
          {t('conditions.addEvent')}
        </MenuItem>
        <MenuItem icon="metrics" onSelect={() => onAdd({ event: '*', change: 'down', percent: 20, days: 28 })}>
          {t('conditions.addChange')}
        </MenuItem>
        <MenuItem icon="today" onSelect={() => onAdd({ event, when: 'last', op: 'more_than_days_ago', value: 30 })}>
          {t('conditions.addOccasion')}
        </MenuItem>
        {record === 'customer' && (
          <MenuItem
            icon="metrics"
            onSelect={() =>
              onAdd({ metric: 'usage.active_people_30', change: 'down', by: 20, in: 'percent', days: 28 })
            }
          >
            {t('conditions.addMetricChange')}
          </MenuItem>
        )}
        {record === 'customer' ? (
          <MenuItem icon="users" onSelect={() => onAdd({ contacts: 'any', where: { all: [] } })}>
            {t('conditions.addContacts')}
          </MenuItem>
        ) : (
          <MenuItem icon="company" onSelect={() => onAdd({ customer: { all: [] } })}>
            {t('conditions.addCustomer')}
          </MenuItem>
        )}
        {depth < deepest && (
          <MenuItem icon="branch" onSelect={() => onAdd({ any: [] })}>
            {t('conditions.addGroup')}
          </MenuItem>
        )}
      </Menu>
    </div>
  )
}
