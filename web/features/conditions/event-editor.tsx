import type {
  Behaviour,
  Condition,
  EventChange,
  MetricChange,
  Occasion,
} from '../../../server/catalog/conditions/contract.ts'
import { useText } from '../../i18n/provider.tsx'
import { Select } from '../../kit/field.tsx'
import { SearchSelect } from '../../kit/search-select.tsx'
import { useEvents, useFilterFields } from './fields.ts'

type EventCondition = Behaviour | Occasion | EventChange

interface EventProps<Value> {
  value: Value
  onChange: (next: Condition) => void
}

/** What somebody did: how often, when first or last, or how it changed. */
export function EventEditor({ value, onChange }: EventProps<EventCondition>) {
  const t = useText()
  const events = useEvents('customer')
  const known =
    events.some(each => each.name === value.event) || value.event === '*' ? [] : [{ name: value.event, count: 0 }]
  const options = [
    { value: '*', label: t('conditions.anyUse') },
    ...[...events, ...known].map(({ name }) => ({ value: name, label: name })),
  ]
  return (
    <>
      <span className="q-wide">
        <SearchSelect
          label={t('conditions.event')}
          options={options}
          value={value.event}
          placeholder={t('conditions.findEvent')}
          none={t('conditions.noEvent')}
          onChange={event => onChange({ ...value, event })}
        />
      </span>
      {'when' in value ? (
        <OccasionEditor value={value} onChange={onChange} />
      ) : 'change' in value ? (
        <ChangeEditor value={value} onChange={onChange} />
      ) : (
        <BehaviourEditor value={value} onChange={onChange} />
      )}
    </>
  )
}

const dids = ['at_least', 'at_most', 'exactly', 'never'] as const
const counts = ['events', 'days', 'people'] as const

function BehaviourEditor({ value, onChange }: EventProps<Behaviour>) {
  const t = useText()
  return (
    <>
      <Choice
        label={t('conditions.event')}
        value={value.did}
        options={dids}
        name={each => t(`conditions.didShort.${each}`)}
        onChange={did => {
          const { times = 1, ...rest } = value
          onChange(did === 'never' ? { ...rest, did } : { ...rest, did, times })
        }}
      />
      {value.did !== 'never' && (
        <>
          <NumberInput
            label={t('conditions.times')}
            value={value.times ?? 1}
            minimum={0}
            onChange={times => onChange({ ...value, times })}
          />
          <Choice
            label={t('conditions.counted')}
            value={value.count ?? 'events'}
            options={counts}
            name={each => t(`conditions.countShort.${each}`)}
            onChange={count => onChange({ ...value, count })}
          />
        </>
      )}
      <DaysInput value={value.days ?? 30} onChange={days => onChange({ ...value, days })} />
    </>
  )
}

const whens = ['first', 'last'] as const
const occasionOps = ['within_last_days', 'more_than_days_ago', 'before', 'after'] as const

function OccasionEditor({ value, onChange }: EventProps<Occasion>) {
  const t = useText()
  const inDays = value.op === 'within_last_days' || value.op === 'more_than_days_ago'
  return (
    <>
      <Choice
        label={t('conditions.when')}
        value={value.when}
        options={whens}
        name={each => t(`conditions.whenShort.${each}`)}
        onChange={when => onChange({ ...value, when })}
      />
      <Choice
        label={t('conditions.comparison')}
        value={value.op}
        options={occasionOps}
        name={each => t(`record.op.${each}`)}
        onChange={op => {
          const days = op === 'within_last_days' || op === 'more_than_days_ago'
          const fits = days === (typeof value.value === 'number')
          onChange({ ...value, op, value: fits ? value.value : days ? 30 : new Date().toISOString().slice(0, 10) })
        }}
      />
      {inDays ? (
        <DaysInput value={Number(value.value)} onChange={days => onChange({ ...value, value: days })} />
      ) : (
        <input
          type="date"
          className="k-input"
          aria-label={t('conditions.day')}
          value={String(value.value)}
          onChange={event => onChange({ ...value, value: event.currentTarget.value })}
        />
      )}
    </>
  )
}

const changes = ['down', 'up'] as const

function ChangeEditor({ value, onChange }: EventProps<EventChange>) {
  const t = useText()
  return (
    <>
      <DaysInput value={value.days} onChange={days => onChange({ ...value, days })} />
      <NumberInput
        label={t('conditions.percent')}
        value={value.percent}
        minimum={0}
        onChange={percent => onChange({ ...value, percent })}
      />
      <Choice
        label={t('conditions.change')}
        value={value.change}
        options={changes}
        name={each => t(`conditions.changeShort.${each}`)}
        onChange={change => onChange({ ...value, change })}
      />
    </>
  )
}

const units = ['percent', 'points'] as const

/** A figure against what it was. */
export function MetricChangeEditor({ value, onChange }: EventProps<MetricChange>) {
  const t = useText()
  const metrics = useFilterFields('customer').filter(field => field.id.startsWith('metrics.'))
  return (
    <>
      <span className="q-wide">
        <SearchSelect
          label={t('conditions.metric')}
          options={metrics.map(field => ({
            value: field.id.slice('metrics.'.length),
            label: field.label,
            keywords: [field.id],
          }))}
          value={value.metric}
          placeholder={t('record.filter.findField')}
          none={t('record.filter.noField')}
          onChange={metric => onChange({ ...value, metric })}
        />
      </span>
      <DaysInput value={value.days} onChange={days => onChange({ ...value, days })} />
      <NumberInput
        label={t('conditions.by')}
        value={value.by}
        minimum={0}
        onChange={by => onChange({ ...value, by })}
      />
      <Choice
        label={t('conditions.unit')}
        value={value.in}
        options={units}
        name={each => t(`conditions.in.${each}`)}
        onChange={unit => onChange({ ...value, in: unit })}
      />
      <Choice
        label={t('conditions.change')}
        value={value.change}
        options={changes}
        name={each => t(`conditions.changeShort.${each}`)}
        onChange={change => onChange({ ...value, change })}
      />
    </>
  )
}

interface ChoiceProps<Value extends string> {
  label: string
  value: Value
  options: readonly Value[]
  name: (value: Value) => string
  onChange: (value: Value) => void
}

function Choice<Value extends string>({ label, value, options, name, onChange }: ChoiceProps<Value>) {
  return (
    <Select
      aria-label={label}
      value={value}
      options={options.map(each => ({ value: each, label: name(each) }))}
      onChange={event => {
        const next = options.find(each => each === event.currentTarget.value)
        if (next) onChange(next)
      }}
    />
  )
}

interface NumberProps {
  label: string
  value: number
  minimum: number
  onChange: (value: number) => void
}

function NumberInput({ label, value, minimum, onChange }: NumberProps) {
  return (
    <input
      type="number"
      className="k-input q-short"
      aria-label={label}
      min={minimum}
      value={value}
      onChange={event => onChange(Math.max(minimum, Number(event.currentTarget.value)))}
    />
  )
}

function DaysInput({ value, onChange }: { value: number; onChange: (days: number) => void }) {
  const t = useText()
  return (
    <>
      <NumberInput
        label={t('conditions.days')}
        value={value}
        minimum={1}
        onChange={days => onChange(Math.floor(days))}
      />
      <span>{t('conditions.daysUnit')}</span>
    </>
  )
}
