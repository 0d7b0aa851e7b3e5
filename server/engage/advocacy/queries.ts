import { sql } from 'kysely'
import { requireCustomer } from '../../customers/accounts/queries/customers.ts'
import { getRecord, listRecords } from '../../customers/accounts/queries/records.ts'
import type { Context } from '../../platform/context/context.ts'
import type { JsonText } from '../../platform/http/implement.ts'
import { activityShape } from './catalog.ts'

const more = sql`'updatedAt', r.updated_at`

interface ActivityList {
  type?: string
  status?: string
  limit: number
  cursor?: string
}

/** Advocacy activities of a customer, latest first. */
export async function listActivities(
  ctx: Context,
  customerId: string,
  { type, status, limit, cursor }: ActivityList,
): Promise<JsonText> {
  await requireCustomer(ctx, customerId)
  const where = [sql`r.customer_id = ${customerId}`]
  if (type) where.push(sql`r.type = ${type}`)
  if (status) where.push(sql`r.status = ${status}`)
  return listRecords(ctx, activityShape, { where: sql.join(where, sql` and `), sort: 'createdAt', limit, cursor, more })
}

/** One advocacy activity. @throws AppError `not_found` */
export function getActivity(ctx: Context, id: string): Promise<JsonText> {
  return getRecord(ctx, activityShape, id, more)
}
