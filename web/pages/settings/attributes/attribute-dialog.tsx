import { useState } from 'react'
import {
  type AttributeType,
  attributeTypes,
  createAttribute,
  recordKinds,
  updateAttribute,
} from '../../../../server/customers/attributes/contract/attributes.ts'
import { useCommand } from '../../../api/hooks.ts'
import type { Attribute } from '../../../features/record/attributes.ts'
import { useText } from '../../../i18n/provider.tsx'
import { Dialog } from '../../../kit/dialog.tsx'
import { Field, Select, Textarea, TextInput } from '../../../kit/field.tsx'
import { Form } from '../../../kit/form.tsx'
import { toastDone } from '../../../kit/toast.tsx'

export const staleFields = [
  '/api/v1/attributes',
  '/api/v1/tags',
  '/api/v1/customer-success/customers',
  '/api/v1/contacts',
]

const optionsOf = (text: string) =>
  text
    .split('\n')
    .map(line => line.trim())
    .filter(Boolean)

interface AttributeDialogProps {
  attribute: Attribute | undefined
  onClose: () => void
}

/** A new field of the company's own, or name, description and choices of one; key and type stay. */
export function AttributeDialog({ attribute, onClose }: AttributeDialogProps) {
  const t = useText()
  const [type, setType] = useState<AttributeType>(attribute?.type ?? 'text')
  const create = useCommand(createAttribute, { quiet: true, stale: staleFields })
  const update = useCommand(updateAttribute, { quiet: true, stale: staleFields })
  const hasOptions = type === 'one_of' || type === 'many_of'
  return (
    <Dialog
      open
      onClose={onClose}
      title={attribute ? t('fields.editTitle', { name: attribute.label }) : t('fields.addTitle')}
    >
      <Form
        submit={t(attribute ? 'settings.save' : 'fields.add')}
        onCancel={onClose}
        onSubmit={async values => {
          const label = values.text('label')
          const common = {
            label,
            description: values.text('description') || null,
            options: hasOptions ? optionsOf(values.text('options')) : [],
          }
          if (attribute) await update.run({ params: { id: attribute.id }, body: common })
          else
            await create.run({
              body: {
                ...common,
                type,
                key: values.text('key'),
                record: recordKinds.find(each => each === values.text('record')) ?? 'customer',
              },
            })
          toastDone(t('fields.saved', { name: label }))
          onClose()
        }}
      >
        <Field label={t('fields.label')} name="label" required>
          <TextInput maxLength={80} defaultValue={attribute?.label} autoComplete="off" />
        </Field>
        {!attribute && (
          <>
            <Field label={t('fields.record')} name="record" required>
              <Select
                defaultValue="customer"
                options={recordKinds.map(value => ({ value, label: t(`fields.record.${value}`) }))}
              />
            </Field>
            <Field label={t('fields.type')} name="type" required hint={t('fields.typeHint')}>
              <Select
                value={type}
                options={attributeTypes.map(value => ({ value, label: t(`fields.type.${value}`) }))}
                onChange={event => {
                  const next = attributeTypes.find(each => each === event.currentTarget.value)
                  if (next) setType(next)
                }}
              />
            </Field>
            <Field label={t('fields.key')} name="key" required hint={t('fields.keyHint')}>
              <TextInput pattern="[a-z][a-z0-9_]*" maxLength={63} autoComplete="off" spellCheck={false} />
            </Field>
          </>
        )}
        {hasOptions && (
          <Field label={t('fields.options')} name="options" required hint={t('fields.optionsHint')}>
            <Textarea rows={5} defaultValue={attribute?.options.join('\n')} />
          </Field>
        )}
        <Field label={t('fields.description')} name="description">
          <TextInput maxLength={500} defaultValue={attribute?.description ?? ''} autoComplete="off" />
        </Field>
      </Form>
    </Dialog>
  )
}
