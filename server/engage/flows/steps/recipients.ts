import { sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'
import { mainFirst } from '../../messages/queries/recipients.ts'
import type { Step } from '../contract/steps.ts'
import { type Batch, effectKey, type Visitor, type Way } from './definition.ts'

/** Somebody whom a step speaks to. */
export interface Recipient {
  contactId: string
  /** Its own time zone, else its customer's, else the company's. */
  zone: string
}

/** What of the contact `c` must be known to reach it. */
const reach = { call: sql`c.id`, email: sql`c.email`, in_app: sql`c.external_id` } as const

/**
 * Whom a step speaks to, by enrolment. The main person of a customer is its champion, else who decides, else who works with
 * the product daily, else the one who is known for longest; of those who can be reached and have not left.
 */
export async function recipientsOf(
  ctx: Context,
  batch: Batch,
  step: Step,
  way: Way,
): Promise<Map<string, Recipient[]>> {
  const ids = batch.visitors.map(({ subjectId }) => subjectId)
  if (batch.subject === 'contact') {
    const { rows } = await sql<{ id: string }>`
      select c.id from contact c where c.tenant_id = ${ctx.tenantId} and c.id = any(${ids}::uuid[]) and c.left_on is null
        and ${reach[way]} is not null`.execute(ctx.tx)
    const reached = new Set(rows.map(({ id }) => id))
    return new Map(
      batch.visitors.map(({ id, subjectId, zone }) => [
        id,
        reached.has(subjectId) ? [{ contactId: subjectId, zone }] : [],
      ]),
    )
  }
  const all = 'to' in step && step.to === 'all'
  const { rows } = await sql<{ customer: string; contact: string; zone: string | null }>`
    select ranked.customer_id as customer, ranked.id as contact, ranked.time_zone as zone from (
      select c.id, c.customer_id, c.time_zone, row_number() over (partition by c.customer_id order by ${mainFirst}) as place
      from contact c
      where c.tenant_id = ${ctx.tenantId} and c.customer_id = any(${ids}::uuid[]) and c.merged_into is null
        and c.left_on is null and ${reach[way]} is not null) ranked
    where ${all ? sql`true` : sql`ranked.place = 1`}
    order by ranked.customer_id, ranked.place`.execute(ctx.tx)
  const byCustomer = Map.groupBy(rows, row => row.customer)
  return new Map(
    batch.visitors.map(visitor => [
      visitor.id,
      (byCustomer.get(visitor.subjectId) ?? []).map(({ contact, zone }) => ({
        contactId: contact,
        zone: zone ?? visitor.zone,
      })),
    ]),
  )
}

/** The recipients of a batch that may be spoken to, each with the key of what it gets. */
export function admittedOf({ subject, visitors }: Batch): { enrolment: string; contactId: string; key: string }[] {
  return visitors.flatMap(visitor =>
    (visitor.recipients ?? []).map(contactId => ({
      enrolment: visitor.id,
      contactId,
      key: keyOf(subject, visitor, contactId),
    })),
  )
}

function keyOf(subject: Batch['subject'], visitor: Visitor, contactId: string): string {
  const key = `flow:${effectKey(visitor)}`
  return subject === 'contact' ? key : `${key}:${contactId}`
}
