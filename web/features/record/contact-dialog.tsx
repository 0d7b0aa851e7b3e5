import { useState } from 'react'
import {
  type Contact,
  consents,
  createContact,
  emailStates,
  sentiments,
  stakeholderRoles,
  updateContact,
} from '../../../server/customers/contacts/contract.ts'
import { useCommand } from '../../api/hooks.ts'
import { useText } from '../../i18n/provider.tsx'
import { Dialog } from '../../kit/dialog.tsx'
import { Field, Select, Textarea, TextInput } from '../../kit/field.tsx'
import { Form } from '../../kit/form.tsx'
import { toastDone } from '../../kit/toast.tsx'
import { AttributeField, attributeValuesOf } from './attribute-field.tsx'
import { useAttributes } from './attributes.ts'
import { CustomerSelect } from './record-select.tsx'
import { TimeZoneField } from './time-zone-field.tsx'
import './record.css'

export const staleContacts = ['/api/v1/contacts', '/api/v1/customers', '/api/v1/tags']

interface ContactDialogProps {
  contact?: Contact
  /** Where a new one belongs; may be changed. */
  customer?: { id: string; name: string }
  onClose: () => void
  onCreated?: (id: string) => void
}

const texts = [
  { name: 'email', type: 'email', most: 254 },
  { name: 'title', type: 'text', most: 200 },
  { name: 'role', type: 'text', most: 100 },
  { name: 'phone', type: 'tel', most: 50 },
  { name: 'lifecycleStage', type: 'text', most: 100 },
  { name: 'externalId', type: 'text', most: 200 },
] as const

/** A new person at a customer, or the facts of a known one. */
export function ContactDialog({ contact, customer, onClose, onCreated }: ContactDialogProps) {
  const t = useText()
  const attributes = useAttributes('contact')
  const [at, setAt] = useState({
    id: contact ? (contact.customerId ?? '') : (customer?.id ?? ''),
    name: contact ? (contact.customerName ?? '') : (customer?.name ?? ''),
  })
  const create = useCommand(createContact, { quiet: true, stale: staleContacts })
  const update = useCommand(updateContact, { quiet: true, stale: staleContacts })
  return (
    <Dialog
      open
      onClose={onClose}
      size="wide"
      title={contact ? t('record.contact.editOf', { name: contact.name }) : t('record.contact.addTitle')}
    >
      <Form
        submit={t(contact ? 'record.compose.save' : 'record.contact.add')}
        onCancel={onClose}
        onSubmit={async values => {
          const body = {
            name: values.text('name'),
            customerId: at.id || null,
            ...Object.fromEntries(texts.map(({ name }) => [name, values.text(name) || null])),
            stakeholderRole: stakeholderRoles.find(each => each === values.text('stakeholderRole')) ?? null,
            sentiment: sentiments.find(each => each === values.text('sentiment')) ?? null,
            emailConsent: consents.find(each => each === values.text('emailConsent')) ?? 'UNKNOWN',
            emailState: emailStates.find(each => each === values.text('emailState')) ?? 'SUBSCRIBED',
            timeZone: values.text('timeZone') || null,
            leftOn: values.text('leftOn') || null,
            nextFollowUp: values.text('nextFollowUp') || null,
            notes: values.text('notes') || null,
            attributes: attributeValuesOf(attributes, values),
          }
          if (contact) await update.run({ params: { id: contact.id }, body })
          else {
            const made = await create.run({ body })
            onCreated?.(made.id)
          }
          toastDone(t(contact ? 'record.contact.saved' : 'record.contact.added', { name: body.name }))
          onClose()
        }}
      >
        <Field label={t('record.field.name')} name="name" required>
          <TextInput maxLength={200} defaultValue={contact?.name} autoComplete="off" />
        </Field>
        <div className="r-two">
          <Field label={t('customers.column.name')} name="customerId">
            <CustomerSelect value={at} onChange={setAt} />
          </Field>
          {texts.map(({ name, type, most }) => (
            <Field key={name} label={t(`record.field.${name}`)} name={name}>
              <TextInput type={type} maxLength={most} defaultValue={contact?.[name] ?? ''} autoComplete="off" />
            </Field>
          ))}
          <Field label={t('record.field.stakeholderRole')} name="stakeholderRole">
            <Select
              placeholder="–"
              defaultValue={contact?.stakeholderRole ?? ''}
              options={stakeholderRoles.map(value => ({ value, label: t(`record.stakeholder.${value}`) }))}
            />
          </Field>
          <Field label={t('record.field.sentiment')} name="sentiment">
            <Select
              placeholder="–"
              defaultValue={contact?.sentiment ?? ''}
              options={sentiments.map(value => ({ value, label: t(`record.sentiment.${value}`) }))}
            />
          </Field>
          <Field label={t('record.field.emailConsent')} name="emailConsent">
            <Select
              defaultValue={contact?.emailConsent ?? 'UNKNOWN'}
              options={consents.map(value => ({ value, label: t(`record.consent.${value}`) }))}
            />
          </Field>
          <Field label={t('record.field.emailState')} name="emailState">
            <Select
              defaultValue={contact?.emailState ?? 'SUBSCRIBED'}
              options={emailStates.map(value => ({ value, label: t(`record.emailState.${value}`) }))}
            />
          </Field>
          <TimeZoneField record="contact" value={contact?.timeZone ?? null} />
          <Field label={t('record.contact.followUp')} name="nextFollowUp">
            <TextInput type="date" defaultValue={contact?.nextFollowUp ?? ''} />
          </Field>
          <Field label={t('record.field.leftOn')} name="leftOn" hint={t('record.contact.leftHint')}>
            <TextInput type="date" defaultValue={contact?.leftOn ?? ''} />
          </Field>
          {attributes.map(attribute => (
            <AttributeField
              key={attribute.id}
              attribute={attribute}
              value={contact?.attributes[attribute.key] ?? null}
            />
          ))}
        </div>
        <Field label={t('record.contact.notes')} name="notes">
          <Textarea maxLength={20_000} defaultValue={contact?.notes ?? ''} />
        </Field>
      </Form>
    </Dialog>
  )
}
