import { useState } from 'react'
import type { Customer } from '../../../server/customers/accounts/contract/customers.ts'
import type { RouteReply } from '../../../server/platform/http/contract.ts'
import {
  type customerHealth,
  endHealthOverride,
  measureHealth,
  overrideHealth,
} from '../../../server/signals/scorecards/contract/health.ts'
import { useCommand } from '../../api/hooks.ts'
import { nameOf } from '../../i18n/name-of.ts'
import { useLocale, useText } from '../../i18n/provider.tsx'
import { Button } from '../../kit/button.tsx'
import { Dialog } from '../../kit/dialog.tsx'
import { Field, Select, Textarea, TextInput } from '../../kit/field.tsx'
import { Form } from '../../kit/form.tsx'
import { toastDone } from '../../kit/toast.tsx'

type State = RouteReply<typeof customerHealth>

export const staleHealth = ['/api/v1/customers', '/api/v1/customer-success/customers', '/api/v1/health']

/** Sets the score by hand, with the reason, until a day. */
export function OverrideDialog({
  customer,
  override,
  onClose,
}: {
  customer: Customer
  override: State['override']
  onClose: () => void
}) {
  const t = useText()
  const set = useCommand(overrideHealth, { quiet: true, stale: staleHealth })
  const end = useCommand(endHealthOverride, { stale: staleHealth, onDone: onClose })
  const params = { id: customer.id }
  return (
    <Dialog open onClose={onClose} title={t('health.overrideTitle')} text={t('health.overrideText')}>
      <Form
        submit={t('health.override')}
        onCancel={onClose}
        aside={
          override && (
            <Button pending={end.pending} onClick={() => void end.run({ params })}>
              {t('health.endOverride')}
            </Button>
          )
        }
        onSubmit={async values => {
          await set.run({
            params,
            body: {
              score: values.number('score') ?? 0,
              reason: values.text('reason'),
              expiresOn: values.text('expiresOn'),
            },
          })
          toastDone(t('health.overrideDone'))
          onClose()
        }}
      >
        <Field label={t('health.score')} name="score" required>
          <TextInput type="number" min={0} max={100} step="any" defaultValue={override?.score} />
        </Field>
        <Field label={t('health.reason')} name="reason" required>
          <TextInput maxLength={500} defaultValue={override?.reason} />
        </Field>
        <Field label={t('health.expires')} name="expiresOn" required>
          <TextInput type="date" defaultValue={override?.expiresOn} />
        </Field>
      </Form>
    </Dialog>
  )
}

/** Judges a factor by hand. */
export function MeasureDialog({
  customer,
  measures,
  onClose,
}: {
  customer: Customer
  measures: State['measures']
  onClose: () => void
}) {
  const t = useText()
  const { locale } = useLocale()
  const [key, setKey] = useState(measures[0]!.key)
  const measure = useCommand(measureHealth, { quiet: true, stale: staleHealth })
  const chosen = measures.find(each => each.key === key)
  return (
    <Dialog open onClose={onClose} title={t('health.measure')}>
      <Form
        submit={t('health.measureSave')}
        onCancel={onClose}
        onSubmit={async values => {
          await measure.run({
            params: { id: customer.id },
            body: {
              key,
              value: values.number('value') ?? 0,
              note: values.text('note') || null,
              expiresOn: values.text('expiresOn') || null,
            },
          })
          toastDone(t('health.measureDone'))
          onClose()
        }}
      >
        <Field label={t('health.column.name')}>
          <Select
            value={key}
            options={measures.map(each => ({ value: each.key, label: nameOf(each, locale) }))}
            onChange={event => setKey(event.currentTarget.value)}
          />
        </Field>
        <Field label={t('health.value0to100')} name="value" required>
          <TextInput key={key} type="number" min={0} max={100} step="any" defaultValue={chosen?.value ?? undefined} />
        </Field>
        <Field label={t('health.note')} name="note">
          <Textarea maxLength={500} defaultValue={chosen?.note ?? ''} />
        </Field>
        <Field label={t('health.expires')} name="expiresOn">
          <TextInput type="date" defaultValue={chosen?.expiresOn ?? undefined} />
        </Field>
      </Form>
    </Dialog>
  )
}
