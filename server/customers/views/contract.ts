import { z } from 'zod'
import { idParams, line, route } from '../../platform/http/contract.ts'

/** What a screen shows: the same that stands in its address. */
const definition = z.object({
  filter: z.string().max(8_000).optional().meta({ description: 'Conditions as JSON, see the list of customers.' }),
  search: z.string().max(200).optional(),
  mine: z.enum(['own', 'team']).optional(),
  sort: z.string().max(100).optional(),
  order: z.enum(['asc', 'desc']).optional(),
  columns: z.array(z.string().max(100)).max(100).optional(),
})

const view = z.object({
  id: z.uuid(),
  screen: z.enum(['customers', 'contacts']),
  name: z.string(),
  shared: z.boolean(),
  mine: z.boolean().meta({ description: 'The caller made it.' }),
  ownerName: z.string().nullable(),
  definition,
})
export type SavedView = z.output<typeof view>

export const listViews = route({
  method: 'GET',
  path: '/api/v1/views',
  operation: 'listViews',
  summary: 'Saved views of a screen: one’s own and those that colleagues share',
  access: 'customers.read',
  query: z.object({ screen: z.enum(['customers', 'contacts']) }),
  reply: z.object({ items: z.array(view) }),
})

export const createView = route({
  method: 'POST',
  path: '/api/v1/views',
  operation: 'createView',
  summary: 'Save what a screen shows under a name',
  access: 'customers.read',
  body: z.object({
    screen: z.enum(['customers', 'contacts']),
    name: line(80),
    shared: z.boolean().default(false),
    definition,
  }),
  status: 201,
  reply: z.object({ id: z.uuid() }),
})

export const updateView = route({
  method: 'PATCH',
  path: '/api/v1/views/:id',
  operation: 'updateView',
  summary: 'Rename, share or overwrite one’s own view',
  access: 'customers.read',
  params: idParams,
  body: z.object({ name: line(80), shared: z.boolean(), definition }).partial(),
  reply: null,
})

export const deleteView = route({
  method: 'DELETE',
  path: '/api/v1/views/:id',
  operation: 'deleteView',
  summary: 'Delete one’s own view; an administrator may delete any shared one',
  access: 'customers.read',
  params: idParams,
  reply: null,
})
