import { listChannels } from '../../../server/engage/notices/contract/channels.ts'
import {
  eventMeanings,
  eventPlans,
  getUpsellSettings,
  putUpsellSettings,
  type UpsellSettings,
} from '../../../server/engage/upsell/contract/settings.ts'
import { useCommand, useRoute } from '../../api/hooks.ts'
import { useText } from '../../i18n/provider.tsx'
import { Button, IconButton } from '../../kit/button.tsx'
import { Dialog } from '../../kit/dialog.tsx'
import { Field, Select, TextInput } from '../../kit/field.tsx'
import { Form } from '../../kit/form.tsx'
import { toastDone } from '../../kit/toast.tsx'
import { EventRows } from './event-rows.tsx'
import { useRows } from './rows.ts'

/** Plans with their prices, who is told, and what the return is worked out with. */
export function SettingsDialog({ onClose }: { onClose: () => void }) {
  const t = useText()
  const { data } = useRoute(getUpsellSettings)
  return (
    <Dialog open onClose={onClose} title={t('upsell.prices')} text={t('upsell.pricesText')}>
      {data && <SettingsForm settings={data} onClose={onClose} />}
    </Dialog>
  )
}

function SettingsForm({ settings, onClose }: { settings: UpsellSettings; onClose: () => void }) {
  const t = useText()
  const { data: channels } = useRoute(listChannels)
  const save = useCommand(putUpsellSettings, { quiet: true, stale: ['/api/v1/upsell'] })
  const { rows, add, remove } = useRows(settings.plans)
  const events = useRows(settings.events)
  return (
    <Form
      submit={t('upsell.save')}
      onCancel={onClose}
      onSubmit={async values => {
        await save.run({
          body: {
            currency: values.text('currency').toUpperCase(),
            plans: rows.map((_, index) => ({
              name: values.text(`plans.${index}.name`),
              pricePerUser: values.number(`plans.${index}.pricePerUser`) ?? 0,
              monthlyLimit: values.number(`plans.${index}.monthlyLimit`) ?? null,
            })),
            events: events.rows.map((_, index) => ({
              event: values.text(`events.${index}.event`),
              meaning: eventMeanings.find(each => each === values.text(`events.${index}.meaning`)) ?? 'signal',
              plan: eventPlans.find(each => each === values.text(`events.${index}.plan`)) ?? 'any',
              times: values.number(`events.${index}.times`) ?? 0,
              days: values.number(`events.${index}.days`) ?? 0,
            })),
            hourlyRate: values.number('hourlyRate') ?? 0,
            hoursPerWork: values.number('hoursPerWork') ?? 0,
            months: values.number('months') ?? 12,
            channel: values.text('channel') || null,
          },
        })
        toastDone(t('upsell.saved'))
        onClose()
      }}
    >
      <Field label={t('upsell.currency')} name="currency" required>
        <TextInput maxLength={3} pattern="[A-Za-z]{3}" defaultValue={settings.currency} autoComplete="off" />
      </Field>
      <fieldset>
        <legend className="k-label">{t('upsell.planList')}</legend>
        <div className="up-plans">
          {rows.map(({ place, value: plan }, index) => (
            <div key={place} className="up-plan">
              <Field label={t('upsell.planName')} name={`plans.${index}.name`} required>
                <TextInput maxLength={60} defaultValue={plan.name} autoComplete="off" />
              </Field>
              <Field label={t('upsell.planPrice')} name={`plans.${index}.pricePerUser`} required>
                <TextInput type="number" min={0} step="any" defaultValue={plan.pricePerUser} />
              </Field>
              <Field label={t('upsell.planLimit')} name={`plans.${index}.monthlyLimit`}>
                <TextInput type="number" min={1} defaultValue={plan.monthlyLimit ?? ''} />
              </Field>
              <IconButton
                icon="trash"
                label={t('upsell.removePlan', { place: index + 1 })}
                disabled={rows.length <= 2}
                onClick={() => remove(place)}
              />
            </div>
          ))}
        </div>
        <Button
          size="small"
          icon="plus"
          disabled={rows.length >= 8}
          onClick={() => add({ name: '', pricePerUser: 0, monthlyLimit: null })}
        >
          {t('upsell.addPlan')}
        </Button>
      </fieldset>
      <EventRows {...events} />
      <Field label={t('upsell.channel')} name="channel" hint={t('upsell.channelHint')}>
        <Select
          defaultValue={settings.channel ?? ''}
          placeholder={t('upsell.noChannel')}
          options={(channels?.items ?? []).map(({ key, name }) => ({ value: key, label: name }))}
        />
      </Field>
      <Field label={t('upsell.hourlyRate', { currency: settings.currency })} name="hourlyRate" required>
        <TextInput type="number" min={0} step="any" defaultValue={settings.hourlyRate} />
      </Field>
      <Field label={t('upsell.hoursPerWork')} name="hoursPerWork" required>
        <TextInput type="number" min={0} step="any" defaultValue={settings.hoursPerWork} />
      </Field>
      <Field label={t('upsell.months')} name="months" required hint={t('upsell.monthsHint')}>
        <TextInput type="number" min={1} max={12} step="any" defaultValue={settings.months} />
      </Field>
    </Form>
  )
}
