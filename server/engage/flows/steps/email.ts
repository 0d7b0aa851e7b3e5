import { sql } from 'kysely'
import { queueMessages } from '../../messages/commands/queue.ts'
import { allBy, type FlowReason, type Outcome, type StepDefinition } from './definition.ts'
import { recipientsOf } from './recipients.ts'

/** Sends a template to the contact; of a customer, to its main person or to everybody there. Each message once. */
export const email: StepDefinition<'email'> = {
  contacts: 'email',
  async run(ctx, step, batch) {
    const { rows } = await sql<{ id: string; topic: string | null }>`
      select id, topic_id as topic from message_template
      where tenant_id = ${ctx.tenantId} and key = ${step.template} and state = 'active'`.execute(ctx.tx)
    const template = rows[0]
    if (!template?.topic) return allBy(batch, 'next', { skipped: true, reason: 'template_missing' })
    const recipients = await recipientsOf(ctx, batch, step.to, sql`c.email`)
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

function reasonOf(reason: string): FlowReason {
  if (reason === 'no_consent' || reason === 'unsubscribed' || reason === 'no_address') return reason
  if (reason === 'topic_off') return 'unsubscribed'
  if (reason === 'no_contact' || reason === 'left') return 'subject_gone'
  return 'address_suppressed'
}
