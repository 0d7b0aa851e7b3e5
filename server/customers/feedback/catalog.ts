import type { RecordShape } from '../accounts/catalog.ts'

export const answerShape: RecordShape = {
  table: 'survey_answer',
  imported: true,
  missing: {},
  fields: {
    customerId: { column: 'customer_id', type: 'id' },
    contactId: { column: 'contact_id', type: 'id' },
    externalId: { column: 'external_id', type: 'text' },
    survey: { column: 'survey', type: 'text' },
    kind: { column: 'kind', type: 'one_of' },
    score: { column: 'score', type: 'number' },
    comment: { column: 'comment', type: 'text' },
    answeredAt: { column: 'answered_at', type: 'moment' },
  },
}
