import { sql } from 'kysely'
import { queueInApp } from '../../in-app/commands/queue.ts'
import { allBy, type Outcome, type StepDefinition } from './definition.ts'
import { admittedOf } from './recipients.ts'

/** Shows a message inside the product to the contact; of a customer, to its main person or to everybody there. */
export const inApp: StepDefinition<'in_app'> = {
  contacts: 'in_app',
  async run(ctx, step, batch) {
    const { rows } = await sql<{ id: string }>`
      select id from in_app_message where tenant_id = ${ctx.tenantId} and key = ${step.message} and state <> 'draft'`.execute(
      ctx.tx,
    )
    const message = rows[0]
    if (!message) return allBy(batch, 'next', { skipped: true, reason: 'message_missing' })
    const recipients = admittedOf(batch)
    await queueInApp(ctx, {
      messageId: message.id,
      recipients: recipients.map(({ contactId, key }) => ({ contactId, key })),
      source: { kind: 'flow', id: batch.flow.id, stepKey: step.key },
    })
    const people = Map.groupBy(recipients, ({ enrolment }) => enrolment)
    return batch.visitors.map(({ id }): Outcome => {
      const reached = (people.get(id) ?? []).map(({ contactId }) => contactId)
      return reached.length > 0
        ? { id, way: 'next', details: { people: reached.length }, reached }
        : { id, way: 'next', skipped: true, reason: 'nobody_there' }
    })
  },
}
