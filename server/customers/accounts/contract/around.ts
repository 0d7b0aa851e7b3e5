import { z } from 'zod'
import { idParams, route } from '../../../platform/http/contract.ts'
import { customerStatuses } from './customers.ts'

export const customerUses = route({
  method: 'GET',
  path: '/api/v1/customers/:id/uses',
  operation: 'customerUses',
  summary: 'What hangs on a customer: shown before it is deleted or merged',
  access: 'customers.read',
  params: idParams,
  reply: z.object({ uses: z.array(z.object({ kind: z.string(), count: z.number().int() })) }),
})

const family = z.object({
  id: z.uuid(),
  name: z.string(),
  status: z.enum(customerStatuses),
  depth: z.number().int(),
  parentId: z.uuid().nullable(),
  arr: z.number(),
  currency: z.string(),
  healthScore: z.number().nullable(),
  licenceCount: z.number().int().nullable(),
})

export const getHierarchy = route({
  method: 'GET',
  path: '/api/v1/customers/:id/hierarchy',
  operation: 'getHierarchy',
  summary: 'The family of a customer, from the topmost parent down, with what its members are worth together',
  access: 'customers.read',
  params: idParams,
  reply: z.object({
    members: z.array(family),
    rollUp: z.object({
      customers: z.number().int(),
      licences: z.number().int(),
      revenue: z.array(z.object({ currency: z.string(), arr: z.number() })),
      lowestHealth: z.number().nullable(),
      contacts: z.number().int(),
      openTickets: z.number().int(),
    }),
  }),
})

export const suggestValues = route({
  method: 'GET',
  path: '/api/v1/customers/values',
  operation: 'customerValues',
  summary: 'Values that a field has, most common first: for filters and forms',
  access: 'customers.read',
  query: z.object({ field: z.enum(['industry', 'plan', 'segment', 'region', 'language', 'currency']) }),
  reply: z.object({ items: z.array(z.object({ value: z.string(), customers: z.number().int() })) }),
})
