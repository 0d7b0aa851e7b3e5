import { useState } from 'react'
import { type Comparison, type Operator, operators } from '../../../server/catalog/conditions/contract.ts'
import { suggestValues } from '../../../server/customers/accounts/contract/around.ts'
import { useRouteWhen } from '../../api/hooks.ts'
import { useText } from '../../i18n/provider.tsx'
import { Checkbox, Select, TextInput } from '../../kit/field.tsx'
import type { FilterField } from './fields.ts'

/** Choices from which a search stands above them. */
const manyChoices = 8

interface ConditionEditorProps {
  field: FilterField
  condition: Comparison
  onChange: (condition: Comparison) => void
}

const inDays: readonly Operator[] = ['within_next_days', 'within_last_days', 'more_than_days_ago']

/** The comparison and the value of one condition; takes effect as it is changed. */
export function ConditionEditor({ field, condition, onChange }: ConditionEditorProps) {
  const t = useText()
  const choose = (op: Operator) => {
    const isDays = inDays.includes(op)
    const keeps = isDays === inDays.includes(condition.op) || Array.isArray(condition.value)
    const kept = keeps ? condition.value : isDays ? 30 : undefined
    const value = op === 'is_set' || op === 'is_empty' ? undefined : (kept ?? emptyValue(field, op))
    onChange({ field: field.id, op, ...(value !== undefined && { value }) })
  }
  return (
    <div className="r-condition">
      <Select
        aria-label={t('record.filter.comparison', { field: field.label })}
        value={condition.op}
        options={operators[field.kind].map(op => ({ value: op, label: t(`record.op.${op}`) }))}
        onChange={event => {
          const op = operators[field.kind].find(each => each === event.currentTarget.value)
          if (op) choose(op)
        }}
      />
      {condition.op !== 'is_set' && condition.op !== 'is_empty' && (
        <ValueEditor field={field} condition={condition} onChange={onChange} />
      )}
    </div>
  )
}

function emptyValue(field: FilterField, op: Operator): Comparison['value'] {
  if (field.kind === 'one_of' || field.kind === 'many_of') return []
  if (field.kind === 'boolean') return true
  return inDays.includes(op) ? 30 : undefined
}

function ValueEditor({ field, condition, onChange }: ConditionEditorProps) {
  const t = useText()
  const label = t('record.filter.value', { field: field.label })
  const { value } = condition
  if (field.kind === 'one_of' || field.kind === 'many_of')
    return <ChoiceEditor field={field} condition={condition} onChange={onChange} />
  if (field.kind === 'boolean')
    return (
      <Select
        aria-label={label}
        value={value === false ? 'no' : 'yes'}
        options={[
          { value: 'yes', label: t('record.yes') },
          { value: 'no', label: t('record.no') },
        ]}
        onChange={event => onChange({ ...condition, value: event.currentTarget.value === 'yes' })}
      />
    )
  const isNumber = field.kind === 'number' || inDays.includes(condition.op)
  return (
    <TextInput
      key={condition.op}
      type={isNumber ? 'number' : field.kind === 'date' ? 'date' : 'text'}
      aria-label={label}
      placeholder={label}
      min={inDays.includes(condition.op) ? 0 : undefined}
      step="any"
      maxLength={200}
      defaultValue={value === undefined ? '' : String(value)}
      onChange={event => {
        const typed = event.currentTarget.value
        const next = typed === '' ? undefined : isNumber ? Number(typed) : typed
        onChange({ field: condition.field, op: condition.op, ...(next !== undefined && { value: next }) })
      }}
    />
  )
}

function ChoiceEditor({ field, condition, onChange }: ConditionEditorProps) {
  const t = useText()
  const [typed, setTyped] = useState('')
  const chosen = Array.isArray(condition.value) ? condition.value : []
  const suggestions = useRouteWhen(field.suggest !== undefined, suggestValues, {
    query: { field: field.suggest ?? 'industry' },
  })
  const offered = field.choices ?? suggestions.data?.items.map(({ value }) => ({ value, label: value })) ?? []
  const known = [
    ...offered,
    ...chosen.filter(value => !offered.some(each => each.value === value)).map(value => ({ value, label: value })),
  ]
  const wanted = typed.trim()
  const found = known.filter(choice => choice.label.toLowerCase().includes(wanted.toLowerCase()))
  const set = (value: string[]) => onChange({ ...condition, value })
  const toggle = (value: string) =>
    set(chosen.includes(value) ? chosen.filter(each => each !== value) : [...chosen, value])
  const isFree = field.choices === undefined
  return (
    <>
      {(isFree || known.length > manyChoices) && (
        <TextInput
          icon="search"
          aria-label={t('record.filter.findValue', { field: field.label })}
          placeholder={t(isFree ? 'record.filter.typeValue' : 'record.filter.searchValue')}
          value={typed}
          maxLength={200}
          onChange={event => setTyped(event.currentTarget.value)}
          onKeyDown={event => {
            if (event.key !== 'Enter' || event.nativeEvent.isComposing || wanted === '') return
            event.preventDefault()
            const first = found[0]?.value ?? (isFree ? wanted : undefined)
            if (first !== undefined) toggle(first)
            setTyped('')
          }}
        />
      )}
      <div className="r-choices">
        {found.slice(0, 100).map(choice => (
          <Checkbox
            key={choice.value}
            label={choice.label}
            checked={chosen.includes(choice.value)}
            onChange={() => toggle(choice.value)}
          />
        ))}
        {found.length === 0 && <p className="text-t3">{t('record.filter.noValue')}</p>}
      </div>
    </>
  )
}
