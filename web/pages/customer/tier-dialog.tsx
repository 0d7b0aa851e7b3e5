import type { Customer } from '../../../server/customers/accounts/contract/customers.ts'
import { pinTier } from '../../../server/customers/accounts/contract/tiers.ts'
import { useCommand } from '../../api/hooks.ts'
import { refreshCustomers } from '../../features/record/cache.ts'
import { useTiers } from '../../features/record/tiers.ts'
import { useText } from '../../i18n/provider.tsx'
import { Dialog } from '../../kit/dialog.tsx'
import { Field, Select, TextInput } from '../../kit/field.tsx'
import { Form } from '../../kit/form.tsx'
import { toastDone } from '../../kit/toast.tsx'

/** Fixes the tier of a customer by hand, or gives it back to the rule. */
export function TierDialog({ customer, onClose }: { customer: Customer; onClose: () => void }) {
  const t = useText()
  const tiers = useTiers()
  const pin = useCommand(pinTier, { quiet: true, stale: [] })
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('customer.tierTitle', { name: customer.name })}
      text={t('customer.tierText')}
    >
      <Form
        submit={t('customers.save')}
        onCancel={onClose}
        onSubmit={async values => {
          const tierKey = values.text('tierKey') || null
          await pin.run({ params: { id: customer.id }, body: { tierKey, note: values.optional('note') } })
          await refreshCustomers()
          const tier = tiers.find(each => each.key === tierKey)?.name
          toastDone(
            tier
              ? t('customers.tierPinned', { name: customer.name, tier })
              : t('customers.tierUnpinned', { name: customer.name }),
          )
          onClose()
        }}
      >
        <Field label={t('record.field.tierKey')} name="tierKey">
          <Select
            key={tiers.length}
            placeholder={t('customers.tierByRule')}
            defaultValue={customer.tierPinned ? (customer.tierKey ?? '') : ''}
            options={tiers.map(tier => ({ value: tier.key, label: tier.name }))}
          />
        </Field>
        <Field label={t('customer.reason')} name="note">
          <TextInput maxLength={500} />
        </Field>
      </Form>
    </Dialog>
  )
}
