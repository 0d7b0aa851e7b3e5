import {
  cancelJourney,
  completeJourney,
  pauseJourney,
  type WholeJourney,
} from '../../../server/engage/onboarding/contract/journeys.ts'
import { useCommand } from '../../api/hooks.ts'
import { useAllMembers } from '../../features/identity/all-members.ts'
import { useText } from '../../i18n/provider.tsx'
import { Dialog } from '../../kit/dialog.tsx'
import { Field, Select, TextInput } from '../../kit/field.tsx'
import { Form } from '../../kit/form.tsx'

export type Asked = 'pause' | 'cancel' | 'complete'

interface ActDialogProps {
  asked: Asked
  journey: WholeJourney
  stale: readonly string[]
  onClose: () => void
}

/** Asks for what pausing, cancelling or completing a journey takes. */
export function ActDialog({ asked, journey, stale, onClose }: ActDialogProps) {
  const t = useText()
  const members = useAllMembers() ?? []
  const options = { stale, quiet: true }
  const pause = useCommand(pauseJourney, options)
  const cancel = useCommand(cancelJourney, options)
  const complete = useCommand(completeJourney, options)
  const params = { id: journey.id }
  return (
    <Dialog open onClose={onClose} title={t(`onboarding.ask.${asked}`)}>
      <Form
        submit={t(`onboarding.${asked}`)}
        submitKind={asked === 'cancel' ? 'destroy' : 'primary'}
        onCancel={onClose}
        onSubmit={async values => {
          const reason = values.text('reason')
          if (asked === 'pause') await pause.run({ params, body: { reason } })
          else if (asked === 'cancel') await cancel.run({ params, body: { reason } })
          else {
            const [handOverTo, note] = [values.text('handOverTo'), values.text('note')]
            const body = { ...(reason && { reason }), ...(handOverTo && { handOverTo }), ...(note && { note }) }
            await complete.run({ params, body })
          }
          onClose()
        }}
      >
        {asked === 'complete' ? (
          <>
            {!journey.mayComplete && (
              <Field label={t('onboarding.openReason')} name="reason" required>
                <TextInput maxLength={500} autoComplete="off" />
              </Field>
            )}
            <Field label={t('onboarding.handOver')} name="handOverTo">
              <Select
                placeholder={t('onboarding.handOverNone')}
                options={members.map(({ id, name }) => ({ value: id, label: name }))}
              />
            </Field>
            <Field label={t('onboarding.note')} name="note">
              <TextInput maxLength={500} autoComplete="off" />
            </Field>
          </>
        ) : (
          <Field label={t('onboarding.reason')} name="reason" required>
            <TextInput maxLength={500} autoComplete="off" />
          </Field>
        )}
      </Form>
    </Dialog>
  )
}
