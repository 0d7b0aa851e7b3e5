import { type RawBuilder, sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'
import { type Batch, effectKey } from './definition.ts'

/** Somebody whom a step speaks to. */
export interface Recipient {
  enrolment: string
  contactId: string
  key: string
}

/**
 * Who is written to. The main person of a customer is its champion, else who decides, else who works with the product
 * daily, else the one who is known for longest; of those who can be reached and have not left.
 * @param reach what of the contact `c` must be known for that
 */
export async function recipientsOf(
  ctx: Context,
  batch: Batch,
  to: 'main' | 'all',
  reach: RawBuilder<unknown>,
): Promise<Recipient[]> {
  if (batch.subject === 'contact') {
    return batch.visitors.map(visitor => ({
      enrolment: visitor.id,
      contactId: visitor.subjectId,
      key: `flow:${effectKey(visitor)}`,
    }))
  }
  const ids = batch.visitors.map(({ subjectId }) => subjectId)
  const { rows } = await sql<{ customer: string; contact: string }>`
    select ranked.customer_id as customer, ranked.id as contact from (
      select c.id, c.customer_id, row_number() over (partition by c.customer_id
        order by array_position(array['CHAMPION', 'DECISION_MAKER', 'SPONSOR', 'DAY_TO_DAY'], c.stakeholder_role), c.created_at, c.id) as place
      from contact c
      where c.tenant_id = ${ctx.tenantId} and c.customer_id = any(${ids}::uuid[]) and c.merged_into is null
        and c.left_on is null and ${reach} is not null) ranked
    where ${to === 'all' ? sql`true` : sql`ranked.place = 1`}
    order by ranked.customer_id, ranked.place`.execute(ctx.tx)
  const byCustomer = Map.groupBy(rows, row => row.customer)
  return batch.visitors.flatMap(visitor =>
    (byCustomer.get(visitor.subjectId) ?? []).map(({ contact }) => ({
      enrolment: visitor.id,
      contactId: contact,
      key: `flow:${effectKey(visitor)}:${contact}`,
    })),
  )
}
