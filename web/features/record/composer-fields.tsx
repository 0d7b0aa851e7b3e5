import { listContacts } from '../../../server/customers/contacts/contract.ts'
import type { communicationKinds } from '../../../server/customers/timeline/contract.ts'
import { useRoute } from '../../api/hooks.ts'
import { useText } from '../../i18n/provider.tsx'
import { Checkbox, Field, Select, TextInput } from '../../kit/field.tsx'

export type CommunicationKind = (typeof communicationKinds)[number]

/** What is typed into the composer. */
export interface Draft {
  kind: CommunicationKind
  body: string
  subject: string
  /** As the field of the browser has it: YYYY-MM-DDTHH:mm in the browser's zone; '' for now. */
  at: string
  minutes: string
  direction: '' | 'INBOUND' | 'OUTBOUND'
  contactIds: readonly string[]
}

export const emptyDraft: Draft = {
  kind: 'NOTE',
  body: '',
  subject: '',
  at: '',
  minutes: '',
  direction: '',
  contactIds: [],
}

/** The draft as the API takes it. */
export function communicationOf(draft: Draft) {
  return {
    kind: draft.kind,
    body: draft.body.trim(),
    subject: draft.subject.trim() || null,
    durationMinutes: draft.minutes === '' ? null : Number(draft.minutes),
    direction: draft.direction || null,
    contactIds: [...draft.contactIds],
    ...(draft.at !== '' && { occurredAt: new Date(draft.at).toISOString() }),
  }
}

interface DetailFieldsProps {
  customerId: string
  draft: Draft
  onChange: (draft: Draft) => void
}

/** When, how long, with whom. */
export function DetailFields({ customerId, draft, onChange }: DetailFieldsProps) {
  const t = useText()
  const contacts = useRoute(listContacts, { query: { customerId, limit: 100 } })
  const toggle = (id: string) => {
    const { contactIds } = draft
    onChange({
      ...draft,
      contactIds: contactIds.includes(id) ? contactIds.filter(each => each !== id) : [...contactIds, id],
    })
  }
  const isTalk = draft.kind === 'CALL' || draft.kind === 'MEETING'
  return (
    <div className="grid gap-4">
      <div className="r-three">
        <Field label={t('record.compose.at')}>
          <TextInput
            type="datetime-local"
            value={draft.at}
            onChange={event => onChange({ ...draft, at: event.currentTarget.value })}
          />
        </Field>
        {isTalk && (
          <Field label={t('record.compose.minutes')}>
            <TextInput
              type="number"
              min={0}
              max={10_080}
              value={draft.minutes}
              onChange={event => onChange({ ...draft, minutes: event.currentTarget.value })}
            />
          </Field>
        )}
        {draft.kind !== 'NOTE' && (
          <Field label={t('record.compose.direction')}>
            <Select
              placeholder="–"
              value={draft.direction}
              options={(['INBOUND', 'OUTBOUND'] as const).map(value => ({
                value,
                label: t(`record.compose.${value}`),
              }))}
              onChange={event =>
                onChange({
                  ...draft,
                  direction: (['INBOUND', 'OUTBOUND'] as const).find(each => each === event.currentTarget.value) ?? '',
                })
              }
            />
          </Field>
        )}
        <Field label={t('record.compose.subject')}>
          <TextInput
            maxLength={300}
            value={draft.subject}
            onChange={event => onChange({ ...draft, subject: event.currentTarget.value })}
          />
        </Field>
      </div>
      {contacts.data && contacts.data.items.length > 0 && (
        <fieldset>
          <legend className="k-label">{t('record.compose.contacts')}</legend>
          <div className="flex flex-wrap gap-4">
            {contacts.data.items.map(contact => (
              <Checkbox
                key={contact.id}
                label={contact.name}
                checked={draft.contactIds.includes(contact.id)}
                onChange={() => toggle(contact.id)}
              />
            ))}
          </div>
        </fieldset>
      )}
    </div>
  )
}
