import type { RecordShape } from '../../customers/accounts/catalog.ts'

export const reviewShape: RecordShape = {
  table: 'business_review',
  imported: false,
  missing: {
    agenda: '[]',
    attendees: '[]',
    achievements: '[]',
    challenges: '[]',
    metricsReview: '[]',
    decisions: '[]',
    actionItems: '[]',
  },
  fields: {
    customerId: { column: 'customer_id', type: 'id' },
    type: { column: 'type', type: 'one_of' },
    scheduledAt: { column: 'scheduled_at', type: 'moment' },
    heldAt: { column: 'held_at', type: 'moment' },
    agenda: { column: 'agenda', type: 'json' },
    attendees: { column: 'attendees', type: 'json' },
    achievements: { column: 'achievements', type: 'json' },
    challenges: { column: 'challenges', type: 'json' },
    metricsReview: { column: 'metrics_review', type: 'json' },
    goalsProgress: { column: 'goals_progress', type: 'text' },
    decisions: { column: 'decisions', type: 'json' },
    actionItems: { column: 'action_items', type: 'json' },
    nextSteps: { column: 'next_steps', type: 'text' },
    overallRating: { column: 'overall_rating', type: 'integer' },
    feedback: { column: 'feedback', type: 'text' },
    followUpOn: { column: 'follow_up_on', type: 'date' },
  },
}
