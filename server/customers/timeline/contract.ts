import { z } from 'zod'
import { idParams, line, moment, pageQuery, route } from '../../platform/http/contract.ts'

export const communicationKinds = ['EMAIL', 'CALL', 'MEETING', 'SLACK', 'NOTE'] as const

const fields = {
  kind: z.enum(communicationKinds),
  direction: z.enum(['INBOUND', 'OUTBOUND']).nullable(),
  occurredAt: moment.meta({ description: 'Now without it.' }),
  durationMinutes: z.number().int().min(0).max(10_080).nullable(),
  subject: line(300).nullable(),
  body: z.string().trim().min(1).max(50_000),
  contactIds: z.array(z.uuid()).max(50),
  externalId: line(200).nullable(),
}

/** What a line of the timeline is about; the groups serve as filters. */
export const timelineGroups = ['contact', 'product', 'support', 'billing', 'survey', 'change'] as const

const entry = z.object({
  id: z.uuid(),
  at: moment,
  group: z.enum(timelineGroups),
  kind: z.string().meta({
    description:
      'communication.call (.email, .meeting, .slack, .note), ticket.opened, invoice.issued, payment.failed, payment.refunded, survey.nps (.csat, .ces), revenue.new (.expansion ...), history.owner (.tier, .status, .parent), contact.left, or the type of a domain event',
  }),
  title: z.string().nullable(),
  body: z.string().nullable(),
  actor: z.object({ id: z.uuid(), name: z.string() }).nullable(),
  contacts: z.array(z.object({ id: z.uuid(), name: z.string() })),
  details: z.record(z.string(), z.unknown()),
})
export type TimelineEntry = z.output<typeof entry>

export const getTimeline = route({
  method: 'GET',
  path: '/api/v1/customers/:id/timeline',
  operation: 'getTimeline',
  summary: 'Everything that happened at a customer, latest first: conversations, use, tickets, bills, surveys, changes',
  access: 'customers.read',
  params: idParams,
  query: pageQuery.extend({
    groups: z.string().max(200).optional().meta({ description: 'Groups with commas; all without it.' }),
    contactId: z.uuid().optional(),
    search: line(200).optional(),
  }),
  reply: z.object({ items: z.array(entry), next: z.string().nullable() }),
})

const communication = z.object({
  id: z.uuid(),
  customerId: z.uuid(),
  ...fields,
  authorId: z.uuid().nullable(),
  createdAt: moment,
})

export const createCommunication = route({
  method: 'POST',
  path: '/api/v1/customers/:id/communications',
  operation: 'createCommunication',
  summary: 'Write down an e-mail, call, meeting, Slack message or note',
  access: 'timeline.write',
  params: idParams,
  body: z.object(fields).partial().required({ kind: true, body: true }),
  status: 201,
  reply: communication,
})

export const updateCommunication = route({
  method: 'PATCH',
  path: '/api/v1/communications/:id',
  operation: 'updateCommunication',
  summary: 'Correct one’s own entry; an administrator may correct any',
  access: 'timeline.write',
  params: idParams,
  body: z.object(fields).omit({ externalId: true }).partial(),
  reply: communication,
})

export const deleteCommunication = route({
  method: 'DELETE',
  path: '/api/v1/communications/:id',
  operation: 'deleteCommunication',
  summary: 'Delete one’s own entry; an administrator may delete any',
  access: 'timeline.write',
  params: idParams,
  reply: null,
})
