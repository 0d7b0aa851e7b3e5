import { useId } from 'react'
import { customerUses } from '../../../server/customers/accounts/contract/around.ts'
import { type Customer, updateCustomer } from '../../../server/customers/accounts/contract/customers.ts'
import { churnReasons } from '../../../server/signals/churn/contract/models.ts'
import { useCommand, useRoute } from '../../api/hooks.ts'
import { refreshCustomers } from '../../features/record/cache.ts'
import { Uses } from '../../features/record/uses.tsx'
import { useText } from '../../i18n/provider.tsx'
import { Dialog } from '../../kit/dialog.tsx'
import { Field, TextInput } from '../../kit/field.tsx'
import { Form } from '../../kit/form.tsx'
import { toastDone } from '../../kit/toast.tsx'

/** Marks a customer as lost, with the reason: its record stays, with everything that hangs on it. */
export function ChurnDialog({ customer, onClose }: { customer: Customer; onClose: () => void }) {
  const t = useText()
  const list = useId()
  const uses = useRoute(customerUses, { params: { id: customer.id } })
  const reasons = useRoute(churnReasons, { query: { months: 60 } })
  const update = useCommand(updateCustomer, { stale: ['/api/v1/churn'], quiet: true })
  const { status, churnReason } = customer
  const undo = () =>
    void update
      .run({ params: { id: customer.id }, body: { status, churnedOn: null, churnReason } })
      .then(refreshCustomers, () => {})
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('customer.churnTitle', { name: customer.name })}
      text={
        <>
          <p>{t('customer.churnText')}</p>
          <Uses uses={uses.data?.uses} />
        </>
      }
    >
      <Form
        submit={t('customer.churnConfirm')}
        submitKind="destroy"
        onCancel={onClose}
        onSubmit={async values => {
          const reason = values.text('churnReason') || null
          await update.run({ params: { id: customer.id }, body: { status: 'CHURNED', churnReason: reason } })
          await refreshCustomers()
          toastDone(t('customer.churned', { name: customer.name }), { undo })
          onClose()
        }}
      >
        <Field label={t('customer.churnReason')} name="churnReason" hint={t('customer.churnReasonHint')}>
          <TextInput maxLength={500} list={list} defaultValue={churnReason ?? ''} />
        </Field>
        <datalist id={list}>
          {reasons.data?.items.map(({ reason }) => (
            <option key={reason} value={reason} />
          ))}
        </datalist>
      </Form>
    </Dialog>
  )
}
