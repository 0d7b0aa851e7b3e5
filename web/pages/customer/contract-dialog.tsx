import { useState } from 'react'
import type { Customer } from '../../../server/customers/accounts/contract/customers.ts'
import {
  type Contract,
  contractIntervals,
  createContract,
  updateContract,
} from '../../../server/customers/contracts/contract.ts'
import { useCommand } from '../../api/hooks.ts'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { Dialog } from '../../kit/dialog.tsx'
import { Checkbox, Field, Select, TextInput } from '../../kit/field.tsx'
import { Form } from '../../kit/form.tsx'
import { toastDone } from '../../kit/toast.tsx'

/** What a change of a contract makes stale: revenue stands in many places. */
export const staleRevenue = ['/api/v1/customers', '/api/v1/customer-success/customers', '/api/v1/tiers']

interface ContractDialogProps {
  customer: Customer
  contract?: Contract
  onClose: () => void
}

/** A new contract, or a change of a known one from a day on. Revenue follows. */
export function ContractDialog({ customer, contract, onClose }: ContractDialogProps) {
  const t = useText()
  const format = useFormat()
  const [amount, setAmount] = useState(contract ? String(contract.amount) : '')
  const create = useCommand(createContract, { quiet: true, stale: staleRevenue })
  const update = useCommand(updateContract, { quiet: true, stale: staleRevenue })
  const amountChanges = contract !== undefined && Number(amount) !== contract.amount
  return (
    <Dialog open onClose={onClose} title={t(contract ? 'customer.contractEditTitle' : 'customer.contractAddTitle')}>
      <Form
        submit={t(contract ? 'customers.save' : 'customer.contractAdd')}
        onCancel={onClose}
        onSubmit={async values => {
          const body = {
            plan: values.text('plan') || null,
            amount: values.number('amount') ?? 0,
            interval: contractIntervals.find(each => each === values.text('interval')) ?? 'YEAR',
            startsOn: values.text('startsOn'),
            endsOn: values.text('endsOn') || null,
            renewsOn: values.text('renewsOn') || null,
            licenceCount: values.number('licenceCount') ?? null,
            autoRenew: values.flag('autoRenew'),
          }
          if (contract)
            await update.run({
              params: { id: contract.id },
              body: { ...body, ...(amountChanges && { effectiveOn: values.text('effectiveOn') }) },
            })
          else
            await create.run({
              params: { id: customer.id },
              body: { ...body, currency: customer.currency, status: 'ACTIVE' },
            })
          toastDone(t(contract ? 'customer.contractSaved' : 'customer.contractAdded'))
          onClose()
        }}
      >
        <div className="r-two">
          <Field
            label={t('customer.amountIn', { currency: contract?.currency ?? customer.currency })}
            name="amount"
            required
          >
            <TextInput
              type="number"
              min={0}
              step="any"
              value={amount}
              onChange={event => setAmount(event.currentTarget.value)}
            />
          </Field>
          <Field label={t('customer.intervalLabel')} name="interval" required>
            <Select
              defaultValue={contract?.interval ?? 'YEAR'}
              options={contractIntervals.map(value => ({ value, label: t(`customer.intervalName.${value}`) }))}
            />
          </Field>
          {amountChanges && (
            <Field label={t('customer.effectiveOn')} name="effectiveOn" required hint={t('customer.effectiveHint')}>
              <TextInput type="date" defaultValue={format.today()} />
            </Field>
          )}
          <Field label={t('record.field.contractStart')} name="startsOn" required>
            <TextInput type="date" defaultValue={contract?.startsOn ?? format.today()} />
          </Field>
          <Field label={t('record.field.contractEnd')} name="endsOn">
            <TextInput type="date" defaultValue={contract?.endsOn ?? ''} />
          </Field>
          <Field label={t('record.field.renewalOn')} name="renewsOn">
            <TextInput type="date" defaultValue={contract?.renewsOn ?? ''} />
          </Field>
          <Field label={t('record.field.licenceCount')} name="licenceCount">
            <TextInput type="number" min={0} defaultValue={contract?.licenceCount ?? ''} />
          </Field>
          <Field label={t('record.field.plan')} name="plan">
            <TextInput maxLength={100} defaultValue={contract?.plan ?? ''} autoComplete="off" />
          </Field>
        </div>
        <Checkbox name="autoRenew" label={t('customer.autoRenew')} defaultChecked={contract?.autoRenew ?? true} />
      </Form>
    </Dialog>
  )
}
