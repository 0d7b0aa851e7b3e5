import { z } from 'zod'
import { idParams, line, route } from '../../../platform/http/contract.ts'

const topicKinds = ['marketing', 'transactional'] as const
const key = z.string().regex(/^[a-z][a-z0-9_-]{0,59}$/)

const fields = {
  nameJa: line(100),
  nameEn: line(100),
  descriptionJa: z.string().trim().max(500),
  descriptionEn: z.string().trim().max(500),
  kind: z.enum(topicKinds).meta({ description: 'Marketing needs consent and can be turned off.' }),
  position: z.number().int().min(0).max(10_000),
}
export const newTopic = z.strictObject({
  ...fields,
  key,
  descriptionJa: fields.descriptionJa.default(''),
  descriptionEn: fields.descriptionEn.default(''),
  position: fields.position.default(0),
})
export type NewTopic = z.output<typeof newTopic>

const topic = z.object({
  id: z.uuid(),
  key: z.string(),
  ...fields,
  unsubscribed: z.number().int().meta({ description: 'Contacts that turned it off.' }),
})

const base = '/api/v1/message-topics'

export const listTopics = route({
  method: 'GET',
  path: base,
  operation: 'listMessageTopics',
  summary: 'What messages are about',
  access: 'messages.read',
  reply: z.object({ items: z.array(topic) }),
})

export const createTopic = route({
  method: 'POST',
  path: base,
  operation: 'createMessageTopic',
  summary: 'Make a topic',
  access: 'messages.manage',
  body: newTopic,
  status: 201,
  reply: z.object({ id: z.uuid() }),
})

export const updateTopic = route({
  method: 'PATCH',
  path: `${base}/:id`,
  operation: 'updateMessageTopic',
  summary: 'Change a topic; its kind stays',
  access: 'messages.manage',
  params: idParams,
  body: z.strictObject(fields).omit({ kind: true }).partial(),
  reply: null,
})

export const deleteTopic = route({
  method: 'DELETE',
  path: `${base}/:id`,
  operation: 'deleteMessageTopic',
  summary: 'Delete a topic that nothing uses',
  access: 'messages.manage',
  params: idParams,
  reply: null,
})
