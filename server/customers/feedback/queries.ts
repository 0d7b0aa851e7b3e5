import { sql } from 'kysely'
import type { Context } from '../../platform/context/context.ts'
import type { JsonText } from '../../platform/http/implement.ts'
import { visibleRecord } from '../accounts/queries/reach.ts'
import { contactName, getRecord, listRecords } from '../accounts/queries/records.ts'
import { answerShape } from './catalog.ts'

interface AnswerList {
  customerId?: string
  contactId?: string
  kind?: string
  limit: number
  cursor?: string
}

/** Survey answers, latest first. */
export function listAnswers(
  ctx: Context,
  { customerId, contactId, kind, limit, cursor }: AnswerList,
): Promise<JsonText> {
  const where = [visibleRecord(ctx)]
  if (customerId) where.push(sql`r.customer_id = ${customerId}::uuid`)
  if (contactId) where.push(sql`r.contact_id = ${contactId}::uuid`)
  if (kind) where.push(sql`r.kind = ${kind}`)
  return listRecords(ctx, answerShape, {
    where: sql.join(where, sql` and `),
    sort: 'answeredAt',
    limit,
    cursor,
    more: contactName(ctx),
  })
}

/** One survey answer. @throws AppError `not_found` */
export function getAnswer(ctx: Context, id: string): Promise<JsonText> {
  return getRecord(ctx, answerShape, id, contactName(ctx))
}
