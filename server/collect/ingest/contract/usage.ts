import { z } from 'zod'
import { idParams, route } from '../../../platform/http/contract.ts'

const usage = z.object({
  days: z.array(
    z.object({
      day: z.iso.date(),
      events: z.number().int(),
      contacts: z.number().int().meta({ description: 'Contacts and anonymous persons that were active.' }),
    }),
  ),
  features: z
    .array(
      z.object({
        feature: z.string(),
        events: z.number().int(),
        contacts: z.number().int(),
        before: z.number().int().meta({ description: 'Events in the period before, of the same length.' }),
      }),
    )
    .meta({ description: 'The most used first.' }),
  weeks: z
    .array(z.object({ week: z.iso.date().meta({ description: 'Its Monday.' }), events: z.number().int() }))
    .length(26),
})

const query = z.object({ days: z.coerce.number().int().min(1).max(400).default(30) })

export const customerUsage = route({
  method: 'GET',
  path: '/api/v1/customers/:id/usage',
  operation: 'getCustomerUsage',
  summary: 'Use of the product by a customer: days, features, weeks',
  access: 'customers.read',
  params: idParams,
  query,
  reply: usage,
})

export const contactUsage = route({
  method: 'GET',
  path: '/api/v1/contacts/:id/usage',
  operation: 'getContactUsage',
  summary: 'Use of the product by a contact: days, features, weeks',
  access: 'customers.read',
  params: idParams,
  query,
  reply: usage,
})
