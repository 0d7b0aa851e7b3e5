import { useMemo, useState } from 'react'
import type { Customer } from '../../../server/customers/accounts/contract/customers.ts'
import {
  type Contract,
  deleteContract,
  listContracts,
  updateContract,
} from '../../../server/customers/contracts/contract.ts'
import { useCommand, useRoutePages, wordsOf } from '../../api/hooks.ts'
import { useMay } from '../../api/session.tsx'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { Badge } from '../../kit/badge.tsx'
import { Button, IconButton } from '../../kit/button.tsx'
import { type Column, DataTable } from '../../kit/data-table.tsx'
import { ConfirmDialog, Dialog } from '../../kit/dialog.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Field, TextInput } from '../../kit/field.tsx'
import { Form } from '../../kit/form.tsx'
import { Section } from '../../kit/layout.tsx'
import { Menu, MenuItem } from '../../kit/menu.tsx'
import { toastDone } from '../../kit/toast.tsx'
import { ContractDialog, staleRevenue } from './contract-dialog.tsx'
import { Invoices } from './invoices.tsx'
import { Movements } from './movements.tsx'

interface TabProps {
  customer: Customer
}

const statusTones = { DRAFT: 'plain', ACTIVE: 'green', ENDED: 'plain', CANCELLED: 'red' } as const

/** Contracts, what they did to the revenue, invoices and payments. */
export function BillingTab({ customer }: TabProps) {
  return (
    <>
      <Contracts customer={customer} />
      <Movements customer={customer} />
      <Invoices customer={customer} />
    </>
  )
}

type Opened = { what: 'edit' | 'end' | 'delete'; contract: Contract } | { what: 'new' }

function Contracts({ customer }: TabProps) {
  const t = useText()
  const format = useFormat()
  const mayWrite = useMay('customers.write')
  const [open, setOpen] = useState<Opened | null>(null)
  const contracts = useRoutePages(listContracts, { params: { id: customer.id }, query: { limit: 100 } })
  const columns = useMemo<Column<Contract>[]>(
    () => [
      {
        id: 'plan',
        header: t('record.field.plan'),
        clip: true,
        cell: row => (row.standing ? <span className="text-t2">{t('customer.standing')}</span> : (row.plan ?? '–')),
      },
      {
        id: 'status',
        header: t('record.field.status'),
        width: 96,
        cell: row => <Badge tone={statusTones[row.status]}>{t(`customer.contractStatus.${row.status}`)}</Badge>,
      },
      {
        id: 'amount',
        header: t('customer.amount'),
        align: 'end',
        width: 184,
        cell: row => (
          <>
            {format.money(row.amount, row.currency)}{' '}
            <small className="text-t3">{t(`customer.interval.${row.interval}`)}</small>
          </>
        ),
      },
      {
        id: 'mrr',
        header: t('customers.column.mrr'),
        align: 'end',
        width: 128,
        narrow: 'hide',
        cell: row => format.money(row.mrr, row.currency),
      },
      {
        id: 'term',
        header: t('customer.term'),
        width: 208,
        narrow: 'hide',
        cell: row => `${format.day(row.startsOn)} – ${row.endsOn ? format.day(row.endsOn) : ''}`,
      },
      {
        id: 'renews',
        header: t('record.field.renewalOn'),
        align: 'end',
        width: 112,
        narrow: 'hide',
        cell: row => (row.renewsOn ? format.day(row.renewsOn) : <span className="text-t3">–</span>),
      },
      ...(mayWrite
        ? [
            {
              id: 'actions',
              header: t('kit.table.actions'),
              actions: true,
              align: 'end' as const,
              width: 40,
              cell: (contract: Contract) => (
                <Menu trigger={<IconButton icon="more" label={t('customer.contractActions')} />}>
                  <MenuItem icon="note" onSelect={() => setOpen({ what: 'edit', contract })}>
                    {t('customer.contractEdit')}
                  </MenuItem>
                  {contract.status === 'ACTIVE' && (
                    <MenuItem icon="close" onSelect={() => setOpen({ what: 'end', contract })}>
                      {t('customer.contractEnd')}
                    </MenuItem>
                  )}
                  <MenuItem icon="trash" tone="danger" onSelect={() => setOpen({ what: 'delete', contract })}>
                    {t('customer.contractDelete')}
                  </MenuItem>
                </Menu>
              ),
            },
          ]
        : []),
    ],
    [t, format, mayWrite],
  )
  const close = () => setOpen(null)
  return (
    <Section
      title={t('customer.contracts')}
      flush
      end={
        mayWrite && (
          <Button size="small" icon="plus" onClick={() => setOpen({ what: 'new' })}>
            {t('customer.contractAdd')}
          </Button>
        )
      }
    >
      <DataTable
        id="contracts"
        fixed
        label={t('customer.contracts')}
        columns={columns}
        rows={contracts.rows}
        rowId={row => row.id}
        rowName={row => row.plan ?? format.day(row.startsOn)}
        more={contracts.more}
        problem={contracts.problem ? { text: wordsOf(contracts.problem, t), retry: contracts.retry } : undefined}
        empty={<EmptyState title={t('customer.noContracts')} text={t('customer.noContractsText')} />}
      />
      {open?.what === 'new' && <ContractDialog customer={customer} onClose={close} />}
      {open?.what === 'edit' && <ContractDialog customer={customer} contract={open.contract} onClose={close} />}
      {open?.what === 'end' && <EndDialog contract={open.contract} onClose={close} />}
      {open?.what === 'delete' && <DeleteDialog contract={open.contract} onClose={close} />}
    </Section>
  )
}

interface ContractProps {
  contract: Contract
  onClose: () => void
}

function EndDialog({ contract, onClose }: ContractProps) {
  const t = useText()
  const format = useFormat()
  const update = useCommand(updateContract, { quiet: true, stale: staleRevenue })
  return (
    <Dialog open onClose={onClose} title={t('customer.contractEndTitle')} text={t('customer.contractEndText')}>
      <Form
        submit={t('customer.contractEndSubmit')}
        onCancel={onClose}
        onSubmit={async values => {
          const body = { status: 'ENDED', endsOn: values.text('endsOn') } as const
          await update.run({ params: { id: contract.id }, body })
          toastDone(t('customer.contractEnded'))
          onClose()
        }}
      >
        <Field label={t('record.field.contractEnd')} name="endsOn" required>
          <TextInput type="date" defaultValue={format.today()} />
        </Field>
      </Form>
    </Dialog>
  )
}

function DeleteDialog({ contract, onClose }: ContractProps) {
  const t = useText()
  const remove = useCommand(deleteContract, {
    stale: staleRevenue,
    onDone: () => toastDone(t('customer.contractDeleted')),
  })
  return (
    <ConfirmDialog
      open
      destroys
      onClose={onClose}
      title={t('customer.contractDeleteTitle')}
      text={t('customer.contractDeleteText')}
      confirm={t('customer.contractDeleteConfirm')}
      onConfirm={() => remove.run({ params: { id: contract.id } })}
    />
  )
}
