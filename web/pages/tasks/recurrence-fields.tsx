import type { Recurrence } from '../../../server/engage/tasks/contract/shapes.ts'
import type { Format } from '../../i18n/format.ts'
import { useText } from '../../i18n/provider.tsx'
import type { Text } from '../../i18n/text.ts'
import { Checkbox, Field, Select, TextInput } from '../../kit/field.tsx'

const steps = ['day', 'week', 'month'] as const
const weekdays = [1, 2, 3, 4, 5, 6, 7] as const

interface RecurrenceFieldsProps {
  value: Recurrence | null
  onChange: (value: Recurrence | null) => void
}

/** How a task repeats: not at all, or every so many days, weeks, months. */
export function RecurrenceFields({ value, onChange }: RecurrenceFieldsProps) {
  const t = useText()
  return (
    <>
      <div className="t-pair">
        <Field label={t('tasks.repeats')} hint={value ? t('tasks.repeatsHint') : undefined}>
          <Select
            value={value?.every ?? ''}
            placeholder={t('tasks.repeat.never')}
            options={steps.map(step => ({ value: step, label: t(`tasks.repeat.${step}`) }))}
            onChange={event => {
              const every = steps.find(step => step === event.currentTarget.value)
              onChange(every ? { every, interval: value?.interval ?? 1 } : null)
            }}
          />
        </Field>
        {value && (
          <Field label={t('tasks.repeat.interval')}>
            <TextInput
              type="number"
              min={1}
              max={52}
              value={value.interval}
              onChange={event =>
                onChange({ ...value, interval: Math.min(52, Math.max(1, Number(event.currentTarget.value) || 1)) })
              }
            />
          </Field>
        )}
      </div>
      {value?.every === 'week' && (
        <fieldset className="t-weekdays">
          <legend className="k-label">{t('tasks.repeat.weekdays')}</legend>
          {weekdays.map(day => (
            <Checkbox
              key={day}
              label={t(`tasks.weekday.${day}`)}
              checked={value.weekdays?.includes(day) ?? false}
              onChange={event => {
                const others = (value.weekdays ?? []).filter(each => each !== day)
                const next = event.currentTarget.checked ? [...others, day].sort() : others
                onChange({ ...value, weekdays: next.length > 0 ? next : undefined })
              }}
            />
          ))}
        </fieldset>
      )}
      {value?.every === 'month' && (
        <Field label={t('tasks.repeat.monthDay')} hint={t('tasks.repeat.monthDayHint')}>
          <TextInput
            type="number"
            min={1}
            max={31}
            value={value.monthDay ?? ''}
            onChange={event => {
              const day = Number(event.currentTarget.value)
              onChange({ ...value, monthDay: day >= 1 && day <= 31 ? day : undefined })
            }}
          />
        </Field>
      )}
    </>
  )
}

/** How a task repeats, in words. */
export function recurrenceWords(rule: Recurrence, t: Text, format: Format): string {
  const every = t(`tasks.every.${rule.every}`, { count: rule.interval })
  const known = weekdays.filter(day => rule.every === 'week' && rule.weekdays?.includes(day))
  const days = format.list(known.map(day => t(`tasks.weekday.${day}`)))
  return [every, days].filter(Boolean).join(' ')
}
