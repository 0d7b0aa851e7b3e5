import { z } from 'zod'
import { idParams, moment, pageOf, pageQuery, route } from '../../../platform/http/contract.ts'
import { severity, topic, words } from './shapes.ts'

export const deliveryStates = ['waiting', 'held', 'sending', 'sent', 'failed', 'skipped'] as const
export const deliveryWays = ['in_app', 'mail', 'channel'] as const
const deliveryReasons = [
  'preference',
  'digest',
  'quiet_hours',
  'no_address',
  'channel_disabled',
  'channel_deleted',
  'member_left',
] as const

export const listDeliveries = route({
  method: 'GET',
  path: '/api/v1/notice-deliveries',
  operation: 'listNoticeDeliveries',
  summary: 'What was sent to whom, what was not, and why; latest first',
  access: 'channels.manage',
  query: pageQuery.extend({
    topic: topic.optional(),
    state: z.enum(deliveryStates).optional(),
    way: z.enum(deliveryWays).optional(),
    recipientId: z.uuid().optional().meta({ description: 'A member or a channel.' }),
    noticeId: z.uuid().optional(),
  }),
  reply: pageOf(
    z.object({
      id: z.uuid(),
      noticeId: z.uuid(),
      topic,
      severity,
      title: words,
      way: z.enum(deliveryWays),
      recipientId: z.uuid(),
      recipientName: z.string().nullable(),
      state: z.enum(deliveryStates),
      reason: z.enum(deliveryReasons).nullable(),
      error: z.string().nullable(),
      attempts: z.number().int(),
      heldUntil: moment.nullable(),
      sentAt: moment.nullable(),
      createdAt: moment,
    }),
  ),
})

export const retryDelivery = route({
  method: 'POST',
  path: '/api/v1/notice-deliveries/:id/retry',
  operation: 'retryNoticeDelivery',
  summary: 'Send again to a channel what failed',
  access: 'channels.manage',
  params: idParams,
  reply: null,
})
