import { issueCertificates } from '../../onboarding/commands/certify.ts'
import { effectKey, type Outcome, type StepDefinition } from './definition.ts'

/** Certifies something to the customer; of a person that goes through the flow to that person. */
export const certificate: StepDefinition<'certificate'> = {
  async run(ctx, step, batch) {
    await issueCertificates(
      ctx,
      batch.visitors.flatMap(visitor =>
        visitor.customerId === null
          ? []
          : [
              {
                key: `flow:${effectKey(visitor)}`,
                customerId: visitor.customerId,
                contactId: batch.subject === 'contact' ? visitor.subjectId : null,
                title: step.title,
              },
            ],
      ),
    )
    return batch.visitors.map(({ id, customerId }): Outcome => {
      if (customerId === null) return { id, way: 'next', skipped: true, reason: 'no_customer' }
      return { id, way: 'next' }
    })
  },
}
