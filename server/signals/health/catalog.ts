import type { RecordShape } from '../../customers/accounts/catalog.ts'

export const healthScoreShape: RecordShape = {
  table: 'health_score',
  imported: false,
  missing: { factors: '[]' },
  fields: {
    customerId: { column: 'customer_id', type: 'id' },
    scoredAt: { column: 'scored_at', type: 'moment' },
    overallScore: { column: 'overall', type: 'number' },
    engagementScore: { column: 'engagement', type: 'number' },
    successScore: { column: 'success', type: 'number' },
    satisfactionScore: { column: 'satisfaction', type: 'number' },
    financialScore: { column: 'financial', type: 'number' },
    level: { column: 'level', type: 'one_of' },
    trend: { column: 'trend', type: 'one_of' },
    factors: { column: 'factors', type: 'json' },
    notes: { column: 'notes', type: 'text' },
  },
}
