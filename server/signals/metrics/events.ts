import { z } from 'zod'
import { factKinds } from '../../platform/context/vocabulary.ts'

/**
 * Announced when figures were worked out: of the customers that `changedCustomers` names by the moment, or of all of them.
 * What follows from figures and facts (health, segments, alerts) reacts to it.
 */
export const figuresChanged = 'figures.changed'

export const figuresChangedEvent = z.object({
  event: z.object({
    payload: z.object({
      /** When they were worked out: `customer_figures.computed_at`. */
      at: z.iso.datetime({ offset: true }),
      customers: z.number(),
      /** Every customer, as each night. */
      all: z.boolean(),
      /** The first past day whose figures are other ones; null: only those of now. */
      from: z.string().nullable(),
      /** The first day that the changed facts touch, YYYY-MM-DD, whether or not figures of it are kept; null: not known. */
      since: z.string().nullable().default(null),
      /** What had changed. */
      facts: z.array(z.enum(factKinds)),
    }),
  }),
})
