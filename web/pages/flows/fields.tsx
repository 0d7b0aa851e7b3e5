import type { ReactNode } from 'react'
import { listAlertRules } from '../../../server/engage/alerts/contract/rules.ts'
import { listInAppMessages } from '../../../server/engage/in-app/contract/messages.ts'
import { listTemplates } from '../../../server/engage/messages/contract/templates.ts'
import { listChannels } from '../../../server/engage/notices/contract/channels.ts'
import { listStages } from '../../../server/signals/lifecycle/contract/stages.ts'
import { listSegments } from '../../../server/signals/segments/contract.ts'
import { useRoute } from '../../api/hooks.ts'
import { useFilterFields } from '../../features/conditions/fields.ts'
import { nameOf } from '../../i18n/name-of.ts'
import { useLocale, useText } from '../../i18n/provider.tsx'
import { Field, Select, TextInput } from '../../kit/field.tsx'
import { type Option, SearchSelect } from '../../kit/search-select.tsx'

interface NumberFieldProps {
  label: string
  value: number
  minimum?: number
  maximum?: number
  onChange: (value: number) => void
}

/** A whole number; what is no number leaves the value as it is. */
export function NumberField({ label, value, minimum, maximum, onChange }: NumberFieldProps) {
  return (
    <Field label={label} required>
      <TextInput
        type="number"
        step={1}
        min={minimum}
        max={maximum}
        defaultValue={value}
        onChange={event => {
          const number = event.currentTarget.valueAsNumber
          if (Number.isInteger(number) && number >= (minimum ?? number) && number <= (maximum ?? number))
            onChange(number)
        }}
      />
    </Field>
  )
}

interface ChoiceFieldProps<Value extends string> {
  label: string
  value: Value
  options: readonly { value: Value; label: string }[]
  onChange: (value: Value) => void
}

/** One of a few. */
export function ChoiceField<Value extends string>({ label, value, options, onChange }: ChoiceFieldProps<Value>) {
  return (
    <Field label={label} required>
      <Select
        value={value}
        options={options}
        onChange={event => {
          const chosen = options.find(option => option.value === event.currentTarget.value)
          if (chosen) onChange(chosen.value)
        }}
      />
    </Field>
  )
}

interface NamedFieldProps {
  label: string
  value: string
  onChange: (value: string) => void
  hint?: ReactNode
}

/** One of many, by a key; a key that is gone stays in sight. */
function KeyField({ label, value, onChange, options, hint }: NamedFieldProps & { options: readonly Option[] }) {
  const t = useText()
  const all =
    value === '' || options.some(option => option.value === value)
      ? options
      : [...options, { value, label: t('flows.gone', { key: value }) }]
  return (
    <Field label={label} required hint={hint}>
      <SearchSelect
        label={label}
        options={all}
        value={value}
        placeholder={t('flows.find')}
        none={t('flows.noneFound')}
        onChange={onChange}
      />
    </Field>
  )
}

export function SegmentField(props: NamedFieldProps & { subject: 'customer' | 'contact' }) {
  const rows = useRoute(listSegments, { query: { record: props.subject } }).data?.items ?? []
  const { locale } = useLocale()
  const options = rows.map(segment => ({ value: segment.key, label: nameOf(segment, locale) }))
  return <KeyField {...props} options={options} />
}

export function AlertRuleField(props: NamedFieldProps) {
  const { locale } = useLocale()
  const options = (useRoute(listAlertRules).data?.items ?? [])
    .filter(({ state }) => state !== 'archived')
    .map(rule => ({ value: rule.key, label: nameOf(rule, locale) }))
  return <KeyField {...props} options={options} />
}

export function StageField(props: NamedFieldProps) {
  const { locale } = useLocale()
  const options = (useRoute(listStages).data?.items ?? []).map(stage => ({
    value: stage.key,
    label: nameOf(stage, locale),
  }))
  return <KeyField {...props} options={options} />
}

export function TemplateField(props: NamedFieldProps) {
  const options = (useRoute(listTemplates, { query: {} }).data?.items ?? []).map(({ key, name }) => ({
    value: key,
    label: name,
  }))
  return <KeyField {...props} options={options} />
}

export function InAppField(props: NamedFieldProps) {
  const options = (useRoute(listInAppMessages).data?.items ?? [])
    .filter(({ state }) => state !== 'draft')
    .map(({ key, name }) => ({ value: key, label: name }))
  return <KeyField {...props} options={options} />
}

export function ChannelField(props: NamedFieldProps) {
  const options = (useRoute(listChannels).data?.items ?? [])
    .filter(({ kind }) => kind === 'webhook')
    .map(({ key, name }) => ({ value: key, label: name }))
  return <KeyField {...props} options={options} />
}

/** A field of the record that the flow is about. */
export function RecordField({
  subject,
  dates,
  ...props
}: NamedFieldProps & { subject: 'customer' | 'contact'; dates?: boolean }) {
  const own = useFilterFields(subject)
  const options = own
    .filter(({ kind }) => !dates || kind === 'date')
    .map(({ id, label, group }) => ({ value: id, label, hint: group }))
  return <KeyField {...props} options={options} />
}

interface LineFieldProps {
  label: string
  value: string
  most: number
  onChange: (value: string) => void
}

/** A line of text that is needed. */
export function LineField({ label, value, most, onChange }: LineFieldProps) {
  return (
    <Field label={label} required>
      <TextInput
        defaultValue={value}
        maxLength={most}
        autoComplete="off"
        onChange={event => onChange(event.currentTarget.value)}
      />
    </Field>
  )
}

interface TimeFieldProps {
  label: string
  hint?: string
  value: string
  onChange: (value: string) => void
}

/** A time of the day, HH:MM; empty where it is taken away. */
export function TimeField({ label, hint, value, onChange }: TimeFieldProps) {
  return (
    <Field label={label} hint={hint}>
      <TextInput type="time" defaultValue={value} onChange={event => onChange(event.currentTarget.value)} />
    </Field>
  )
}
