import { eventMeanings, eventPlans, type NoticedEvent } from '../../../server/engage/upsell/contract/settings.ts'
import { useEvents } from '../../features/conditions/fields.ts'
import { useText } from '../../i18n/provider.tsx'
import { Button, IconButton } from '../../kit/button.tsx'
import { Field, Select, TextInput } from '../../kit/field.tsx'
import type { Rows } from './rows.ts'

const most = 30
const first: NoticedEvent = { event: '', meaning: 'signal', plan: 'any', times: 1, days: 30 }

/** Events of the company that speak for a larger plan, or for now: fields `events.0.event` and so on. */
export function EventRows({ rows, add, remove }: Rows<NoticedEvent>) {
  const t = useText()
  const known = useEvents('customer')
  return (
    <fieldset>
      <legend className="k-label">{t('upsell.events')}</legend>
      <p className="k-hint">{t('upsell.eventsHint')}</p>
      <datalist id="upsell-events">
        {known.map(({ name }) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <div className="up-plans">
        {rows.map(({ place, value }, index) => (
          <div key={place} className="up-event">
            <Field label={t('upsell.event')} name={`events.${index}.event`} required>
              <TextInput maxLength={200} defaultValue={value.event} list="upsell-events" autoComplete="off" />
            </Field>
            <Field label={t('upsell.meaning')} name={`events.${index}.meaning`} required>
              <Select
                defaultValue={value.meaning}
                options={eventMeanings.map(each => ({ value: each, label: t(`upsell.meaning.${each}`) }))}
              />
            </Field>
            <Field label={t('upsell.eventPlan')} name={`events.${index}.plan`} required>
              <Select
                defaultValue={value.plan}
                options={eventPlans.map(each => ({ value: each, label: t(`upsell.eventPlan.${each}`) }))}
              />
            </Field>
            <Field label={t('upsell.eventTimes')} name={`events.${index}.times`} required>
              <TextInput type="number" min={1} max={1_000_000} defaultValue={value.times} />
            </Field>
            <Field label={t('upsell.eventDays')} name={`events.${index}.days`} required>
              <TextInput type="number" min={1} max={365} defaultValue={value.days} />
            </Field>
            <IconButton
              icon="trash"
              label={t('upsell.removeEvent', { place: index + 1 })}
              onClick={() => remove(place)}
            />
          </div>
        ))}
      </div>
      <Button size="small" icon="plus" disabled={rows.length >= most} onClick={() => add(first)}>
        {t('upsell.addEvent')}
      </Button>
    </fieldset>
  )
}
