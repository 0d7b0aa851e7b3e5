import { type RawBuilder, sql } from 'kysely'
import { announce, type Context } from '../../../platform/context/context.ts'
import { createRecords, deleteRecords, type RecordValues, updateRecords } from '../../accounts/commands/records.ts'
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
    [],
  )
  tellFailures(ctx, rows)
}

/** Failures older than this (days) are history that is filled in, and no news. */
const newsDays = 7
/** So many are told one by one; a file of thousands is no news either. */
const mostTold = 200

function tellFailures(ctx: Context, rows: readonly Patch<RecordValues>[]): void {
  const since = ctx.now.getTime() - newsDays * 86_400_000
  const failed = rows.filter(
    ({ values }) => values.outcome === 'FAILED' && Date.parse(values.attemptedAt as string) >= since,
  )
  for (const { id, values } of failed.slice(0, mostTold)) {
    announce(ctx, {
      type: 'payment.failed',
      subject: { kind: 'customer', id: values.customerId as string },
      payload: {
        payment: id,
        amount: Number(values.amount),
        currency: values.currency as string,
        reason: (values.failureReason as string | undefined) ?? null,
      },
    })
  }
}

/** Patches payments; their invoices follow. */
export async function updatePayments(ctx: Context, rows: Patch<RecordValues>[]): Promise<void> {
  const ids = rows.map(row => row.id)
  const before = await settledBefore(ctx, ids)
  await updateRecords(ctx, paymentShape, rows)
  await settleInvoices(ctx, ids, before)
}

/** Removes payments; their invoices follow. */
export async function deletePayments(ctx: Context, ids: string[]): Promise<void> {
  const before = await settledBefore(ctx, ids)
  await deleteRecords(ctx, paymentShape, ids)
  await settleInvoices(ctx, [], before)
}

/** An invoice before its payments change. */
interface Before {
  invoice_id: string
  /** Its payments made it paid: nobody marked it by hand. */
  settled: boolean
  failed: number
}

/** Per invoice: what its payments come to, how many failed, the day of the last one. */
function sums(ctx: Context, touched: RawBuilder<unknown>) {
  return sql`
    select touched.invoice_id, sum(p.amount) filter (where p.outcome = 'SUCCEEDED') as paid,
      count(*) filter (where p.outcome = 'FAILED')::int as failed,
      max((p.attempted_at at time zone company.time_zone)::date) filter (where p.outcome = 'SUCCEEDED') as day
    from (${touched}) touched join tenant company on company.id = ${ctx.tenantId}
    left join payment p on p.tenant_id = ${ctx.tenantId} and p.invoice_id = touched.invoice_id
    group by touched.invoice_id`
}

function invoicesOf(ctx: Context, paymentIds: string[]) {
  return sql`
    select distinct p.invoice_id from payment p
    where p.tenant_id = ${ctx.tenantId} and p.id = any(${paymentIds}::uuid[]) and p.invoice_id is not null`
}

async function settledBefore(ctx: Context, paymentIds: string[]): Promise<Before[]> {
  const { rows } = await sql<Before>`
    with known as materialized (${sums(ctx, invoicesOf(ctx, paymentIds))})
    select known.invoice_id, known.failed,
      coalesce(i.status = 'PAID' and known.paid >= i.amount and i.paid_on = known.day, false) as settled
    from known join invoice i on i.tenant_id = ${ctx.tenantId} and i.id = known.invoice_id`.execute(ctx.tx)
  return rows
}

/**
 * An open invoice whose payments reach its amount is paid, on the day of the last one; failed ones are counted. One that
 * its payments had paid is open again when they no longer reach it; one that was marked by hand stays as it is.
 */
async function settleInvoices(ctx: Context, paymentIds: string[], before: Before[]): Promise<void> {
  const known = sql`jsonb_to_recordset(${JSON.stringify(before)}::jsonb) as before (invoice_id uuid, settled boolean, failed int)`
  await sql`
    with known as materialized (
      ${sums(ctx, sql`${invoicesOf(ctx, paymentIds)} union select before.invoice_id from ${known}`)}),
    judged as materialized (
      select i.id, known.day, greatest(case when i.failed_attempts = before.failed then 0 else i.failed_attempts end, known.failed) as failed,
        known.paid >= i.amount is true as reached, i.status = 'OPEN' or (i.status = 'PAID' and before.settled) is true as follows
      from known join invoice i on i.tenant_id = ${ctx.tenantId} and i.id = known.invoice_id
      left join ${known} on before.invoice_id = known.invoice_id)
    update invoice target set failed_attempts = judged.failed,
      status = case when not judged.follows then target.status when judged.reached then 'PAID' else 'OPEN' end,
      paid_on = case when not judged.follows then target.paid_on when judged.reached then judged.day end
    from judged where target.tenant_id = ${ctx.tenantId} and target.id = judged.id`.execute(ctx.tx)
}
