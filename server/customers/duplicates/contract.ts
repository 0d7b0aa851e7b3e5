import { z } from 'zod'
import { idParams, moment, pageOf, pageQuery, route } from '../../platform/http/contract.ts'

const mergeRecords = ['customer', 'contact'] as const

const side = z.object({
  id: z.uuid(),
  name: z.string(),
  externalId: z.string().nullable(),
  /** Domains of a customer, the address of a contact. */
  address: z.string().nullable(),
  detail: z.string().nullable(),
  arr: z.number().nullable(),
  currency: z.string().nullable(),
  createdAt: moment,
})

export const suggestDuplicates = route({
  method: 'GET',
  path: '/api/v1/duplicates',
  operation: 'suggestDuplicates',
  summary: 'Pairs that may be the same: by domain, name and e-mail similarity, most likely first',
  access: 'customers.merge',
  query: z.object({ record: z.enum(mergeRecords).default('customer') }),
  reply: z.object({
    items: z.array(
      z.object({
        first: side,
        second: side,
        likeness: z.number().min(0).max(1),
        reasons: z.array(
          z.enum(['same_domain', 'same_name', 'similar_name', 'same_address', 'similar_address', 'same_phone']),
        ),
      }),
    ),
  }),
})

export const keepApart = route({
  method: 'POST',
  path: '/api/v1/duplicates/dismissals',
  operation: 'keepApart',
  summary: 'Say that two records are not the same: they are not suggested again',
  access: 'customers.merge',
  body: z.object({ record: z.enum(mergeRecords), firstId: z.uuid(), secondId: z.uuid() }),
  reply: null,
})

export const previewMerge = route({
  method: 'POST',
  path: '/api/v1/merges/preview',
  operation: 'previewMerge',
  summary: 'What a merge would move, and which fields would be filled from the other record; changes nothing',
  access: 'customers.merge',
  body: z.object({ record: z.enum(mergeRecords), keptId: z.uuid(), mergedId: z.uuid() }),
  reply: z.object({
    kept: side,
    merged: side,
    moves: z.array(z.object({ kind: z.string(), count: z.number().int() })),
    filled: z.array(z.object({ field: z.string(), value: z.unknown() })),
    conflicts: z.array(z.object({ field: z.string(), kept: z.unknown(), merged: z.unknown() })),
  }),
})

export const merge = route({
  method: 'POST',
  path: '/api/v1/merges',
  operation: 'mergeRecords',
  summary: 'Merge one record into another; can be undone for 30 days',
  access: 'customers.merge',
  body: z.object({
    record: z.enum(mergeRecords),
    keptId: z.uuid(),
    mergedId: z.uuid(),
    take: z
      .array(z.string().max(100))
      .max(100)
      .default([])
      .meta({ description: 'Fields whose value comes from the merged record.' }),
  }),
  status: 201,
  reply: z.object({ id: z.uuid() }),
})

export const listMerges = route({
  method: 'GET',
  path: '/api/v1/merges',
  operation: 'listMerges',
  summary: 'Merges, latest first, with whether each can still be undone',
  access: 'customers.merge',
  query: pageQuery,
  reply: pageOf(
    z.object({
      id: z.uuid(),
      record: z.enum(mergeRecords),
      keptId: z.uuid(),
      keptName: z.string(),
      mergedId: z.uuid(),
      mergedName: z.string(),
      mergedAt: moment,
      mergedByName: z.string().nullable(),
      undoneAt: moment.nullable(),
      undoableUntil: moment,
    }),
  ),
})

export const undoMerge = route({
  method: 'DELETE',
  path: '/api/v1/merges/:id',
  operation: 'undoMerge',
  summary: 'Undo a merge: what moved goes back, the record is there again',
  access: 'customers.merge',
  params: idParams,
  reply: null,
})
