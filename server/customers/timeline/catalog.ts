import type { RecordShape } from '../accounts/catalog.ts'

export const communicationShape: RecordShape = {
  table: 'communication',
  imported: false,
  missing: { contactIds: '{}' },
  fields: {
    customerId: { column: 'customer_id', type: 'id' },
    kind: { column: 'kind', type: 'one_of' },
    direction: { column: 'direction', type: 'one_of' },
    occurredAt: { column: 'occurred_at', type: 'moment' },
    durationMinutes: { column: 'duration_minutes', type: 'integer' },
    subject: { column: 'subject', type: 'text' },
    body: { column: 'body', type: 'text' },
    contactIds: { column: 'contact_ids', type: 'ids' },
    authorId: { column: 'author_id', type: 'id' },
    externalId: { column: 'external_id', type: 'text' },
  },
}
