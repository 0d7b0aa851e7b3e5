import { type RawBuilder, sql } from 'kysely'
import type { Context } from '../../platform/context/context.ts'
import type { JsonText } from '../../platform/http/implement.ts'
import { visibleRecord } from '../accounts/queries/reach.ts'
import { getRecord, listRecords } from '../accounts/queries/records.ts'
import { today } from '../accounts/queries/today.ts'
import { invoiceShape, paymentShape } from './catalog.ts'

interface Page {
  customerId?: string
  limit: number
  cursor?: string
}

/** Days from the due date to payment, or to today while the invoice is open; 0 for one that is not late. */
function daysLate(ctx: Context): RawBuilder<unknown> {
  return sql`'daysLate', case when r.status in ('OPEN', 'PAID', 'UNCOLLECTIBLE') then greatest(0, coalesce(r.paid_on, ${today(ctx)}) - r.due_on) else 0 end`
}

/** Invoices, latest first. */
export function listInvoices(ctx: Context, { status, ...page }: Page & { status?: string }): Promise<JsonText> {
  const where = [visibleRecord(ctx)]
  if (page.customerId) where.push(sql`r.customer_id = ${page.customerId}::uuid`)
  if (status) where.push(sql`r.status = ${status}`)
  return listRecords(ctx, invoiceShape, {
    where: sql.join(where, sql` and `),
    sort: 'issuedOn',
    limit: page.limit,
    cursor: page.cursor,
    more: daysLate(ctx),
  })
}

/** One invoice. @throws AppError `not_found` */
export function getInvoice(ctx: Context, id: string): Promise<JsonText> {
  return getRecord(ctx, invoiceShape, id, daysLate(ctx))
}

/** Payments and failed attempts, latest first. */
export function listPayments(ctx: Context, { outcome, ...page }: Page & { outcome?: string }): Promise<JsonText> {
  const where = [visibleRecord(ctx)]
  if (page.customerId) where.push(sql`r.customer_id = ${page.customerId}::uuid`)
  if (outcome) where.push(sql`r.outcome = ${outcome}`)
  return listRecords(ctx, paymentShape, {
    where: sql.join(where, sql` and `),
    sort: 'attemptedAt',
    limit: page.limit,
    cursor: page.cursor,
  })
}

/** One payment. @throws AppError `not_found` */
export function getPayment(ctx: Context, id: string): Promise<JsonText> {
  return getRecord(ctx, paymentShape, id)
}

/** The invoice `i` was past its due date and unpaid at the end of a day; void and written-off ones are not waited for. */
export function overdueOn(day: RawBuilder<unknown>): RawBuilder<boolean> {
  return sql`(i.due_on < ${day} and (i.status = 'OPEN' or (i.status = 'PAID' and i.paid_on > ${day})))`
}
