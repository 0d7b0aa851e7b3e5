import { useText } from '../../i18n/provider.tsx'
import { Dialog } from '../../kit/dialog.tsx'
import { Field, TextInput } from '../../kit/field.tsx'
import { Form } from '../../kit/form.tsx'

interface ReasonDialogProps {
  status: 'waiting' | 'cancelled'
  count: number
  onSave: (reason: string) => Promise<unknown>
  onClose: () => void
}

/** Asks why tasks wait, or why they are cancelled. */
export function ReasonDialog({ status, count, onSave, onClose }: ReasonDialogProps) {
  const t = useText()
  return (
    <Dialog open onClose={onClose} title={t(`tasks.reasonTitle.${status}`, { count })}>
      <Form
        submit={t(`tasks.set.${status}`)}
        onCancel={onClose}
        onSubmit={async values => {
          await onSave(values.text('reason'))
          onClose()
        }}
      >
        <Field label={t('tasks.reason')} name="reason" required hint={t(`tasks.reasonHint.${status}`)}>
          <TextInput maxLength={500} autoComplete="off" />
        </Field>
      </Form>
    </Dialog>
  )
}
