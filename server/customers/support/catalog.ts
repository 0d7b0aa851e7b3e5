import type { RecordShape } from '../accounts/catalog.ts'

export const ticketShape: RecordShape = {
  table: 'ticket',
  imported: true,
  missing: { source: 'api', priority: 'NORMAL', status: 'OPEN' },
  fields: {
    customerId: { column: 'customer_id', type: 'id' },
    contactId: { column: 'contact_id', type: 'id' },
    externalId: { column: 'external_id', type: 'text' },
    source: { column: 'source', type: 'text' },
    subject: { column: 'subject', type: 'text' },
    priority: { column: 'priority', type: 'one_of' },
    status: { column: 'status', type: 'one_of' },
    openedAt: { column: 'opened_at', type: 'moment' },
    firstResponseAt: { column: 'first_response_at', type: 'moment' },
    resolvedAt: { column: 'resolved_at', type: 'moment' },
    satisfaction: { column: 'satisfaction', type: 'integer' },
  },
}
