import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { suggestValues } from '../../../server/customers/accounts/contract/around.ts'
import {
  type Customer,
  createCustomer,
  customerStatuses,
  updateCustomer,
} from '../../../server/customers/accounts/contract/customers.ts'
import { useCommand, useRoute } from '../../api/hooks.ts'
import { useSession } from '../../api/session.tsx'
import { useText } from '../../i18n/provider.tsx'
import { Dialog } from '../../kit/dialog.tsx'
import { Field, Select, TextInput } from '../../kit/field.tsx'
import { Form } from '../../kit/form.tsx'
import { SearchSelect } from '../../kit/search-select.tsx'
import { toastDone } from '../../kit/toast.tsx'
import { AttributeField, attributeValuesOf } from './attribute-field.tsx'
import { useAttributes } from './attributes.ts'
import { refreshCustomers } from './cache.ts'
import { commaList } from './comma-list.ts'
import { useOwnerOptions } from './owners.ts'
import { CustomerSelect } from './record-select.tsx'
import { TimeZoneField } from './time-zone-field.tsx'
import './record.css'

const currencies = Intl.supportedValuesOf('currency')
const suggestible = ['industry', 'plan', 'segment', 'region'] as const

/** A new customer, or the facts of a known one. */
export function CustomerDialog({ customer, onClose }: { customer?: Customer; onClose: () => void }) {
  const t = useText()
  const navigate = useNavigate()
  const { member, tenant } = useSession()
  const owners = useOwnerOptions()
  const attributes = useAttributes('customer')
  const [owner, setOwner] = useState(customer ? (customer.ownerId ?? '') : member.id)
  const [currency, setCurrency] = useState(customer?.currency ?? tenant.currency)
  const [parent, setParent] = useState({ id: customer?.parentId ?? '', name: customer?.parentName ?? '' })
  const create = useCommand(createCustomer, { quiet: true, stale: [] })
  const update = useCommand(updateCustomer, { quiet: true, stale: [] })
  return (
    <Dialog
      open
      onClose={onClose}
      size="wide"
      title={customer ? t('customers.form.editTitle', { name: customer.name }) : t('customers.form.title')}
    >
      <Form
        submit={t(customer ? 'customers.save' : 'customers.form.submit')}
        onCancel={onClose}
        onSubmit={async values => {
          const body = {
            name: values.text('name'),
            externalId: values.text('externalId') || null,
            website: values.text('website') || null,
            domains: commaList(values.text('domains')),
            industry: values.text('industry') || null,
            plan: values.text('plan') || null,
            segment: values.text('segment') || null,
            region: values.text('region') || null,
            timeZone: values.text('timeZone') || null,
            employeeCount: values.number('employeeCount') ?? null,
            licenceCount: values.number('licenceCount') ?? null,
            currency,
            renewalOn: values.text('renewalOn') || null,
            executiveSponsor: values.text('executiveSponsor') || null,
            parentId: parent.id || null,
            status: customerStatuses.find(each => each === values.text('status')) ?? 'ACTIVE',
            attributes: attributeValuesOf(attributes, values),
          }
          if (customer) {
            await update.run({ params: { id: customer.id }, body })
            toastDone(t('customers.form.saved', { name: body.name }))
          } else {
            const mrr = values.number('mrr')
            const made = await create.run({
              body: { ...body, ownerId: owner || null, ...(mrr !== undefined && { mrr }) },
            })
            toastDone(t('customers.form.created', { name: body.name }))
            void navigate({ to: '/customers/$id', params: { id: made.id } })
          }
          await refreshCustomers()
          onClose()
        }}
      >
        <Field label={t('record.field.name')} name="name" required>
          <TextInput maxLength={200} defaultValue={customer?.name} autoComplete="off" />
        </Field>
        <div className="r-two">
          {!customer && (
            <Field label={t('record.field.ownerId')} name="ownerId">
              <SearchSelect
                label={t('record.field.ownerId')}
                options={owners}
                value={owner}
                onChange={setOwner}
                placeholder={t('customers.findOwner')}
                none={t('customers.noOwner')}
              />
            </Field>
          )}
          <Field label={t('record.field.status')} name="status" required>
            <Select
              defaultValue={customer?.status ?? 'ACTIVE'}
              options={customerStatuses.map(value => ({ value, label: t(`record.status.${value}`) }))}
            />
          </Field>
          {!customer && (
            <Field label={t('customers.form.mrr')} name="mrr" hint={t('customers.form.mrrHint')}>
              <TextInput type="number" min={0} step="any" />
            </Field>
          )}
          <Field label={t('record.field.currency')} name="currency" required>
            <SearchSelect
              label={t('record.field.currency')}
              options={currencies.map(value => ({ value, label: value }))}
              value={currency}
              onChange={setCurrency}
              placeholder={t('record.field.currency')}
              none={t('record.filter.noValue')}
            />
          </Field>
          <Field label={t('record.field.renewalOn')} name="renewalOn">
            <TextInput type="date" defaultValue={customer?.renewalOn ?? ''} />
          </Field>
          <Field label={t('record.field.licenceCount')} name="licenceCount">
            <TextInput type="number" min={0} defaultValue={customer?.licenceCount ?? ''} />
          </Field>
          {suggestible.map(field => (
            <SuggestField key={field} field={field} value={customer?.[field] ?? ''} />
          ))}
          <TimeZoneField record="customer" value={customer?.timeZone ?? null} />
          <Field label={t('record.field.employeeCount')} name="employeeCount">
            <TextInput type="number" min={0} defaultValue={customer?.employeeCount ?? ''} />
          </Field>
          <Field label={t('customers.column.website')} name="website">
            <TextInput maxLength={500} defaultValue={customer?.website ?? ''} />
          </Field>
          <Field label={t('customers.column.domains')} name="domains" hint={t('customers.form.domainsHint')}>
            <TextInput maxLength={2_000} defaultValue={customer?.domains.join(', ')} autoComplete="off" />
          </Field>
          <Field label={t('record.field.externalId')} name="externalId" hint={t('customers.form.externalHint')}>
            <TextInput maxLength={200} defaultValue={customer?.externalId ?? ''} autoComplete="off" />
          </Field>
          <Field label={t('customers.column.executiveSponsor')} name="executiveSponsor">
            <TextInput maxLength={200} defaultValue={customer?.executiveSponsor ?? ''} autoComplete="off" />
          </Field>
          <Field label={t('customers.column.parentName')} name="parentId">
            <CustomerSelect value={parent} onChange={setParent} without={customer?.id} />
          </Field>
          {attributes.map(attribute => (
            <AttributeField
              key={attribute.id}
              attribute={attribute}
              value={customer?.attributes[attribute.key] ?? null}
            />
          ))}
        </div>
      </Form>
    </Dialog>
  )
}

function SuggestField({ field, value }: { field: (typeof suggestible)[number]; value: string }) {
  const t = useText()
  const known = useRoute(suggestValues, { query: { field } }).data?.items ?? []
  return (
    <>
      <Field label={t(`record.field.${field}`)} name={field}>
        <TextInput maxLength={100} defaultValue={value} list={`known-${field}`} autoComplete="off" />
      </Field>
      <datalist id={`known-${field}`}>
        {known.map(each => (
          <option key={each.value} value={each.value} />
        ))}
      </datalist>
    </>
  )
}
