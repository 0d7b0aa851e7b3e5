import type { Change } from '../../../server/engage/flows/contract/steps.ts'
import { useFilterFields } from '../../features/conditions/fields.ts'
import { useText } from '../../i18n/provider.tsx'
import { Button, IconButton } from '../../kit/button.tsx'
import { Checkbox, Field, Select, TextInput } from '../../kit/field.tsx'
import { ChoiceField, RecordField, StageField } from './fields.tsx'

interface ChangeListProps {
  subject: 'customer' | 'contact'
  changes: readonly Change[]
  onChange: (changes: Change[]) => void
}

const beginnings: Readonly<Record<Change['kind'], Change>> = {
  add_tag: { kind: 'add_tag', tag: '' },
  remove_tag: { kind: 'remove_tag', tag: '' },
  field: { kind: 'field', field: '', value: null },
  attribute: { kind: 'attribute', key: '', value: null },
  stage: { kind: 'stage', stage: '' },
}
const kinds = ['add_tag', 'remove_tag', 'field', 'attribute', 'stage'] as const

/** What a step sets: tags, fields, attributes, the stage of the lifecycle. */
export function ChangeList({ subject, changes, onChange }: ChangeListProps) {
  const t = useText()
  const set = (place: number, change: Change) => onChange(changes.map((each, at) => (at === place ? change : each)))
  return (
    <div className="fl-fields">
      {changes.map((change, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: changes have no other identity
        <fieldset key={place} className="fl-part">
          <legend className="k-hidden">{t(`flows.change.${change.kind}`)}</legend>
          <div className="fl-part-head">
            <ChoiceField
              label={t('flows.change')}
              value={change.kind}
              options={kinds
                .filter(value => value !== 'stage' || subject === 'contact')
                .map(value => ({ value, label: t(`flows.change.${value}`) }))}
              onChange={kind => set(place, beginnings[kind])}
            />
            {changes.length > 1 && (
              <IconButton
                icon="close"
                label={t('flows.removeChange', { number: place + 1 })}
                onClick={() => onChange(changes.filter((_, at) => at !== place))}
              />
            )}
          </div>
          <ChangeFields subject={subject} change={change} onChange={next => set(place, next)} />
        </fieldset>
      ))}
      {changes.length < 20 && (
        <div>
          <Button kind="dashed" size="small" icon="plus" onClick={() => onChange([...changes, beginnings.add_tag])}>
            {t('flows.addChange')}
          </Button>
        </div>
      )}
    </div>
  )
}

interface ChangeFieldsProps {
  subject: 'customer' | 'contact'
  change: Change
  onChange: (change: Change) => void
}

function ChangeFields({ subject, change, onChange }: ChangeFieldsProps) {
  const t = useText()
  if (change.kind === 'stage') {
    return (
      <StageField label={t('flows.stage')} value={change.stage} onChange={stage => onChange({ ...change, stage })} />
    )
  }
  if (change.kind === 'field') {
    return (
      <>
        <RecordField
          label={t('flows.field')}
          subject={subject}
          value={change.field}
          onChange={field => onChange({ ...change, field, value: null })}
        />
        <ValueField
          subject={subject}
          field={change.field}
          value={change.value}
          onChange={value => onChange({ ...change, value })}
        />
      </>
    )
  }
  if (change.kind === 'attribute') {
    const id = `attributes.${change.key}`
    return (
      <>
        <RecordField
          label={t('flows.attribute')}
          subject={subject}
          value={change.key === '' ? '' : id}
          onChange={field => onChange({ ...change, key: field.replace(/^attributes\./, ''), value: null })}
        />
        <ValueField
          subject={subject}
          field={id}
          value={Array.isArray(change.value) ? change.value.join(', ') : change.value}
          onChange={value => onChange({ ...change, value })}
        />
      </>
    )
  }
  return (
    <Field label={t('flows.tag')} required>
      <TextInput
        maxLength={100}
        defaultValue={change.tag}
        onChange={event => onChange({ ...change, tag: event.currentTarget.value })}
      />
    </Field>
  )
}

interface ValueFieldProps {
  subject: 'customer' | 'contact'
  field: string
  value: string | number | boolean | null
  onChange: (value: string | number | boolean | null) => void
}

/** A value of the kind that the field has; empty takes the value away. */
function ValueField({ subject, field, value, onChange }: ValueFieldProps) {
  const t = useText()
  const known = useFilterFields(subject).find(({ id }) => id === field)
  const label = t('flows.newValue')
  if (known?.kind === 'boolean') {
    return (
      <Checkbox
        label={known.label}
        checked={value === true}
        onChange={event => onChange(event.currentTarget.checked)}
      />
    )
  }
  if (known?.choices) {
    return (
      <Field label={label}>
        <Select
          value={String(value ?? '')}
          placeholder={t('flows.empty')}
          options={known.choices}
          onChange={event => onChange(event.currentTarget.value || null)}
        />
      </Field>
    )
  }
  const isNumber = known?.kind === 'number'
  return (
    <Field label={label} hint={t('flows.emptyHint')}>
      <TextInput
        key={field}
        type={isNumber ? 'number' : known?.kind === 'date' ? 'date' : 'text'}
        step="any"
        defaultValue={value === null ? '' : String(value)}
        onChange={event => {
          const text = event.currentTarget.value
          onChange(text === '' ? null : isNumber ? Number(text) : text)
        }}
      />
    </Field>
  )
}
