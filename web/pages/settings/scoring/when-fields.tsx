import { useState } from 'react'
import type { BehaviourRule, RuleWhen } from '../../../../server/signals/scoring/contract/rules.ts'
import { ConditionBuilder } from '../../../features/conditions/builder.tsx'
import { useEvents } from '../../../features/conditions/fields.ts'
import { useText } from '../../../i18n/provider.tsx'
import { Field, RadioGroup, Select, TextInput } from '../../../kit/field.tsx'
import { Section } from '../../../kit/layout.tsx'

const kinds = ['attribute', 'behaviour'] as const
const counts = ['events', 'days'] as const
/** No event is called so: names have no tabs. */
const another = '\t'

const beginnings: Readonly<Record<RuleWhen['kind'], RuleWhen>> = {
  attribute: { kind: 'attribute', condition: { all: [] } },
  behaviour: { kind: 'behaviour', event: '', where: [], days: 90, count: 'events', most: 30, halfLifeDays: 30 },
}

interface WhenProps<When> {
  when: When
  onChange: (when: RuleWhen) => void
}

/** What gives the points: a condition that holds, or something that happens. */
export function WhenFields({ when, onChange }: WhenProps<RuleWhen>) {
  const t = useText()
  return (
    <>
      <RadioGroup
        label={t('leads.kind')}
        name="kind"
        value={when.kind}
        onChange={value => onChange(beginnings[kinds.find(each => each === value) ?? when.kind])}
        options={kinds.map(value => ({ value, label: t(`leads.kind.${value}`) }))}
      />
      {when.kind === 'attribute' ? (
        <Section title={t('leads.condition')}>
          <ConditionBuilder
            record="contact"
            value={when.condition}
            onChange={condition => onChange({ kind: 'attribute', condition })}
          />
        </Section>
      ) : (
        <BehaviourFields when={when} onChange={onChange} />
      )}
    </>
  )
}

function BehaviourFields({ when, onChange }: WhenProps<BehaviourRule>) {
  const t = useText()
  return (
    <>
      <EventFields when={when} onChange={onChange} />
      <div className="o-line">
        <NumberField
          label={t('leads.days')}
          value={when.days}
          most={730}
          onChange={days => days !== null && onChange({ ...when, days })}
        />
        <NumberField
          label={t('leads.most')}
          value={when.most}
          most={1_000}
          onChange={most => most !== null && onChange({ ...when, most })}
        />
        <NumberField
          label={t('leads.halfLife')}
          value={when.halfLifeDays}
          most={730}
          optional
          onChange={halfLifeDays => onChange({ ...when, halfLifeDays })}
        />
        <Field label={t('leads.counted')} required>
          <Select
            value={when.count}
            options={counts.map(value => ({ value, label: t(`leads.count.${value}`) }))}
            onChange={event =>
              onChange({ ...when, count: counts.find(each => each === event.currentTarget.value) ?? when.count })
            }
          />
        </Field>
      </div>
      <p className="k-hint">
        {t('leads.mostHint')} {t('leads.halfLifeHint')}
      </p>
      {when.where.length > 0 && <p className="text-t2">{t('leads.properties', { count: when.where.length })}</p>}
    </>
  )
}

/** One of the events that arrived, or the name of one that has not yet. */
function EventFields({ when, onChange }: WhenProps<BehaviourRule>) {
  const t = useText()
  const events = useEvents('contact')
  const isKnown = when.event === '*' || events.some(({ name }) => name === when.event)
  const [names, setNames] = useState(false)
  const types = names || (when.event !== '' && !isKnown)
  return (
    <>
      <Field label={t('leads.event')} required hint={t('leads.eventHint')}>
        <Select
          value={types ? another : when.event}
          placeholder="–"
          options={[
            ...events.map(({ name }) => ({ value: name, label: name })),
            { value: '*', label: t('leads.anyUse') },
            { value: another, label: t('leads.otherEvent') },
          ]}
          onChange={event => {
            const { value } = event.currentTarget
            setNames(value === another)
            onChange({ ...when, event: value === another ? '' : value })
          }}
        />
      </Field>
      {types && (
        <Field label={t('leads.eventName')} name="event" required>
          <TextInput
            maxLength={200}
            autoComplete="off"
            value={when.event}
            onChange={event => {
              setNames(true)
              onChange({ ...when, event: event.currentTarget.value })
            }}
          />
        </Field>
      )}
    </>
  )
}

interface NumberFieldProps {
  label: string
  value: number | null
  most: number
  optional?: boolean
  onChange: (value: number | null) => void
}

function NumberField({ label, value, most, optional = false, onChange }: NumberFieldProps) {
  return (
    <Field label={label} required={!optional}>
      <TextInput
        type="number"
        min={1}
        max={most}
        step={1}
        defaultValue={value ?? ''}
        onChange={event => {
          const next = event.currentTarget.valueAsNumber
          if (Number.isNaN(next)) onChange(null)
          else if (next >= 1 && next <= most) onChange(Math.round(next))
        }}
      />
    </Field>
  )
}
