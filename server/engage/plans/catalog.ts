import type { RecordShape } from '../../customers/accounts/catalog.ts'

export const planShape: RecordShape = {
  table: 'success_plan',
  imported: false,
  missing: { status: 'DRAFT', businessObjectives: '[]', successMetrics: '[]', stakeholders: '[]' },
  fields: {
    customerId: { column: 'customer_id', type: 'id' },
    name: { column: 'name', type: 'text' },
    type: { column: 'type', type: 'one_of' },
    status: { column: 'status', type: 'one_of' },
    ownerId: { column: 'owner_id', type: 'id' },
    startsOn: { column: 'starts_on', type: 'date' },
    endsOn: { column: 'ends_on', type: 'date' },
    businessObjectives: { column: 'business_objectives', type: 'json' },
    successMetrics: { column: 'success_metrics', type: 'json' },
    stakeholders: { column: 'stakeholders', type: 'json' },
    notes: { column: 'notes', type: 'text' },
  },
}

export const milestoneShape: RecordShape = {
  table: 'success_plan_milestone',
  imported: false,
  missing: { status: 'PENDING', priority: 'MEDIUM', deliverables: '[]' },
  fields: {
    planId: { column: 'plan_id', type: 'id' },
    title: { column: 'title', type: 'text' },
    description: { column: 'description', type: 'text' },
    dueOn: { column: 'due_on', type: 'date' },
    status: { column: 'status', type: 'one_of' },
    priority: { column: 'priority', type: 'one_of' },
    ownerId: { column: 'owner_id', type: 'id' },
    deliverables: { column: 'deliverables', type: 'json' },
    completedOn: { column: 'completed_on', type: 'date' },
  },
}
