import { moveContact } from '../../../server/signals/lifecycle/contract/leads.ts'
import { useCommand } from '../../api/hooks.ts'
import { nameOf } from '../../i18n/name-of.ts'
import { useLocale, useText } from '../../i18n/provider.tsx'
import { Dialog } from '../../kit/dialog.tsx'
import { Field, Textarea } from '../../kit/field.tsx'
import { Form } from '../../kit/form.tsx'
import { Note } from '../../kit/note.tsx'
import { toastDone } from '../../kit/toast.tsx'
import { type Stage, staleLifecycle } from './stages.ts'

interface MoveDialogProps {
  contact: { id: string; name: string }
  from: Stage | undefined
  to: Stage
  onClose: () => void
}

/** Moves a lead by hand: says what will be done there, and asks for the reason where it goes back or is lost. */
export function MoveDialog({ contact, from, to, onClose }: MoveDialogProps) {
  const t = useText()
  const { locale } = useLocale()
  const move = useCommand(moveContact, { quiet: true, stale: staleLifecycle })
  const stage = nameOf(to, locale)
  const isBack = from !== undefined && (from.kind === 'lost' || to.position < from.position)
  const needsReason = isBack || to.kind === 'lost'
  return (
    <Dialog open onClose={onClose} title={t('lifecycle.dialog.title', { name: contact.name, stage })}>
      <Form
        submit={t('lifecycle.dialog.submit')}
        onCancel={onClose}
        onSubmit={async values => {
          const reason = values.optional('reason')?.replace(/\s+/g, ' ') ?? null
          await move.run({ params: { id: contact.id }, body: { stage: to.key, reason } })
          toastDone(t('lifecycle.moved', { name: contact.name, stage }))
          onClose()
        }}
      >
        {isBack && <Note>{t('lifecycle.dialog.back')}</Note>}
        <Planned stage={to} />
        <Field
          label={t('lifecycle.dialog.reason')}
          name="reason"
          required={needsReason}
          hint={t(needsReason ? 'lifecycle.dialog.reasonNeeded' : 'lifecycle.dialog.reasonHint')}
        >
          <Textarea maxLength={500} rows={3} />
        </Field>
      </Form>
    </Dialog>
  )
}

function Planned({ stage }: { stage: Stage }) {
  const t = useText()
  if (stage.state === 'paused') return <p className="text-t3">{t('lifecycle.dialog.pausedText')}</p>
  if (stage.actions.length === 0) return <p className="text-t3">{t('lifecycle.dialog.nothing')}</p>
  return (
    <div>
      <p className="text-t2">{t('lifecycle.dialog.does')}</p>
      <ul className="y-list">
        {stage.actions.map((action, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: actions have no other identity than their place
          <li key={place}>{t(`lifecycle.action.${action.kind}`)}</li>
        ))}
      </ul>
    </div>
  )
}
