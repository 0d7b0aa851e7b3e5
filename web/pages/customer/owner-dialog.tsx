import { useState } from 'react'
import { type Customer, handOver, undoHandOver } from '../../../server/customers/accounts/contract/customers.ts'
import { useCommand } from '../../api/hooks.ts'
import { refreshCustomers } from '../../features/record/cache.ts'
import { useOwnerOptions } from '../../features/record/owners.ts'
import { useText } from '../../i18n/provider.tsx'
import { Dialog } from '../../kit/dialog.tsx'
import { Field, Textarea } from '../../kit/field.tsx'
import { Form } from '../../kit/form.tsx'
import { SearchSelect } from '../../kit/search-select.tsx'
import { toastDone } from '../../kit/toast.tsx'

/** Gives this customer to another CSM, with the reason. */
export function OwnerDialog({ customer, onClose }: { customer: Customer; onClose: () => void }) {
  const t = useText()
  const options = useOwnerOptions()
  const [to, setTo] = useState(customer.ownerId ?? '')
  const hand = useCommand(handOver, { quiet: true, stale: [] })
  const undo = useCommand(undoHandOver, { stale: [] })
  return (
    <Dialog open onClose={onClose} title={t('customer.handOverTitle', { name: customer.name })}>
      <Form
        submit={t('customer.handOverSubmit')}
        onCancel={onClose}
        onSubmit={async values => {
          const { batchId } = await hand.run({
            body: { ids: [customer.id], toId: to || null, note: values.optional('note') },
          })
          await refreshCustomers()
          const owner = options.find(option => option.value === to)?.label ?? ''
          toastDone(
            t('customers.ownerChanged', { name: customer.name, owner }),
            batchId ? { undo: () => void undo.run({ params: { id: batchId } }).then(refreshCustomers, () => {}) } : {},
          )
          onClose()
        }}
      >
        <Field label={t('customers.handOver.to')} name="toId" required>
          <SearchSelect
            label={t('customers.handOver.to')}
            options={options}
            value={to}
            onChange={setTo}
            placeholder={t('customers.findOwner')}
            none={t('customers.noOwner')}
          />
        </Field>
        <Field label={t('customers.handOver.note')} name="note" hint={t('customers.handOver.noteHint')}>
          <Textarea maxLength={1_000} />
        </Field>
      </Form>
    </Dialog>
  )
}
