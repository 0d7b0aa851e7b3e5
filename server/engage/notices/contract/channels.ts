import { z } from 'zod'
import { idParams, line, moment, route } from '../../../platform/http/contract.ts'
import { severity, topic } from './shapes.ts'

export const channelKinds = ['slack', 'slack_api', 'teams', 'webhook', 'sms'] as const
export type ChannelKind = (typeof channelKinds)[number]

const address = z
  .string()
  .trim()
  .max(2_000)
  .meta({ description: 'An address beginning with https:// that the internet can reach.' })
const secret = z
  .string()
  .trim()
  .regex(/^whsec_[A-Za-z0-9+/]{32,86}={0,2}$/)
  .meta({ description: 'Secret of a Standard Webhooks signature; left out, one is made and shown once.' })

/** Where a channel leads to. It is kept encrypted and never answered again. */
export const channelTarget = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('slack'), url: address }),
  z.strictObject({
    kind: z.literal('slack_api'),
    token: z
      .string()
      .trim()
      .regex(/^xox[a-z]-[\w-]{10,200}$/),
    channel: line(80).meta({ description: 'Id or name of the Slack channel, such as C0123456789 or #csm-alerts.' }),
    signingSecret: z
      .string()
      .trim()
      .regex(/^[0-9a-f]{16,64}$/)
      .optional()
      .meta({ description: 'Signing secret of the Slack app; with it cards have buttons that act.' }),
    apiUrl: address.optional().meta({ description: 'Only for GovSlack and the like; else https://slack.com/api/.' }),
  }),
  z.strictObject({ kind: z.literal('teams'), url: address }),
  z.strictObject({ kind: z.literal('webhook'), url: address, secret: secret.optional() }),
  z.strictObject({
    kind: z.literal('sms'),
    url: address,
    secret: secret.optional(),
    numbers: z
      .array(
        z
          .string()
          .trim()
          .regex(/^\+[1-9]\d{6,14}$/),
      )
      .min(1)
      .max(50)
      .meta({ description: 'Telephone numbers as E.164 has them, such as +819012345678.' }),
  }),
])
export type ChannelTarget = z.output<typeof channelTarget>
export type SlackTarget = Extract<ChannelTarget, { kind: 'slack_api' }>

const channel = z.object({
  id: z.uuid(),
  key: z.string(),
  name: z.string(),
  kind: z.enum(channelKinds),
  shown: z.string().meta({ description: 'What of the target may be shown: its host, the Slack channel.' }),
  topics: z.array(topic),
  severity,
  enabled: z.boolean(),
  interactionPath: z
    .string()
    .nullable()
    .meta({ description: 'Where Slack sends presses of buttons to, below the address of this installation.' }),
  lastSentAt: moment.nullable(),
  lastError: z.string().nullable(),
  lastErrorAt: moment.nullable(),
  createdAt: moment,
})

const fields = {
  name: line(80),
  topics: z.array(topic).max(20),
  severity,
  enabled: z.boolean(),
}

export const listChannels = route({
  method: 'GET',
  path: '/api/v1/notice-channels',
  operation: 'listNoticeChannels',
  summary: 'Channels to which notices go: Slack, Teams, programs, telephones',
  access: 'company.read',
  reply: z.object({ items: z.array(channel) }),
})

export const createChannel = route({
  method: 'POST',
  path: '/api/v1/notice-channels',
  operation: 'createNoticeChannel',
  summary: 'Make a channel. Its target is checked, kept encrypted and not shown again',
  access: 'channels.manage',
  body: z.strictObject({
    key: z
      .string()
      .regex(/^[a-z0-9][a-z0-9_-]{0,60}$/)
      .optional()
      .meta({ description: 'Name in rules and blueprints, such as csm-alerts; made from the name where left out.' }),
    ...fields,
    topics: fields.topics.default([]),
    severity: severity.default('low'),
    enabled: z.boolean().default(true),
    target: channelTarget,
  }),
  status: 201,
  reply: z.object({ channel, secret: z.string().nullable() }),
})

export const updateChannel = route({
  method: 'PATCH',
  path: '/api/v1/notice-channels/:id',
  operation: 'updateNoticeChannel',
  summary: 'Change a channel; a target of the same kind takes the place of the one before',
  access: 'channels.manage',
  params: idParams,
  body: z.strictObject({ ...fields, target: channelTarget }).partial(),
  reply: z.object({ channel, secret: z.string().nullable() }),
})

export const deleteChannel = route({
  method: 'DELETE',
  path: '/api/v1/notice-channels/:id',
  operation: 'deleteNoticeChannel',
  summary: 'Delete a channel; what waits for it is not sent any more',
  access: 'channels.manage',
  params: idParams,
  reply: null,
})

export const testChannel = route({
  method: 'POST',
  path: '/api/v1/notice-channels/:id/test',
  operation: 'testNoticeChannel',
  summary: 'Send a test notice to a channel; how it went stands in the log of deliveries',
  access: 'channels.manage',
  params: idParams,
  status: 202,
  reply: z.object({ noticeId: z.uuid() }),
})
