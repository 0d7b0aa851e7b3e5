import { z } from 'zod'
import { condition } from '../../catalog/conditions/contract.ts'
import { idParams, line, moment, pageOf, pageQuery, route } from '../../platform/http/contract.ts'

const segmentStates = ['draft', 'enabled', 'paused', 'archived'] as const
const records = ['customer', 'contact'] as const

const key = z.string().regex(/^[a-z][a-z0-9_-]{0,62}$/)

const segment = z.object({
  id: z.uuid(),
  key: z.string(),
  record: z.enum(records),
  nameJa: z.string(),
  nameEn: z.string(),
  description: z.string().nullable(),
  kind: z.enum(['static', 'dynamic']),
  condition: condition.nullable(),
  facts: z.array(z.string()),
  state: z.enum(segmentStates),
  members: z.number().int(),
  /** Who came and who went in the last 30 days. */
  entered30: z.number().int(),
  exited30: z.number().int(),
  refreshedAt: moment.nullable(),
  refreshMilliseconds: z.number().int().nullable(),
  fault: z.string().nullable(),
  createdByName: z.string().nullable(),
  createdAt: moment,
  updatedAt: moment,
})

const newSegment = z.strictObject({
  key: key.optional(),
  record: z.enum(records),
  nameJa: line(100),
  nameEn: line(100),
  description: z.string().max(1_000).nullable().optional(),
  kind: z.enum(['static', 'dynamic']),
  condition: condition.optional(),
  state: z.enum(['draft', 'enabled']).default('enabled'),
})
export type NewSegment = z.output<typeof newSegment>

/** A segment as it stands in a blueprint: who is in a list by hand is not part of it. */
export const segmentItem = newSegment.extend({
  key,
  description: z.string().max(1_000).nullable().default(null),
  kind: z.enum(['static', 'dynamic']).default('dynamic'),
  state: z.enum(['draft', 'enabled', 'paused']).default('enabled'),
})

const base = '/api/v1/segments'

export const listSegments = route({
  method: 'GET',
  path: base,
  operation: 'listSegments',
  summary: 'Segments with their size and what came and went in the last 30 days',
  access: 'customers.read',
  query: z.object({ record: z.enum(records).optional(), state: z.enum(segmentStates).optional() }),
  reply: z.object({ items: z.array(segment) }),
})

export const createSegment = route({
  method: 'POST',
  path: base,
  operation: 'createSegment',
  summary: 'Make a segment: a list, or everybody who meets a condition',
  access: 'segments.manage',
  body: newSegment,
  status: 201,
  reply: segment,
})

export const getSegment = route({
  method: 'GET',
  path: `${base}/:id`,
  operation: 'getSegment',
  summary: 'One segment',
  access: 'customers.read',
  params: idParams,
  reply: segment,
})

export const updateSegment = route({
  method: 'PATCH',
  path: `${base}/:id`,
  operation: 'updateSegment',
  summary: 'Change a segment’s names, condition or state; its key, its record and its kind stay',
  access: 'segments.manage',
  params: idParams,
  body: z.strictObject({
    nameJa: line(100).optional(),
    nameEn: line(100).optional(),
    description: z.string().max(1_000).nullable().optional(),
    condition: condition.optional(),
    state: z.enum(segmentStates).optional(),
  }),
  reply: segment,
})

export const deleteSegment = route({
  method: 'DELETE',
  path: `${base}/:id`,
  operation: 'deleteSegment',
  summary: 'Delete a segment that nothing uses, with its history',
  access: 'segments.manage',
  params: idParams,
  reply: null,
})

export const refreshSegment = route({
  method: 'POST',
  path: `${base}/:id/refresh`,
  operation: 'refreshSegment',
  summary: 'Look anew at once who is in a dynamic segment',
  access: 'segments.manage',
  params: idParams,
  reply: z.object({
    members: z.number().int(),
    entered: z.number().int(),
    exited: z.number().int(),
    milliseconds: z.number().int(),
  }),
})

export const changeSegmentMembers = route({
  method: 'POST',
  path: `${base}/:id/members`,
  operation: 'changeSegmentMembers',
  summary: 'Put records into a static segment, or take them out',
  access: 'segments.manage',
  params: idParams,
  body: z.strictObject({
    add: z.array(z.uuid()).max(10_000).default([]),
    remove: z.array(z.uuid()).max(10_000).default([]),
  }),
  reply: z.object({ entered: z.number().int(), exited: z.number().int(), members: z.number().int() }),
})

export const listSegmentMembers = route({
  method: 'GET',
  path: `${base}/:id/members`,
  operation: 'listSegmentMembers',
  summary: 'Who is in a segment, or was at a past moment',
  access: 'customers.read',
  params: idParams,
  query: pageQuery.extend({ at: moment.optional() }),
  reply: pageOf(
    z.object({
      id: z.uuid(),
      name: z.string(),
      /** Customer of a contact; the CSM of a customer. */
      about: z.string().nullable(),
      enteredAt: moment,
    }),
  ),
})

export const listSegmentMoves = route({
  method: 'GET',
  path: `${base}/:id/moves`,
  operation: 'listSegmentMoves',
  summary: 'Who came into a segment and who left it, latest first',
  access: 'customers.read',
  params: idParams,
  query: pageQuery,
  reply: pageOf(z.object({ id: z.uuid(), name: z.string(), entered: z.boolean(), at: moment })),
})

export const segmentStatistics = route({
  method: 'GET',
  path: `${base}/:id/statistics`,
  operation: 'segmentStatistics',
  summary: 'What the members of a segment add up to, and how its size went',
  access: 'customers.read',
  params: idParams,
  reply: z.object({
    members: z.number().int(),
    share: z.number().nullable(),
    arr: z.array(z.object({ currency: z.string(), amount: z.number() })),
    meanHealth: z.number().nullable(),
    byTier: z.array(z.object({ key: z.string().nullable(), members: z.number().int() })),
    byStatus: z.array(z.object({ key: z.string().nullable(), members: z.number().int() })),
    byOwner: z.array(z.object({ key: z.string().nullable(), name: z.string().nullable(), members: z.number().int() })),
    sizes: z.array(
      z.object({ day: z.string(), members: z.number().int(), entered: z.number().int(), exited: z.number().int() }),
    ),
    usedBy: z.array(z.object({ kind: z.string(), id: z.string(), name: z.string() })),
  }),
})

export const suggestSegments = route({
  method: 'GET',
  path: `${base}/suggestions`,
  operation: 'suggestSegments',
  summary: 'Segments worth having, with how many customers each would hold now',
  access: 'customers.read',
  reply: z.object({
    items: z.array(
      z.object({
        key: z.string(),
        nameJa: z.string(),
        nameEn: z.string(),
        reasonJa: z.string(),
        reasonEn: z.string(),
        condition,
        members: z.number().int(),
      }),
    ),
  }),
})
