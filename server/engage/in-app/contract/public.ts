import { z } from 'zod'
import type { RawContract } from '../../../platform/http/contract.ts'
import { inAppKinds, inAppTones } from './document.ts'

/** Who asks. The hash is HMAC-SHA256 of the user id with the secret of the source, in hexadecimal. */
const person = {
  writeKey: z.string().max(200).optional(),
  userId: z.string().min(1).max(255),
  userHash: z.string().max(128).optional(),
}

export const askBody = z.object({
  ...person,
  path: z.string().max(2_000).default('/'),
  language: z.string().max(40).optional(),
})

export const tellBody = z.object({
  ...person,
  events: z.array(z.object({ id: z.uuid(), kind: z.enum(['shown', 'click', 'dismiss']) })).max(20),
})

const shownMessage = z.object({
  id: z.uuid(),
  kind: z.enum(inAppKinds),
  tone: z.enum(inAppTones),
  language: z.enum(['ja', 'en']),
  title: z.string(),
  text: z.string(),
  button: z.string(),
  link: z.string().nullable(),
  items: z.array(z.object({ text: z.string(), link: z.string().nullable(), done: z.boolean() })),
})
export type ShownMessage = z.output<typeof shownMessage>

const common = { method: 'POST', access: 'write_key', bodyLimit: 16_384, anyOrigin: true } as const

export const askInApp: RawContract = {
  ...common,
  path: '/v1/in-app',
  operation: 'askInAppMessages',
  summary: 'What a user is to be shown on a page: three messages at most, as plain text',
  body: askBody,
  reply: z.object({ messages: z.array(shownMessage) }),
}

export const tellInApp: RawContract = {
  ...common,
  path: '/v1/in-app/events',
  operation: 'tellInAppEvents',
  summary: 'Say what became of messages: shown, clicked, dismissed',
  body: tellBody,
  reply: z.object({ success: z.boolean() }),
}
