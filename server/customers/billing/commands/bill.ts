import { sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'
import { type Attached, admitChange, admitNew, noteChange } from '../../accounts/commands/attached.ts'
import { deleteRecords, type RecordValues } from '../../accounts/commands/records.ts'
import { invoiceShape, paymentShape } from '../catalog.ts'
import { createInvoices, createPayments, deletePayments, updateInvoices } from './save.ts'

const invoice: Attached = { shape: invoiceShape, kind: 'invoice', permission: 'customers.write' }
const payment: Attached = { shape: paymentShape, kind: 'payment', permission: 'customers.write' }

/** Enters an invoice. */
export async function createInvoice(ctx: Context, values: RecordValues): Promise<string> {
  const id = await admitNew(ctx, invoice, values)
  await createInvoices(ctx, [{ id, values }], { origin: 'person' })
  noteChange(ctx, invoice, 'created', id, { customerId: values.customerId as string })
  return id
}

/** Changes an invoice. */
export async function updateInvoice(ctx: Context, id: string, values: RecordValues): Promise<void> {
  const known = await admitChange(ctx, invoice, id, values)
  await updateInvoices(ctx, [{ id, values }])
  noteChange(ctx, invoice, 'changed', id, { ...known, details: { fields: Object.keys(values) } })
}

/** Deletes an invoice; its payments stay. */
export async function deleteInvoice(ctx: Context, id: string): Promise<void> {
  const known = await admitChange(ctx, invoice, id, {})
  await sql`update payment set invoice_id = null where tenant_id = ${ctx.tenantId} and invoice_id = ${id}`.execute(
    ctx.tx,
  )
  await deleteRecords(ctx, invoiceShape, [id])
  noteChange(ctx, invoice, 'deleted', id, known)
}

/** Enters a payment or a failed attempt. */
export async function createPayment(ctx: Context, values: RecordValues): Promise<string> {
  const id = await admitNew(ctx, payment, values)
  await createPayments(ctx, [{ id, values }], { origin: 'person' })
  noteChange(ctx, payment, 'created', id, { customerId: values.customerId as string })
  return id
}

/** Deletes a payment; its invoice follows. */
export async function deletePayment(ctx: Context, id: string): Promise<void> {
  const known = await admitChange(ctx, payment, id, {})
  await deletePayments(ctx, [id])
  noteChange(ctx, payment, 'deleted', id, known)
}
