import type { RecordShape } from '../../customers/accounts/catalog.ts'

export const activityShape: RecordShape = {
  table: 'advocacy_activity',
  imported: false,
  missing: { status: 'PENDING' },
  fields: {
    customerId: { column: 'customer_id', type: 'id' },
    type: { column: 'type', type: 'one_of' },
    status: { column: 'status', type: 'one_of' },
    title: { column: 'title', type: 'text' },
    description: { column: 'description', type: 'text' },
    contactId: { column: 'contact_id', type: 'id' },
    contactName: { column: 'contact_name', type: 'text' },
    requestedOn: { column: 'requested_on', type: 'date' },
    completedOn: { column: 'completed_on', type: 'date' },
    outcome: { column: 'outcome', type: 'text' },
    value: { column: 'value', type: 'number' },
    caseStudyUrl: { column: 'case_study_url', type: 'text' },
    testimonialUrl: { column: 'testimonial_url', type: 'text' },
  },
}
