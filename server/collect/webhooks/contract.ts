import { z } from 'zod'
import { idParams, line, moment, pageOf, pageQuery, type RawContract, route } from '../../platform/http/contract.ts'

const id = z.string().min(1).max(255)
const text = (most: number) => z.string().trim().min(1).max(most)
const occurredAt = moment.meta({ description: 'When it happened; a later fact overrules an earlier one.' })

/** What a product tells: the shapes that are followed. */
export const productEvent = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('user.signed_up'),
    timestamp: occurredAt,
    data: z.object({
      userId: id,
      email: z.string().max(254).optional(),
      name: text(200).optional(),
      plan: text(100).optional(),
      customerId: id.optional().meta({ description: 'Id of the company in the product.' }),
      customerName: text(200).optional(),
    }),
  }),
  z.object({
    type: z.literal('customer.upgraded'),
    timestamp: occurredAt,
    data: z.object({ customerId: id, plan: text(100), userId: id.optional() }),
  }),
  z.object({
    type: z.literal('customer.churned'),
    timestamp: occurredAt,
    data: z.object({ customerId: id, reason: text(2_000).optional(), churnedOn: z.iso.date().optional() }),
  }),
])
export type ProductEvent = z.output<typeof productEvent>

export const receiveWebhook: RawContract = {
  method: 'POST',
  path: '/v1/webhooks/:companyId/:id',
  operation: 'receiveWebhook',
  summary: 'Take what a product tells, signed as Standard Webhooks has it',
  access: 'signature',
  params: z.object({ companyId: z.uuid(), id: z.uuid() }),
  body: productEvent,
  reply: z.object({ received: z.boolean() }),
  bodyLimit: 262_144,
}

const endpoint = z.object({
  id: z.uuid(),
  name: z.string(),
  path: z.string().meta({ description: 'Where the product sends to, below the address of this installation.' }),
  disabledAt: moment.nullable(),
  lastSeenAt: moment.nullable(),
  createdAt: moment,
  secrets: z.array(z.object({ id: z.uuid(), createdAt: moment, expiresAt: moment.nullable() })),
})

export const listWebhookEndpoints = route({
  method: 'GET',
  path: '/api/v1/webhook-endpoints',
  operation: 'listWebhookEndpoints',
  summary: 'Addresses at which products tell of sign-ups, upgrades and churn',
  access: 'sources.read',
  query: pageQuery,
  reply: pageOf(endpoint),
})

export const makeWebhookEndpoint = route({
  method: 'POST',
  path: '/api/v1/webhook-endpoints',
  operation: 'createWebhookEndpoint',
  summary: 'Make an address for webhooks; the reply holds the secret with which the product signs',
  access: 'sources.manage',
  body: z.object({ name: line(100) }),
  reply: z.object({ id: z.uuid(), path: z.string(), secret: z.string() }),
  status: 201,
})

export const changeWebhookEndpoint = route({
  method: 'PATCH',
  path: '/api/v1/webhook-endpoints/:id',
  operation: 'updateWebhookEndpoint',
  summary: 'Rename, disable or enable an address for webhooks',
  access: 'sources.manage',
  params: idParams,
  body: z.object({ name: line(100).optional(), disabled: z.boolean().optional() }),
  reply: null,
})

export const rotateWebhookSecret = route({
  method: 'POST',
  path: '/api/v1/webhook-endpoints/:id/rotate-secret',
  operation: 'rotateWebhookSecret',
  summary: 'Add a secret; those before it hold for the hours that are given',
  access: 'sources.manage',
  params: idParams,
  body: z.object({ keepHours: z.number().int().min(0).max(720).default(24) }),
  reply: z.object({ secret: z.string() }),
})

export const listWebhookDeliveries = route({
  method: 'GET',
  path: '/api/v1/webhook-endpoints/:id/deliveries',
  operation: 'listWebhookDeliveries',
  summary: 'What arrived at an address, the latest first',
  access: 'sources.read',
  params: idParams,
  query: pageQuery.extend({ state: z.enum(['waiting', 'done', 'refused']).optional() }),
  reply: pageOf(
    z.object({
      webhookId: z.string(),
      receivedAt: moment,
      state: z.enum(['waiting', 'done', 'refused']),
      fault: z.string().nullable(),
      body: z.string(),
    }),
  ),
})
