import { z } from 'zod'
import { idParams, line, moment, pageOf, pageQuery, route } from '../../platform/http/contract.ts'

export const ticketPriorities = ['LOW', 'NORMAL', 'HIGH', 'URGENT'] as const
export const ticketStatuses = ['OPEN', 'PENDING', 'ON_HOLD', 'RESOLVED', 'CLOSED'] as const

const fields = {
  customerId: z.uuid().nullable(),
  contactId: z.uuid().nullable(),
  externalId: line(200).nullable(),
  source: line(60).meta({ description: 'The system it came from.' }),
  subject: line(500),
  priority: z.enum(ticketPriorities),
  status: z.enum(ticketStatuses),
  openedAt: moment,
  firstResponseAt: moment.nullable(),
  resolvedAt: moment.nullable(),
  satisfaction: z.number().int().min(1).max(5).nullable(),
}
const ticket = z.object({ id: z.uuid(), ...fields, contactName: z.string().nullable(), createdAt: moment })
export type Ticket = z.output<typeof ticket>

export const listTickets = route({
  method: 'GET',
  path: '/api/v1/tickets',
  operation: 'listTickets',
  summary: 'Tickets, latest first',
  access: 'customers.read',
  query: pageQuery.extend({
    customerId: z.uuid().optional(),
    contactId: z.uuid().optional(),
    status: z.enum(ticketStatuses).optional(),
    priority: z.enum(ticketPriorities).optional(),
  }),
  reply: pageOf(ticket),
})

export const getTicket = route({
  method: 'GET',
  path: '/api/v1/tickets/:id',
  operation: 'getTicket',
  summary: 'One ticket',
  access: 'customers.read',
  params: idParams,
  reply: ticket,
})

export const createTicket = route({
  method: 'POST',
  path: '/api/v1/tickets',
  operation: 'createTicket',
  summary: 'Enter a ticket',
  access: 'timeline.write',
  body: z.object(fields).partial().required({ subject: true, openedAt: true }),
  status: 201,
  reply: ticket,
})

export const updateTicket = route({
  method: 'PATCH',
  path: '/api/v1/tickets/:id',
  operation: 'updateTicket',
  summary: 'Change a ticket',
  access: 'timeline.write',
  params: idParams,
  body: z.object(fields).partial(),
  reply: ticket,
})

export const deleteTicket = route({
  method: 'DELETE',
  path: '/api/v1/tickets/:id',
  operation: 'deleteTicket',
  summary: 'Delete a ticket',
  access: 'customers.write',
  params: idParams,
  reply: null,
})
