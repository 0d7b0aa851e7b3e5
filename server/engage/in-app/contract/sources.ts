import { z } from 'zod'
import { idParams, route } from '../../../platform/http/contract.ts'

export const inAppModes = ['off', 'verified', 'unverified'] as const
export type InAppMode = (typeof inAppModes)[number]

export const listInAppSources = route({
  method: 'GET',
  path: '/api/v1/in-app-sources',
  operation: 'listInAppSources',
  summary: 'Which sources may show messages, and whether they must sign who the user is',
  access: 'messages.read',
  reply: z.object({ items: z.array(z.object({ id: z.uuid(), name: z.string(), mode: z.enum(inAppModes) })) }),
})

export const changeInAppSource = route({
  method: 'PUT',
  path: '/api/v1/in-app-sources/:id',
  operation: 'changeInAppSource',
  summary: 'Let a source show messages: to signed users only, to any, or not at all',
  access: 'sources.manage',
  params: idParams,
  body: z.strictObject({ mode: z.enum(inAppModes) }),
  reply: null,
})

export const revealInAppSecret = route({
  method: 'POST',
  path: '/api/v1/in-app-sources/:id/secret',
  operation: 'revealInAppSecret',
  summary: 'Show the secret with which the product signs user ids, or replace it',
  access: 'sources.manage',
  params: idParams,
  body: z.strictObject({ replace: z.boolean().default(false) }),
  reply: z.object({ secret: z.string() }),
})
