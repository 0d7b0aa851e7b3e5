import { useEffect, useRef, useState } from 'react'
import {
  communicationKinds,
  createCommunication,
  type TimelineEntry,
  updateCommunication,
} from '../../../server/customers/timeline/contract.ts'
import { useCommand } from '../../api/hooks.ts'
import { useText } from '../../i18n/provider.tsx'
import { Button } from '../../kit/button.tsx'
import { Dialog } from '../../kit/dialog.tsx'
import { Field, Textarea } from '../../kit/field.tsx'
import { Form } from '../../kit/form.tsx'
import { Icon } from '../../kit/icon.tsx'
import { Keys } from '../../kit/kbd.tsx'
import { useShortcut } from '../../kit/shortcuts.tsx'
import { toastDone, toastFailed } from '../../kit/toast.tsx'
import { communicationOf, DetailFields, type Draft, emptyDraft } from './composer-fields.tsx'
import { kindIcon } from './timeline-title.tsx'

/** What a new entry makes stale: the timeline, and the last contact of the customer. */
export const staleTimeline = [
  '/api/v1/customers/:id/timeline',
  '/api/v1/customer-success/customers',
  '/api/v1/contacts',
]

/** The commonest first. */
const kinds = ['NOTE', 'CALL', 'MEETING', 'EMAIL', 'SLACK'] as const

const draftKey = (customerId: string) => `kizuna.draft.${customerId}`

function keptDraft(customerId: string): Draft {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(draftKey(customerId)) ?? 'null')
    return typeof kept === 'object' && kept !== null ? { ...emptyDraft, ...kept } : emptyDraft
  } catch {
    return emptyDraft
  }
}

/** Writes down a conversation or a note. What is typed is kept in this browser until it is sent. */
export function Composer({ customerId }: { customerId: string }) {
  const t = useText()
  const [draft, setDraft] = useState(() => keptDraft(customerId))
  const [detailed, setDetailed] = useState(false)
  const text = useRef<HTMLTextAreaElement>(null)
  const create = useCommand(createCommunication, { stale: staleTimeline })
  useShortcut('n', t('record.compose.placeholder'), 'general', () => text.current?.focus())
  useEffect(() => {
    if (draft.body === '' && draft.subject === '') localStorage.removeItem(draftKey(customerId))
    else localStorage.setItem(draftKey(customerId), JSON.stringify(draft))
  }, [draft, customerId])

  const send = async () => {
    if (create.pending) return
    if (draft.body.trim() === '') {
      toastFailed(t('record.compose.empty'))
      text.current?.focus()
      return
    }
    await create.run({ params: { id: customerId }, body: communicationOf(draft) })
    setDraft({ ...emptyDraft, kind: draft.kind })
    setDetailed(false)
    toastDone(t('record.compose.done'))
  }
  return (
    <form
      className="r-composer"
      onSubmit={event => {
        event.preventDefault()
        send().catch(() => {})
      }}
      onKeyDown={event => {
        if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.nativeEvent.isComposing) return
        event.preventDefault()
        send().catch(() => {})
      }}
    >
      <div className="r-composer-kinds" role="radiogroup" aria-label={t('record.compose.label')}>
        {kinds.map(kind => (
          // biome-ignore lint/a11y/useSemanticElements: a native radio cannot hold the look of a button
          <button
            key={kind}
            type="button"
            role="radio"
            aria-checked={draft.kind === kind}
            className="k-button"
            data-kind="quiet"
            data-size="small"
            onClick={() => setDraft({ ...draft, kind })}
          >
            <KindIcon kind={kind} />
            <span>{t(`record.compose.${kind}`)}</span>
          </button>
        ))}
      </div>
      <textarea
        ref={text}
        className="r-composer-text"
        rows={3}
        maxLength={50_000}
        aria-label={t('record.compose.body')}
        placeholder={t('record.compose.placeholder')}
        value={draft.body}
        onChange={event => setDraft({ ...draft, body: event.currentTarget.value })}
      />
      {detailed && <DetailFields customerId={customerId} draft={draft} onChange={setDraft} />}
      <div className="r-composer-foot">
        <Button size="small" kind="quiet" aria-expanded={detailed} onClick={() => setDetailed(!detailed)}>
          {t('record.compose.details')}
        </Button>
        <small className="text-t3">{t('record.compose.draft')}</small>
        <span className="r-composer-send">
          <Keys keys="mod+Enter" />
          <Button type="submit" size="small" kind="primary" pending={create.pending}>
            {t('record.compose.submit')}
          </Button>
        </span>
      </div>
    </form>
  )
}

function KindIcon({ kind }: { kind: Draft['kind'] }) {
  return <Icon name={kindIcon(`communication.${kind.toLowerCase()}`)} />
}

interface EditDialogProps {
  customerId: string
  entry: TimelineEntry
  onClose: () => void
}

/** A moment as a field of the browser has it. */
function localMoment(at: string): string {
  const date = new Date(at)
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}

/** Corrects an entry that was written by hand. */
export function EditDialog({ customerId, entry, onClose }: EditDialogProps) {
  const t = useText()
  const [draft, setDraft] = useState<Draft>(() => ({
    kind: communicationKinds.find(kind => entry.kind === `communication.${kind.toLowerCase()}`) ?? 'NOTE',
    body: entry.body ?? '',
    subject: entry.title ?? '',
    at: localMoment(entry.at),
    minutes: typeof entry.details.durationMinutes === 'number' ? String(entry.details.durationMinutes) : '',
    direction: (['INBOUND', 'OUTBOUND'] as const).find(each => each === entry.details.direction) ?? '',
    contactIds: entry.contacts.map(contact => contact.id),
  }))
  const update = useCommand(updateCommunication, { quiet: true, stale: staleTimeline })
  return (
    <Dialog open onClose={onClose} title={t('record.compose.editTitle')}>
      <Form
        submit={t('record.compose.save')}
        onCancel={onClose}
        onSubmit={async () => {
          await update.run({ params: { id: entry.id }, body: communicationOf(draft) })
          onClose()
        }}
      >
        <Field label={t('record.compose.body')} name="body" required>
          <Textarea
            rows={5}
            maxLength={50_000}
            value={draft.body}
            onChange={event => setDraft({ ...draft, body: event.currentTarget.value })}
          />
        </Field>
        <DetailFields customerId={customerId} draft={draft} onChange={setDraft} />
      </Form>
    </Dialog>
  )
}
