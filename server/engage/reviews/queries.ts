import { sql } from 'kysely'
import { requireCustomer } from '../../customers/accounts/queries/customers.ts'
import { getRecord, listRecords } from '../../customers/accounts/queries/records.ts'
import type { Context } from '../../platform/context/context.ts'
import type { JsonText } from '../../platform/http/implement.ts'
import { reviewShape } from './catalog.ts'

const more = sql`'updatedAt', r.updated_at`

/** Business reviews of a customer, latest first. */
export async function listReviews(
  ctx: Context,
  customerId: string,
  { type, limit, cursor }: { type?: string; limit: number; cursor?: string },
): Promise<JsonText> {
  await requireCustomer(ctx, customerId)
  const where = sql`r.customer_id = ${customerId} and ${type ? sql`r.type = ${type}` : sql`true`}`
  return listRecords(ctx, reviewShape, { where, sort: 'scheduledAt', limit, cursor, more })
}

/** One business review. @throws AppError `not_found` */
export function getReview(ctx: Context, id: string): Promise<JsonText> {
  return getRecord(ctx, reviewShape, id, more)
}
