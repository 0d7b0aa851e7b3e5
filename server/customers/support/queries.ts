import { sql } from 'kysely'
import type { Context } from '../../platform/context/context.ts'
import type { JsonText } from '../../platform/http/implement.ts'
import { visibleRecord } from '../accounts/queries/reach.ts'
import { contactName, getRecord, listRecords } from '../accounts/queries/records.ts'
import { ticketShape } from './catalog.ts'

interface TicketList {
  customerId?: string
  contactId?: string
  status?: string
  priority?: string
  limit: number
  cursor?: string
}

/** Tickets, latest first. */
export function listTickets(
  ctx: Context,
  { customerId, contactId, status, priority, limit, cursor }: TicketList,
): Promise<JsonText> {
  const where = [visibleRecord(ctx)]
  if (customerId) where.push(sql`r.customer_id = ${customerId}::uuid`)
  if (contactId) where.push(sql`r.contact_id = ${contactId}::uuid`)
  if (status) where.push(sql`r.status = ${status}`)
  if (priority) where.push(sql`r.priority = ${priority}`)
  return listRecords(ctx, ticketShape, {
    where: sql.join(where, sql` and `),
    sort: 'openedAt',
    limit,
    cursor,
    more: contactName(ctx),
  })
}

/** One ticket. @throws AppError `not_found` */
export function getTicket(ctx: Context, id: string): Promise<JsonText> {
  return getRecord(ctx, ticketShape, id, contactName(ctx))
}
