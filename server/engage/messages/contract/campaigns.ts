import { z } from 'zod'
import { condition } from '../../../catalog/conditions/contract.ts'
import { idParams, line, moment, pageOf, pageQuery, route } from '../../../platform/http/contract.ts'
import { audience, figures, messageStates } from './shapes.ts'

/** What recipients did, by which they can be listed. */
export const messageDeeds = ['opened', 'clicked', 'converted', 'bounced', 'unsubscribed'] as const

const states = ['draft', 'scheduled', 'late', 'preparing', 'sending', 'paused', 'finished', 'cancelled'] as const
export type CampaignState = (typeof states)[number]

const goal = z
  .strictObject({
    condition,
    withinDays: z.number().int().min(1).max(90).meta({ description: 'Days after the message was sent.' }),
  })
  .meta({ description: 'What the campaign is to lead to. Who meets it already when it starts does not count.' })
export type CampaignGoal = z.output<typeof goal>

const fields = {
  name: line(100),
  templateId: z.uuid(),
  topicId: z.uuid(),
  senderId: z.uuid().nullable(),
  audience,
  goal: goal.nullable(),
}
const newCampaign = z.strictObject({
  ...fields,
  senderId: fields.senderId.default(null),
  goal: fields.goal.default(null),
})
export type NewCampaign = z.output<typeof newCampaign>

const campaign = z.object({
  id: z.uuid(),
  ...fields,
  templateName: z.string(),
  templateVersion: z.number().int().nullable(),
  topicNameJa: z.string(),
  topicNameEn: z.string(),
  state: z.enum(states),
  hold: z.string().nullable(),
  fault: z.string().nullable(),
  scheduledAt: moment.nullable(),
  startedAt: moment.nullable(),
  finishedAt: moment.nullable(),
  createdByName: z.string().nullable(),
  createdAt: moment,
  figures,
})

const base = '/api/v1/campaigns'

export const listCampaigns = route({
  method: 'GET',
  path: base,
  operation: 'listCampaigns',
  summary: 'Campaigns with what became of their messages, newest first',
  access: 'messages.read',
  query: pageQuery,
  reply: pageOf(campaign),
})

export const createCampaign = route({
  method: 'POST',
  path: base,
  operation: 'createCampaign',
  summary: 'Make a campaign; nothing is sent before it is started',
  access: 'messages.manage',
  body: newCampaign,
  status: 201,
  reply: campaign,
})

export const getCampaign = route({
  method: 'GET',
  path: `${base}/:id`,
  operation: 'getCampaign',
  summary: 'One campaign',
  access: 'messages.read',
  params: idParams,
  reply: campaign,
})

export const updateCampaign = route({
  method: 'PATCH',
  path: `${base}/:id`,
  operation: 'updateCampaign',
  summary: 'Change a campaign that has not started',
  access: 'messages.manage',
  params: idParams,
  body: z.strictObject(fields).partial(),
  reply: campaign,
})

export const deleteCampaign = route({
  method: 'DELETE',
  path: `${base}/:id`,
  operation: 'deleteCampaign',
  summary: 'Delete a campaign that has not started',
  access: 'messages.manage',
  params: idParams,
  reply: null,
})

export const previewAudience = route({
  method: 'POST',
  path: `${base}/audience`,
  operation: 'previewCampaignAudience',
  summary: 'How many would get a message now, and who is left out for which reason',
  access: 'messages.read',
  body: z.strictObject({ audience, topicId: z.uuid() }),
  reply: z.object({
    contacts: z.number().int(),
    reached: z.number().int(),
    left: z.array(z.object({ reason: z.string(), contacts: z.number().int() })),
    samples: z.array(z.object({ id: z.uuid(), name: z.string(), customerName: z.string().nullable() })),
  }),
})

export const startCampaign = route({
  method: 'POST',
  path: `${base}/:id/start`,
  operation: 'startCampaign',
  summary: 'Send now, or at a moment; also what was late and waits for an answer',
  access: 'messages.manage',
  params: idParams,
  body: z.strictObject({ at: moment.optional() }),
  reply: campaign,
})

const act = <const Name extends string>(verb: Name, operation: string, summary: string) =>
  route({
    method: 'POST',
    path: `${base}/:id/${verb}` as const,
    operation,
    summary,
    access: 'messages.manage',
    params: idParams,
    reply: campaign,
  })

export const pauseCampaign = act(
  'pause',
  'pauseCampaign',
  'Stop sending; what a server is being told at this moment goes out',
)
export const resumeCampaign = act('resume', 'resumeCampaign', 'Go on where it stopped')
export const cancelCampaign = act('cancel', 'cancelCampaign', 'End it; who has got nothing yet gets nothing')

export const listMessages = route({
  method: 'GET',
  path: `${base}/:id/messages`,
  operation: 'listCampaignMessages',
  summary: 'The recipients of a campaign, and what became of each message',
  access: 'messages.read',
  params: idParams,
  query: pageQuery.extend({
    state: z.enum(messageStates).optional(),
    did: z.enum(messageDeeds).optional().meta({ description: 'Only those of whom this is known.' }),
  }),
  reply: pageOf(
    z.object({
      id: z.uuid(),
      contactId: z.uuid(),
      contactName: z.string().nullable(),
      state: z.enum(messageStates),
      reason: z.string().nullable(),
      lastError: z.string().nullable(),
      attempts: z.number().int(),
      nextAt: moment.nullable(),
      acceptedAt: moment.nullable(),
      openedAt: moment.nullable(),
      clickedAt: moment.nullable(),
      convertedAt: moment.nullable(),
      bouncedAt: moment.nullable(),
      unsubscribedAt: moment.nullable(),
    }),
  ),
})

export const messageFigures = route({
  method: 'GET',
  path: '/api/v1/message-figures',
  operation: 'readMessageFigures',
  summary: 'What became of messages, by step of their cause, or by template and version',
  access: 'messages.read',
  query: z.object({
    by: z.enum(['step', 'template']).default('step'),
    sourceKind: z.enum(['campaign', 'flow']).optional(),
    sourceId: z.uuid().optional(),
    templateId: z.uuid().optional(),
    days: z.coerce.number().int().min(1).max(3_660).default(90),
  }),
  reply: z.object({ items: z.array(z.object({ key: z.string(), name: z.string(), figures })) }),
})
