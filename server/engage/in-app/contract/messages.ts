import { z } from 'zod'
import { idParams, line, moment, route } from '../../../platform/http/contract.ts'
import { inAppDocument, inAppKinds, inAppStates, portableInApp } from './document.ts'

const key = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,59}$/)
const count = z.number().int()
const priority = count.min(0).max(100)
const between = { startsAt: moment.nullable(), endsAt: moment.nullable() }

/** A message as a blueprint has it. */
export const inAppMessageItem = z.strictObject({
  key,
  name: z.union([line(100), z.strictObject({ ja: line(100), en: line(100) })]).meta({
    description: 'With both, the one in the language of the company counts.',
  }),
  enabled: z.boolean().default(true),
  priority: priority.default(50),
  document: portableInApp,
})

const summary = {
  id: z.uuid(),
  key: z.string(),
  name: z.string(),
  kind: z.enum(inAppKinds),
  state: z.enum(inAppStates),
  priority: count,
  ...between,
  updatedAt: moment,
  figures: z.object({
    queued: count.meta({ description: 'People for whom it waits or waited.' }),
    shown: count,
    clicked: count,
    dismissed: count,
    completed: count,
  }),
}
const message = z.object({ ...summary, document: inAppDocument })
const base = '/api/v1/in-app-messages'

export const listInAppMessages = route({
  method: 'GET',
  path: base,
  operation: 'listInAppMessages',
  summary: 'Messages that are shown inside the product, with their counts',
  access: 'messages.read',
  reply: z.object({ items: z.array(z.object(summary)) }),
})

export const getInAppMessage = route({
  method: 'GET',
  path: `${base}/:id`,
  operation: 'getInAppMessage',
  summary: 'A message inside the product',
  access: 'messages.read',
  params: idParams,
  reply: message,
})

export const createInAppMessage = route({
  method: 'POST',
  path: base,
  operation: 'createInAppMessage',
  summary: 'Make a message inside the product; nobody sees it before it is enabled',
  access: 'messages.manage',
  body: z.strictObject({
    key: key.optional(),
    name: line(100),
    document: inAppDocument,
    priority: priority.default(50).meta({ description: 'The smaller number is shown first.' }),
    startsAt: between.startsAt.default(null),
    endsAt: between.endsAt.default(null),
  }),
  status: 201,
  reply: message,
})

export const updateInAppMessage = route({
  method: 'PATCH',
  path: `${base}/:id`,
  operation: 'updateInAppMessage',
  summary: 'Change, enable or pause a message inside the product',
  access: 'messages.manage',
  params: idParams,
  body: z.strictObject({
    name: line(100).optional(),
    document: inAppDocument.optional(),
    priority: priority.optional(),
    startsAt: between.startsAt.optional(),
    endsAt: between.endsAt.optional(),
    state: z.enum(inAppStates).optional(),
  }),
  reply: message,
})

export const deleteInAppMessage = route({
  method: 'DELETE',
  path: `${base}/:id`,
  operation: 'deleteInAppMessage',
  summary: 'Delete a message inside the product with its counts',
  access: 'messages.manage',
  params: idParams,
  reply: null,
})
