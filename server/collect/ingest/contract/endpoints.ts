import { z } from 'zod'
import type { RawContract } from '../../../platform/http/contract.ts'

const id = z.union([z.string().max(255), z.number()])

/** One message of the Segment protocol, as it is described to callers; the server reads it by hand. */
const message = z.object({
  messageId: id.optional().meta({ description: 'What comes again under the same id is not counted again.' }),
  userId: id.optional(),
  anonymousId: id.optional(),
  event: z.string().max(200).optional().meta({ description: 'Name of a track call.' }),
  name: z.string().max(200).optional().meta({ description: 'Name of a page or screen.' }),
  groupId: id.optional(),
  previousId: id.optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  traits: z.record(z.string(), z.unknown()).optional(),
  context: z.record(z.string(), z.unknown()).optional(),
  timestamp: z.iso.datetime({ offset: true }).optional(),
  sentAt: z.iso.datetime({ offset: true }).optional(),
  writeKey: z.string().optional().meta({ description: 'The write key, where it cannot be sent as the user of Basic.' }),
})

const stored = z.object({
  success: z.boolean(),
  accepted: z.number().int().meta({ description: 'Stored by this request.' }),
  duplicated: z.number().int().meta({ description: 'Already stored before.' }),
  rejected: z.number().int().meta({ description: 'Refused; the debugger of the source says why.' }),
})

const common = {
  method: 'POST',
  access: 'write_key',
  body: message,
  reply: stored,
  // More than is taken, so that the handler can note for the debugger what was too large.
  bodyLimit: 4_194_304,
  anyOrigin: true,
} as const satisfies Partial<RawContract>

export const trackEvent: RawContract = {
  ...common,
  path: '/v1/track',
  alsoAt: ['/v1/t'],
  operation: 'trackEvent',
  summary: 'Take an event (Segment protocol)',
}
export const identifyUser: RawContract = {
  ...common,
  path: '/v1/identify',
  alsoAt: ['/v1/i'],
  operation: 'identifyUser',
  summary: 'Take the traits of a user (Segment protocol)',
}
export const groupUser: RawContract = {
  ...common,
  path: '/v1/group',
  alsoAt: ['/v1/g'],
  operation: 'groupUser',
  summary: 'Take the company of a user (Segment protocol)',
}
export const viewPage: RawContract = {
  ...common,
  path: '/v1/page',
  alsoAt: ['/v1/p'],
  operation: 'viewPage',
  summary: 'Take a page view (Segment protocol)',
}
export const viewScreen: RawContract = {
  ...common,
  path: '/v1/screen',
  alsoAt: ['/v1/s'],
  operation: 'viewScreen',
  summary: 'Take a screen view (Segment protocol)',
}
export const aliasUser: RawContract = {
  ...common,
  path: '/v1/alias',
  alsoAt: ['/v1/a'],
  operation: 'aliasUser',
  summary: 'Take another id of a user (Segment protocol)',
}
export const sendBatch: RawContract = {
  ...common,
  path: '/v1/batch',
  alsoAt: ['/v1/b', '/v1/import'],
  operation: 'sendBatch',
  summary: 'Take up to 2,500 messages (Segment protocol); a bad one is refused alone',
  body: z.object({
    batch: z.array(message.extend({ type: z.string() })).max(2_500),
    sentAt: z.iso.datetime({ offset: true }).optional(),
    writeKey: z.string().optional(),
  }),
}
