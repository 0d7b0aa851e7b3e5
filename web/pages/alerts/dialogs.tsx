import { useState } from 'react'
import type { AlertAction } from '../../../server/engage/alerts/contract/alerts.ts'
import { useOwnerOptions } from '../../features/record/owners.ts'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { Button } from '../../kit/button.tsx'
import { Dialog } from '../../kit/dialog.tsx'
import { Field, Textarea, TextInput } from '../../kit/field.tsx'
import { Form } from '../../kit/form.tsx'
import { SearchSelect } from '../../kit/search-select.tsx'

export type Asked = 'snooze' | 'resolve' | 'assign'

interface DialogProps {
  ids: readonly string[]
  act: (action: AlertAction) => Promise<void>
  onClose: () => void
}

/** What has to be said before something is done to alerts. */
export function ActionDialog({ asked, ...rest }: DialogProps & { asked: Asked }) {
  if (asked === 'snooze') return <SnoozeDialog {...rest} />
  return asked === 'resolve' ? <ResolveDialog {...rest} /> : <AssignDialog {...rest} />
}

const spans = [1, 3, 7, 30] as const
const dayLength = 86_400_000

function SnoozeDialog({ ids, act, onClose }: DialogProps) {
  const t = useText()
  const format = useFormat()
  const [day, setDay] = useState(() => dayIn(7, format.today()))
  return (
    <Dialog open onClose={onClose} title={t('alerts.snoozeTitle', { count: ids.length })} text={t('alerts.snoozeText')}>
      <Form
        submit={t('alerts.snooze')}
        onCancel={onClose}
        onSubmit={async values => {
          // In the morning of that day, where the person is.
          const until = new Date(`${values.text('until')}T09:00:00`).toISOString()
          await act({ action: 'snooze', ids: [...ids], until, reason: values.text('reason') })
          onClose()
        }}
      >
        <Field label={t('alerts.untilDay')} name="until" required>
          <TextInput
            type="date"
            min={dayIn(1, format.today())}
            max={dayIn(365, format.today())}
            value={day}
            onChange={event => setDay(event.currentTarget.value)}
          />
        </Field>
        <div className="a-spans">
          {spans.map(days => (
            <Button key={days} size="small" onClick={() => setDay(dayIn(days, format.today()))}>
              {t('alerts.days', { days })}
            </Button>
          ))}
        </div>
        <Field label={t('alerts.reason')} name="reason" required hint={t('alerts.snoozeHint')}>
          <TextInput maxLength={500} autoComplete="off" />
        </Field>
      </Form>
    </Dialog>
  )
}

function dayIn(days: number, today: string): string {
  return new Date(Date.parse(today) + days * dayLength).toISOString().slice(0, 10)
}

function ResolveDialog({ ids, act, onClose }: DialogProps) {
  const t = useText()
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('alerts.resolveTitle', { count: ids.length })}
      text={t('alerts.resolveText')}
    >
      <Form
        submit={t('alerts.resolve')}
        onCancel={onClose}
        onSubmit={async values => {
          await act({ action: 'resolve', ids: [...ids], note: values.text('note') })
          onClose()
        }}
      >
        <Field label={t('alerts.resolution')} name="note" required>
          <Textarea maxLength={2_000} />
        </Field>
      </Form>
    </Dialog>
  )
}

function AssignDialog({ ids, act, onClose }: DialogProps) {
  const t = useText()
  const options = useOwnerOptions()
  const [owner, setOwner] = useState('')
  return (
    <Dialog open onClose={onClose} title={t('alerts.assignTitle', { count: ids.length })}>
      <Form
        submit={t('alerts.assign')}
        onCancel={onClose}
        onSubmit={async () => {
          await act({ action: 'assign', ids: [...ids], ownerId: owner || null })
          onClose()
        }}
      >
        <Field label={t('alerts.assignTo')} name="owner">
          <SearchSelect
            label={t('alerts.assignTo')}
            options={options}
            value={owner}
            onChange={setOwner}
            placeholder={t('alerts.find')}
            none={t('alerts.nobodyFound')}
          />
        </Field>
      </Form>
    </Dialog>
  )
}
