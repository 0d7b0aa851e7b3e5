import { z } from 'zod'
import type { RawContract } from '../../../platform/http/contract.ts'

const params = z.object({ token: z.string() })
const page = { params, reply: z.string(), contentType: 'text/html', access: 'link', bodyLimit: 8_192 } as const

/** The picture in a message. */
export const openPixel: RawContract = {
  method: 'GET',
  path: '/m/o/:token',
  operation: 'openPixel',
  summary: 'The picture of a message, by a signed address',
  access: 'link',
  params,
  reply: z.string(),
  contentType: 'image/gif',
  bodyLimit: 1_024,
}

export const followLink: RawContract = {
  ...page,
  method: 'GET',
  path: '/m/c/:token',
  operation: 'followMessageLink',
  summary: 'On to where a link of a message leads, by a signed address',
}

export const showPreferences: RawContract = {
  ...page,
  method: 'GET',
  path: '/m/p/:token',
  operation: 'showMessagePreferences',
  limitPerMinute: 600,
  summary: 'The page on which a recipient chooses topics',
}

export const savePreferences: RawContract = {
  ...page,
  method: 'POST',
  path: '/m/p/:token',
  operation: 'saveMessagePreferences',
  limitPerMinute: 600,
  summary: 'Keep what a recipient chose',
}

export const showUnsubscribe: RawContract = {
  ...page,
  method: 'GET',
  path: '/m/u/:token',
  operation: 'showUnsubscribe',
  limitPerMinute: 600,
  summary: 'A page with a button; opening it changes nothing',
}

export const unsubscribe: RawContract = {
  ...page,
  method: 'POST',
  path: '/m/u/:token',
  operation: 'unsubscribe',
  // Few servers of mail programs send the clicks of everybody: none may be lost.
  limitPerMinute: 'none',
  summary: 'Unsubscribe from the topic of a message (RFC 8058)',
}

export const receiveMailEvents: RawContract = {
  method: 'POST',
  path: '/v1/mail-events/:companyId/:id',
  operation: 'receiveMailEvents',
  limitPerMinute: 6_000,
  summary: 'Take bounces and complaints of Amazon SES (by SNS) and SendGrid, by their signatures',
  access: 'signature',
  params: z.object({ companyId: z.uuid(), id: z.uuid() }),
  body: z.union([z.array(z.looseObject({})), z.looseObject({})]),
  reply: z.object({ received: z.boolean() }),
  bodyLimit: 1_048_576,
}
