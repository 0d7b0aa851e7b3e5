import { customerUses } from '../../../server/customers/accounts/contract/around.ts'
import { type Customer, deleteCustomer, updateCustomer } from '../../../server/customers/accounts/contract/customers.ts'
import { useCommand, useRoute } from '../../api/hooks.ts'
import { refreshCustomers } from '../../features/record/cache.ts'
import { Uses } from '../../features/record/uses.tsx'
import { useText } from '../../i18n/provider.tsx'
import { ConfirmDialog } from '../../kit/dialog.tsx'
import { toastDone } from '../../kit/toast.tsx'

/** Marks a customer as lost: its record stays, with everything that hangs on it. */
export function ChurnDialog({ customer, onClose }: { customer: Customer; onClose: () => void }) {
  const t = useText()
  const uses = useRoute(customerUses, { params: { id: customer.id } })
  const remove = useCommand(deleteCustomer, { stale: [] })
  const update = useCommand(updateCustomer, { stale: [] })
  const before = customer.status
  const undo = () =>
    void update
      .run({ params: { id: customer.id }, body: { status: before, churnedOn: null } })
      .then(refreshCustomers, () => {})
  return (
    <ConfirmDialog
      open
      destroys
      onClose={onClose}
      title={t('customer.churnTitle', { name: customer.name })}
      text={
        <>
          <p>{t('customer.churnText')}</p>
          <Uses uses={uses.data?.uses} />
        </>
      }
      confirm={t('customer.churnConfirm')}
      onConfirm={async () => {
        await remove.run({ params: { id: customer.id } })
        await refreshCustomers()
        toastDone(t('customer.churned', { name: customer.name }), { undo })
      }}
    />
  )
}
