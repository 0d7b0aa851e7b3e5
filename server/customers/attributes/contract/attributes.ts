import { z } from 'zod'
import { idParams, line, moment, route } from '../../../platform/http/contract.ts'

export const recordKinds = ['customer', 'contact'] as const
export type RecordKind = (typeof recordKinds)[number]

export const attributeTypes = ['text', 'number', 'boolean', 'date', 'one_of', 'many_of'] as const
export type AttributeType = (typeof attributeTypes)[number]

const key = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,62}$/)
  .meta({ description: 'Lower-case letters, digits and underscores, beginning with a letter.' })
const options = z.array(line(200)).max(500)

const attribute = z.object({
  id: z.uuid(),
  record: z.enum(recordKinds),
  key: z.string(),
  label: z.string(),
  type: z.enum(attributeTypes),
  options: z.array(z.string()),
  description: z.string().nullable(),
  /** Records that have a value. */
  used: z.number().int(),
  createdAt: moment,
})

export const listAttributes = route({
  method: 'GET',
  path: '/api/v1/attributes',
  operation: 'listAttributes',
  summary: 'The company’s own fields of customers and contacts, with how many records use each',
  access: 'customers.read',
  query: z.object({ record: z.enum(recordKinds).optional() }),
  reply: z.object({ items: z.array(attribute) }),
})

export const createAttribute = route({
  method: 'POST',
  path: '/api/v1/attributes',
  operation: 'createAttribute',
  summary: 'Define a field for customers or contacts',
  access: 'attributes.manage',
  body: z.object({
    record: z.enum(recordKinds),
    key,
    label: line(80),
    type: z.enum(attributeTypes),
    options: options.default([]),
    description: line(500).nullish(),
  }),
  status: 201,
  reply: z.object({ id: z.uuid() }),
})

export const updateAttribute = route({
  method: 'PATCH',
  path: '/api/v1/attributes/:id',
  operation: 'updateAttribute',
  summary: 'Rename a field, describe it or change its choices; its key and type stay',
  access: 'attributes.manage',
  params: idParams,
  body: z.object({ label: line(80), options, description: line(500).nullable() }).partial(),
  reply: null,
})

export const attributeUses = route({
  method: 'GET',
  path: '/api/v1/attributes/:id/uses',
  operation: 'attributeUses',
  summary: 'Where a field is used: what deleting it would touch',
  access: 'attributes.manage',
  params: idParams,
  reply: z.object({
    records: z.number().int(),
    views: z.array(z.object({ id: z.uuid(), name: z.string() })),
    uses: z
      .array(z.object({ kind: z.string(), id: z.string(), name: z.string() }))
      .meta({ description: 'Segments, scorecards, rules and stages that look at it: while there are any, it stays.' }),
  }),
})

export const deleteAttribute = route({
  method: 'DELETE',
  path: '/api/v1/attributes/:id',
  operation: 'deleteAttribute',
  summary: 'Remove a field and its values from every record',
  access: 'attributes.manage',
  params: idParams,
  reply: null,
})

const tag = z.object({ id: z.uuid(), name: z.string(), customers: z.number().int(), contacts: z.number().int() })

export const listTags = route({
  method: 'GET',
  path: '/api/v1/tags',
  operation: 'listTags',
  summary: 'Tags with how many customers and contacts have each',
  access: 'customers.read',
  reply: z.object({ items: z.array(tag) }),
})

export const createTag = route({
  method: 'POST',
  path: '/api/v1/tags',
  operation: 'createTag',
  summary: 'Make a tag',
  access: 'attributes.manage',
  body: z.object({ name: line(60) }),
  status: 201,
  reply: z.object({ id: z.uuid() }),
})

export const updateTag = route({
  method: 'PATCH',
  path: '/api/v1/tags/:id',
  operation: 'updateTag',
  summary: 'Rename a tag; the name of another one joins the two',
  access: 'attributes.manage',
  params: idParams,
  body: z.object({ name: line(60) }),
  reply: null,
})

export const deleteTag = route({
  method: 'DELETE',
  path: '/api/v1/tags/:id',
  operation: 'deleteTag',
  summary: 'Remove a tag from every record',
  access: 'attributes.manage',
  params: idParams,
  reply: null,
})
