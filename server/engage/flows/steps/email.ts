import { sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'
import { queueMessages } from '../../messages/commands/queue.ts'
import type { StepOf } from '../contract/steps.ts'
import { allBy, type Batch, effectKey, type FlowReason, type Outcome, type StepDefinition } from './definition.ts'

/** Sends a template to the contact; of a customer, to its main person or to everybody there. Each message once. */
export const email: StepDefinition<'email'> = {
  contacts: 'email',
  async run(ctx, step, batch) {
    const { rows } = await sql<{ id: string; topic: string | null }>`
      select id, topic_id as topic from message_template
      where tenant_id = ${ctx.tenantId} and key = ${step.template} and state = 'active'`.execute(ctx.tx)
    const template = rows[0]
    if (!template?.topic) return allBy(batch, 'next', { skipped: true, reason: 'template_missing' })
    const recipients = await recipientsOf(ctx, step, batch)
    const answers = await queueMessages(ctx, {
      templateId: template.id,
      topic: template.topic,
      recipients: recipients.map(({ contactId, key }) => ({ contactId, key })),
      source: { kind: 'flow', id: batch.flow.id, stepKey: step.key },
    })
    const queued = new Map<string, number>()
    const reasons = new Map<string, FlowReason>()
    answers.forEach((answer, place) => {
      const { enrolment } = recipients[place]!
      if (answer.state === 'suppressed') reasons.set(enrolment, reasonOf(answer.reason))
      else queued.set(enrolment, (queued.get(enrolment) ?? 0) + 1)
    })
    return batch.visitors.map(({ id }): Outcome => {
      const messages = queued.get(id) ?? 0
      return messages > 0
        ? { id, way: 'next', details: { messages } }
        : { id, way: 'next', skipped: true, reason: reasons.get(id) ?? 'no_address' }
    })
  },
}

interface Recipient {
  enrolment: string
  contactId: string
  key: string
}

/**
 * Who is written to. The main person of a customer is its champion, else who decides, else who works with the product
 * daily, else the one who is known for longest; of those who have an address and have not left.
 */
async function recipientsOf(ctx: Context, { to }: StepOf<'email'>, batch: Batch): Promise<Recipient[]> {
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
        and c.left_on is null and c.email is not null) ranked
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

function reasonOf(reason: string): FlowReason {
  if (reason === 'no_consent' || reason === 'unsubscribed' || reason === 'no_address') return reason
  if (reason === 'topic_off') return 'unsubscribed'
  if (reason === 'no_contact' || reason === 'left') return 'subject_gone'
  return 'address_suppressed'
}
