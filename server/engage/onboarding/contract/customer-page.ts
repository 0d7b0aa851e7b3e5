import { z } from 'zod'
import { emailAddress, idParams, route } from '../../../platform/http/contract.ts'
import { certificateLanguage, certificateShape } from './certificates.ts'

const journeys = '/api/v1/onboarding/journeys'

export const createJourneyLink = route({
  method: 'POST',
  path: `${journeys}/:id/links`,
  operation: 'createJourneyLink',
  summary: 'Make an address by which the customer sees and ticks its own tasks; it is shown once',
  access: 'onboarding.handle',
  params: idParams,
  body: z.strictObject({
    days: z.number().int().min(1).max(180).default(90),
    email: emailAddress
      .nullable()
      .default(null)
      .meta({ description: 'With it a code that is sent there is asked for.' }),
  }),
  status: 201,
  reply: z.object({ id: z.uuid(), address: z.string() }),
})

export const revokeJourneyLink = route({
  method: 'DELETE',
  path: '/api/v1/onboarding/links/:id',
  operation: 'revokeJourneyLink',
  summary: 'Make an address useless from now on',
  access: 'onboarding.handle',
  params: idParams,
  reply: null,
})

const base = '/api/v1/onboarding/customer-page'
const words = z.object({ ja: z.string(), en: z.string() })
// In the body, so that no log of addresses holds them.
const bearer = { token: z.string().max(200), session: z.string().max(200).optional() }

const page = z.object({
  needsCode: z.boolean(),
  certificates: z.array(certificateShape),
  journey: z
    .object({
      company: z.string(),
      customer: z.string(),
      name: words,
      status: z.enum(['running', 'paused', 'completed']),
      startsOn: z.string(),
      endsOn: z.string(),
      tasks: z.array(
        z.object({
          key: z.string(),
          phase: words,
          title: words,
          description: words,
          dueOn: z.string(),
          done: z.boolean(),
          late: z.boolean(),
          /** Its own task, which it may tick; others are shown only. */
          own: z.boolean(),
        }),
      ),
    })
    .nullable(),
})
export type CustomerPage = z.output<typeof page>

export const readCustomerPage = route({
  method: 'POST',
  path: base,
  operation: 'readCustomerPage',
  summary: 'What a customer sees of its onboarding, by the secret of its address',
  access: 'public',
  body: z.strictObject(bearer),
  reply: page,
  limitPerMinute: 30,
})

export const tickOnCustomerPage = route({
  method: 'POST',
  path: `${base}/ticks`,
  operation: 'tickOnCustomerPage',
  summary: 'The customer marks one of its own tasks as done, or as not done',
  access: 'public',
  body: z.strictObject({ ...bearer, task: z.string().max(63), done: z.boolean() }),
  reply: page,
  limitPerMinute: 60,
})

export const certificateOnCustomerPage = route({
  method: 'POST',
  path: `${base}/certificates`,
  operation: 'certificateOnCustomerPage',
  summary: 'A certificate of the customer (PDF), by the secret of its address',
  access: 'public',
  body: z.strictObject({ ...bearer, id: z.uuid(), language: certificateLanguage }),
  reply: z.string(),
  contentType: 'application/pdf',
  limitPerMinute: 20,
})

export const sendPageCode = route({
  method: 'POST',
  path: `${base}/codes`,
  operation: 'sendPageCode',
  summary: 'Send the code of an address that asks for one',
  access: 'public',
  body: z.strictObject({ token: bearer.token }),
  status: 202,
  reply: z.object({ sent: z.boolean().meta({ description: 'False: one was sent in the last minute.' }) }),
  limitPerMinute: 5,
})

export const enterPageCode = route({
  method: 'POST',
  path: `${base}/sessions`,
  operation: 'enterPageCode',
  summary: 'Enter the code; the answer opens the page for twelve hours',
  access: 'public',
  body: z.strictObject({
    token: bearer.token,
    code: z
      .string()
      .trim()
      .regex(/^\d{6}$/),
  }),
  status: 201,
  reply: z.object({ session: z.string() }),
  limitPerMinute: 10,
})
