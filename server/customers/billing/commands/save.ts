import { sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'
import { createRecords, type RecordValues, updateRecords } from '../../accounts/commands/records.ts'
import type { By, Patch } from '../../accounts/commands/values.ts'
import { invoiceShape, paymentShape } from '../catalog.ts'

/** Makes invoices. Needs `customerId`, `amount`, `currency`, `issuedOn` and `dueOn`. */
export async function createInvoices(ctx: Context, rows: Patch<RecordValues>[], by: By): Promise<void> {
  await createRecords(ctx, invoiceShape, rows, by.importId)
}

/** Patches invoices. */
export async function updateInvoices(ctx: Context, rows: Patch<RecordValues>[]): Promise<void> {
  await updateRecords(ctx, invoiceShape, rows)
}

/** Makes payments. Needs `customerId`, `amount`, `currency` and `attemptedAt`. What is paid in full closes its invoice. */
export async function createPayments(ctx: Context, rows: Patch<RecordValues>[], by: By): Promise<void> {
  await createRecords(ctx, paymentShape, rows, by.importId)
  await settleInvoices(
    ctx,
    rows.map(row => row.id),
  )
}

/** Patches payments. */
export async function updatePayments(ctx: Context, rows: Patch<RecordValues>[]): Promise<void> {
  await updateRecords(ctx, paymentShape, rows)
  await settleInvoices(
    ctx,
    rows.map(row => row.id),
  )
}

/** An open invoice whose payments reach its amount is paid, on the day of the last one; failed ones are counted. */
async function settleInvoices(ctx: Context, paymentIds: string[]): Promise<void> {
  await sql`
    with touched as materialized (
      select distinct p.invoice_id from payment p
      where p.tenant_id = ${ctx.tenantId} and p.id = any(${paymentIds}::uuid[]) and p.invoice_id is not null),
    settled as materialized (
      select p.invoice_id, sum(p.amount) filter (where p.outcome = 'SUCCEEDED') as paid,
        count(*) filter (where p.outcome = 'FAILED')::int as failed,
        max((p.attempted_at at time zone company.time_zone)::date) filter (where p.outcome = 'SUCCEEDED') as day
      from touched join payment p on p.tenant_id = ${ctx.tenantId} and p.invoice_id = touched.invoice_id
      join tenant company on company.id = ${ctx.tenantId}
      group by p.invoice_id)
    update invoice target set failed_attempts = greatest(target.failed_attempts, settled.failed),
      status = case when target.status = 'OPEN' and settled.paid >= target.amount then 'PAID' else target.status end,
      paid_on = case when target.status = 'OPEN' and settled.paid >= target.amount then settled.day else target.paid_on end
    from settled where target.tenant_id = ${ctx.tenantId} and target.id = settled.invoice_id`.execute(ctx.tx)
}
