import { z } from 'zod'
import { idParams, line, moment, route } from '../../../platform/http/contract.ts'
import { messageLanguages, sharedContent, templateContent } from './blocks.ts'

const key = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,59}$/)
/** A template as files hold it, with the key of its topic. */
export const messageTemplateItem = z.strictObject({
  key,
  name: z.union([line(100), z.strictObject({ ja: line(100), en: line(100) })]).meta({
    description: 'With both, the one in the language of the company counts.',
  }),
  topic: z.string().max(60).nullable().default(null),
  content: templateContent,
})

const states = ['active', 'archived'] as const

const summary = {
  id: z.uuid(),
  key: z.string(),
  name: z.string(),
  topicId: z.uuid().nullable(),
  state: z.enum(states),
  version: z.number().int(),
  languages: z.array(z.enum(messageLanguages)),
  sent: z.number().int().meta({ description: 'Messages that a server took.' }),
  createdByName: z.string().nullable(),
  updatedAt: moment,
}
const template = z.object({
  ...summary,
  content: templateContent,
  versions: z.array(z.object({ version: z.number().int(), createdAt: moment, createdByName: z.string().nullable() })),
})

const base = '/api/v1/message-templates'

export const listTemplates = route({
  method: 'GET',
  path: base,
  operation: 'listMessageTemplates',
  summary: 'Templates of messages',
  access: 'messages.read',
  query: z.object({ state: z.enum(states).default('active') }),
  reply: z.object({ items: z.array(z.object(summary)) }),
})

export const createTemplate = route({
  method: 'POST',
  path: base,
  operation: 'createMessageTemplate',
  summary: 'Make a template',
  access: 'messages.manage',
  body: z.strictObject({
    key: key.optional(),
    name: line(100),
    topicId: z.uuid().nullable().default(null),
    content: templateContent,
  }),
  status: 201,
  reply: template,
})

export const getTemplate = route({
  method: 'GET',
  path: `${base}/:id`,
  operation: 'getMessageTemplate',
  summary: 'A template with its newest content, or that of a version',
  access: 'messages.read',
  params: idParams,
  query: z.object({ version: z.coerce.number().int().min(1).optional() }),
  reply: template,
})

export const updateTemplate = route({
  method: 'PATCH',
  path: `${base}/:id`,
  operation: 'updateMessageTemplate',
  summary: 'Change a template; new content is a new version, and what is under way keeps its own',
  access: 'messages.manage',
  params: idParams,
  body: z.strictObject({
    name: line(100).optional(),
    topicId: z.uuid().nullable().optional(),
    state: z.enum(states).optional(),
    content: templateContent.optional(),
    basedOn: z
      .number()
      .int()
      .optional()
      .meta({ description: 'The version that was edited: another newer one is a conflict.' }),
  }),
  reply: template,
})

const exampleFor = {
  contactId: z.uuid().optional(),
  customerId: z.uuid().optional().meta({ description: 'Its main person.' }),
}

export const previewTemplate = route({
  method: 'POST',
  path: '/api/v1/message-previews',
  operation: 'previewMessage',
  summary: 'Write a message for a contact without sending it',
  access: 'messages.read',
  body: z.strictObject({
    content: templateContent,
    language: z.enum(messageLanguages),
    ...exampleFor,
    topicId: z.uuid().nullable().optional(),
  }),
  reply: z.object({
    id: z.uuid().meta({ description: 'Under it the page can be shown in a frame.' }),
    subject: z.string(),
    text: z.string(),
    contactName: z.string(),
    faults: z.array(z.object({ path: z.string(), ja: z.string(), en: z.string() })),
  }),
})

export const showPreview = route({
  method: 'GET',
  path: '/api/v1/message-previews/:id',
  operation: 'showMessagePreview',
  summary: 'One’s newest preview as a page, for a frame',
  access: 'messages.read',
  params: idParams,
  reply: z.string(),
  contentType: 'text/html; charset=utf-8',
  framed: true,
})

export const testTemplate = route({
  method: 'POST',
  path: `${base}/:id/test`,
  operation: 'testMessageTemplate',
  summary: 'Send the newest version to oneself as a campaign would, with the values of a contact',
  access: 'messages.manage',
  params: idParams,
  body: z.strictObject({
    language: z.enum(messageLanguages),
    ...exampleFor,
    senderId: z.uuid().nullable().optional().meta({ description: 'Left out: the default sender.' }),
  }),
  reply: z.object({ to: z.string() }),
})

const shared = z.object({
  id: z.uuid(),
  key: z.string(),
  name: z.string(),
  content: sharedContent,
  templates: z
    .array(z.object({ id: z.uuid(), name: z.string() }))
    .meta({ description: 'Active templates that use it, in their newest version.' }),
  updatedAt: moment,
})

export const listSharedBlocks = route({
  method: 'GET',
  path: '/api/v1/message-blocks',
  operation: 'listMessageBlocks',
  summary: 'Blocks that templates share',
  access: 'messages.read',
  reply: z.object({ items: z.array(shared) }),
})

export const saveSharedBlock = route({
  method: 'POST',
  path: '/api/v1/message-blocks',
  operation: 'saveMessageBlock',
  summary: 'Make a shared block, or replace the one of the same key',
  access: 'messages.manage',
  body: z.strictObject({ key, name: line(100), content: sharedContent }),
  reply: z.object({ id: z.uuid() }),
})

export const deleteSharedBlock = route({
  method: 'DELETE',
  path: '/api/v1/message-blocks/:id',
  operation: 'deleteMessageBlock',
  summary: 'Delete a shared block; templates leave it out',
  access: 'messages.manage',
  params: idParams,
  reply: null,
})
