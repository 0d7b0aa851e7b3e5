import { z } from 'zod'
import { idParams, line, moment, pageOf, pageQuery, route } from '../../../platform/http/contract.ts'

export const sourceKinds = ['server', 'browser', 'mobile'] as const
export type SourceKind = (typeof sourceKinds)[number]

const source = z.object({
  id: z.uuid(),
  name: z.string(),
  kind: z.enum(sourceKinds),
  limitPerMinute: z
    .number()
    .int()
    .nullable()
    .meta({ description: 'Messages a minute that it may send; null: no limit.' }),
  disabledAt: moment.nullable(),
  lastSeenAt: moment.nullable(),
  createdAt: moment,
  /** Of the last 24 hours. */
  day: z.object({
    accepted: z.number().int(),
    duplicated: z.number().int(),
    rejected: z.number().int(),
    conflicting: z.number().int(),
    hours: z.array(z.number().int()).length(24).meta({ description: 'Accepted by hour, this hour last.' }),
  }),
})

const limitPerMinute = z.number().int().min(1).max(100_000_000).nullable().optional()

export const listSources = route({
  method: 'GET',
  path: '/api/v1/sources',
  operation: 'listSources',
  summary: 'Sources of events with their counts of the last 24 hours',
  access: 'sources.read',
  query: pageQuery,
  reply: pageOf(source),
})

export const getSource = route({
  method: 'GET',
  path: '/api/v1/sources/:id',
  operation: 'getSource',
  summary: 'A source of events',
  access: 'sources.read',
  params: idParams,
  reply: source,
})

export const makeSource = route({
  method: 'POST',
  path: '/api/v1/sources',
  operation: 'createSource',
  summary: 'Make a source; the reply holds its write key',
  access: 'sources.manage',
  body: z.object({ name: line(100), kind: z.enum(sourceKinds), limitPerMinute }),
  reply: z.object({ id: z.uuid(), writeKey: z.string() }),
  status: 201,
})

export const changeSource = route({
  method: 'PATCH',
  path: '/api/v1/sources/:id',
  operation: 'updateSource',
  summary: 'Rename, limit, disable or enable a source',
  access: 'sources.manage',
  params: idParams,
  body: z.object({ name: line(100).optional(), limitPerMinute, disabled: z.boolean().optional() }),
  reply: null,
})

export const rotateKey = route({
  method: 'POST',
  path: '/api/v1/sources/:id/rotate-key',
  operation: 'rotateSourceKey',
  summary: 'Replace the write key; the old one stops at once',
  access: 'sources.manage',
  params: idParams,
  reply: z.object({ writeKey: z.string() }),
})

export const revealKey = route({
  method: 'POST',
  path: '/api/v1/sources/:id/reveal-key',
  operation: 'revealSourceKey',
  summary: 'Show the write key; noted in the audit log',
  access: 'sources.manage',
  params: idParams,
  reply: z.object({ writeKey: z.string() }),
})

export const listSourceEvents = route({
  method: 'GET',
  path: '/api/v1/sources/:id/events',
  operation: 'listSourceEvents',
  summary: 'Events of a source, the latest arrivals first',
  access: 'sources.read',
  params: idParams,
  query: pageQuery.extend({
    type: z.enum(['track', 'identify', 'group', 'page', 'screen', 'alias']).optional(),
    name: z.string().max(200).optional(),
    person: z
      .string()
      .max(257)
      .optional()
      .meta({ description: 'A user id or an anonymous id; with `u:` or `a:` before it, of that kind only.' }),
    customerId: z.uuid().optional(),
  }),
  reply: pageOf(
    z.object({
      batchId: z.uuid(),
      place: z.number().int(),
      messageId: z.string(),
      type: z.string(),
      name: z.string().nullable(),
      person: z.string(),
      groupId: z.string().nullable(),
      contactId: z.uuid().nullable(),
      properties: z.record(z.string(), z.unknown()).nullable(),
      context: z.record(z.string(), z.unknown()).nullable(),
      occurredAt: moment,
      sentAt: moment.nullable(),
      receivedAt: moment,
    }),
  ),
})

export const listFindings = route({
  method: 'GET',
  path: '/api/v1/sources/:id/findings',
  operation: 'listSourceFindings',
  summary: 'What was refused or could not be followed wholly, and why',
  access: 'sources.read',
  params: idParams,
  query: pageQuery.extend({
    kind: z.enum(['rejected', 'conflict', 'notice']).optional(),
    code: z.string().max(60).optional(),
  }),
  reply: pageOf(
    z.object({
      id: z.uuid(),
      receivedAt: moment,
      kind: z.enum(['rejected', 'conflict', 'notice']),
      code: z.string(),
      reason: z.string().meta({ description: 'What is wrong, in the language of the caller.' }),
      path: z.string().nullable(),
      messageId: z.string().nullable(),
      person: z.string().nullable(),
      body: z.string().nullable(),
    }),
  ),
})

export const listRates = route({
  method: 'GET',
  path: '/api/v1/sources/:id/rates',
  operation: 'listSourceRates',
  summary: 'Messages of a source by hour of arrival, hours without any included',
  access: 'sources.read',
  params: idParams,
  query: z.object({ hours: z.coerce.number().int().min(1).max(744).default(48) }),
  reply: z.object({
    items: z.array(
      z.object({
        hour: moment,
        accepted: z.number().int(),
        duplicated: z.number().int(),
        rejected: z.number().int(),
        conflicting: z.number().int(),
      }),
    ),
  }),
})

export const readRetention = route({
  method: 'GET',
  path: '/api/v1/ingest-settings',
  operation: 'getIngestSettings',
  summary: 'For how long raw events are kept',
  access: 'sources.read',
  reply: z.object({ retentionDays: z.number().int() }),
})

export const changeRetention = route({
  method: 'PUT',
  path: '/api/v1/ingest-settings',
  operation: 'updateIngestSettings',
  summary: 'Set for how long raw events are kept; roll-ups stay',
  access: 'sources.manage',
  body: z.object({ retentionDays: z.number().int().min(30).max(3_660) }),
  reply: null,
})
