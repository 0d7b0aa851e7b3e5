import { useMemo, useState } from 'react'
import type { Customer } from '../../../server/customers/accounts/contract/customers.ts'
import {
  createInvoice,
  type Invoice,
  listInvoices,
  listPayments,
  type Payment,
  updateInvoice,
} from '../../../server/customers/billing/contract.ts'
import { useCommand, useRoutePages, wordsOf } from '../../api/hooks.ts'
import { useMay } from '../../api/session.tsx'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { Badge } from '../../kit/badge.tsx'
import { Button } from '../../kit/button.tsx'
import { type Column, DataTable } from '../../kit/data-table.tsx'
import { Dialog } from '../../kit/dialog.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Field, TextInput } from '../../kit/field.tsx'
import { Form } from '../../kit/form.tsx'
import { Section } from '../../kit/layout.tsx'
import { toastDone } from '../../kit/toast.tsx'

const invoiceTones = { OPEN: 'accent', PAID: 'green', VOID: 'plain', UNCOLLECTIBLE: 'red' } as const
const outcomeTones = { SUCCEEDED: 'green', FAILED: 'red', REFUNDED: 'yellow' } as const
const stale = ['/api/v1/invoices', '/api/v1/payments', '/api/v1/customers']

/** Invoices and payments of a customer. */
export function Invoices({ customer }: { customer: Customer }) {
  const t = useText()
  const format = useFormat()
  const mayWrite = useMay('customers.write')
  const [adding, setAdding] = useState(false)
  const invoices = useRoutePages(listInvoices, { query: { customerId: customer.id, limit: 50 } })
  const payments = useRoutePages(listPayments, { query: { customerId: customer.id, limit: 50 } })
  const update = useCommand(updateInvoice, { stale })
  const { run } = update
  const columns = useMemo<Column<Invoice>[]>(() => {
    const settle = async (invoice: Invoice) => {
      await run({ params: { id: invoice.id }, body: { status: 'PAID', paidOn: format.today() } })
      const undo = () =>
        void run({ params: { id: invoice.id }, body: { status: 'OPEN', paidOn: null } }).catch(() => {})
      toastDone(t('customer.invoicePaid'), { undo })
    }
    return [
      { id: 'number', header: t('customer.invoiceNumber'), clip: true, cell: row => row.number ?? '–' },
      {
        id: 'status',
        header: t('record.field.status'),
        width: 152,
        cell: row => (
          <>
            <Badge tone={invoiceTones[row.status]}>{t(`customer.invoiceStatus.${row.status}`)}</Badge>{' '}
            {row.daysLate > 0 && row.status !== 'VOID' && (
              <span className="text-12 text-red">{t('customer.daysLate', { days: row.daysLate })}</span>
            )}
          </>
        ),
      },
      {
        id: 'amount',
        header: t('customer.amount'),
        align: 'end',
        width: 136,
        cell: row => format.money(row.amount, row.currency),
      },
      {
        id: 'issued',
        header: t('customer.issuedOn'),
        align: 'end',
        width: 112,
        narrow: 'hide',
        cell: row => format.day(row.issuedOn),
      },
      {
        id: 'due',
        header: t('customer.dueOn'),
        align: 'end',
        width: 112,
        narrow: 'hide',
        cell: row => format.day(row.dueOn),
      },
      {
        id: 'paid',
        header: t('customer.paidOn'),
        align: 'end',
        width: 128,
        narrow: 'hide',
        cell: row =>
          row.paidOn ? (
            format.day(row.paidOn)
          ) : row.status === 'OPEN' && mayWrite ? (
            <Button size="small" kind="quiet" onClick={() => void settle(row).catch(() => {})}>
              {t('customer.markPaid')}
            </Button>
          ) : (
            <span className="text-t3">–</span>
          ),
      },
    ]
  }, [t, format, mayWrite, run])
  const paymentColumns = useMemo<Column<Payment>[]>(
    () => [
      { id: 'at', header: t('customer.attemptedAt'), width: 152, cell: row => format.dateTime(row.attemptedAt) },
      {
        id: 'outcome',
        header: t('customer.outcome'),
        width: 120,
        cell: row => <Badge tone={outcomeTones[row.outcome]}>{t(`customer.outcome.${row.outcome}`)}</Badge>,
      },
      {
        id: 'reason',
        header: t('customer.method'),
        clip: true,
        narrow: 'hide',
        cell: row => [row.method, row.failureReason].filter(Boolean).join(' · ') || '–',
      },
      {
        id: 'amount',
        header: t('customer.amount'),
        align: 'end',
        width: 136,
        cell: row => format.money(row.amount, row.currency),
      },
    ],
    [t, format],
  )
  return (
    <>
      <Section
        title={t('customer.invoices')}
        flush
        end={
          mayWrite && (
            <Button size="small" icon="plus" onClick={() => setAdding(true)}>
              {t('customer.invoiceAdd')}
            </Button>
          )
        }
      >
        <DataTable
          id="invoices"
          fixed
          label={t('customer.invoices')}
          columns={columns}
          rows={invoices.rows}
          rowId={row => row.id}
          rowName={row => row.number ?? format.day(row.issuedOn)}
          more={invoices.more}
          problem={invoices.problem ? { text: wordsOf(invoices.problem, t), retry: invoices.retry } : undefined}
          empty={<EmptyState title={t('customer.noInvoices')} text={t('customer.noInvoicesText')} />}
        />
      </Section>
      {payments.rows && payments.rows.length > 0 && (
        <Section title={t('customer.payments')} flush>
          <DataTable
            id="payments"
            fixed
            label={t('customer.payments')}
            columns={paymentColumns}
            rows={payments.rows}
            rowId={row => row.id}
            rowName={row => format.dateTime(row.attemptedAt)}
            more={payments.more}
            empty={null}
          />
        </Section>
      )}
      {adding && <InvoiceDialog customer={customer} onClose={() => setAdding(false)} />}
    </>
  )
}

function InvoiceDialog({ customer, onClose }: { customer: Customer; onClose: () => void }) {
  const t = useText()
  const format = useFormat()
  const create = useCommand(createInvoice, { quiet: true, stale })
  return (
    <Dialog open onClose={onClose} title={t('customer.invoiceAddTitle')}>
      <Form
        submit={t('customer.invoiceAdd')}
        onCancel={onClose}
        onSubmit={async values => {
          await create.run({
            body: {
              customerId: customer.id,
              currency: customer.currency,
              number: values.text('number') || null,
              amount: values.number('amount') ?? 0,
              issuedOn: values.text('issuedOn'),
              dueOn: values.text('dueOn'),
            },
          })
          onClose()
        }}
      >
        <div className="r-two">
          <Field label={t('customer.invoiceNumber')} name="number">
            <TextInput maxLength={100} autoComplete="off" />
          </Field>
          <Field label={t('customer.amountIn', { currency: customer.currency })} name="amount" required>
            <TextInput type="number" step="any" />
          </Field>
          <Field label={t('customer.issuedOn')} name="issuedOn" required>
            <TextInput type="date" defaultValue={format.today()} />
          </Field>
          <Field label={t('customer.dueOn')} name="dueOn" required>
            <TextInput type="date" />
          </Field>
        </div>
      </Form>
    </Dialog>
  )
}
