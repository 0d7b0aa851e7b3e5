import { sql } from 'kysely'
import { queueMessages } from '../../messages/commands/queue.ts'
import { allBy, type FlowReason, type Outcome, type StepDefinition } from './definition.ts'
import { admittedOf } from './recipients.ts'

/** Sends a template to the contact; of a customer, to its main person or to everybody there. Each message once. */
export const email: StepDefinition<'email'> = {
  contacts: 'email',
  async run(ctx, step, batch) {
    const { rows } = await sql<{ id: string; topic: string | null }>`
      select id, topic_id as topic from message_template
      where tenant_id = ${ctx.tenantId} and key = ${step.template} and state = 'active'`.execute(ctx.tx)
    const template = rows[0]
    if (!template?.topic) return allBy(batch, 'next', { skipped: true, reason: 'template_missing' })
    const recipients = admittedOf(batch)
    const answers = await queueMessages(ctx, {
      templateId: template.id,
      topic: template.topic,
      recipients: recipients.map(({ contactId, key }) => ({ contactId, key })),
      source: { kind: 'flow', id: batch.flow.id, stepKey: step.key },
    })
    const queued = new Map<string, string[]>()
    const reasons = new Map<string, FlowReason>()
    answers.forEach((answer, place) => {
      const { enrolment, contactId } = recipients[place]!
      if (answer.state === 'suppressed') reasons.set(enrolment, reasonOf(answer.reason))
      else queued.set(enrolment, [...(queued.get(enrolment) ?? []), contactId])
    })
    return batch.visitors.map(({ id }): Outcome => {
      const reached = queued.get(id) ?? []
      return reached.length > 0
        ? { id, way: 'next', details: { messages: reached.length }, reached }
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
