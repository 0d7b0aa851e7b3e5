import { sql } from 'kysely'
import type { RecordShape } from '../../customers/accounts/catalog.ts'
import type { MetricSource } from '../../platform/context/vocabulary.ts'

export const activityShape: RecordShape = {
  table: 'advocacy_activity',
  counts: { facts: 'success', since: 'created_at' },
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

export const advocacySource: MetricSource = {
  key: 'advocacy',
  facts: 'success',
  rows: at =>
    sql`advocacy_activity v where v.tenant_id = ${at.tenantId} and ${at.only(sql`v.customer_id`)} and v.created_at < ${at.end}`,
  customer: sql`v.customer_id`,
  metrics: [
    {
      key: 'success.advocacy_365',
      unit: 'count',
      direction: 'up',
      window: 365,
      words: { ja: '推奨活動（365日）', en: 'Advocacy (365 d)' },
      definition: {
        ja: '直近365日に完了した推奨活動の数です。',
        en: 'Advocacy activities completed in the last 365 days.',
      },
      formula: 'count(activities completed, 365 d)',
      value: at =>
        sql`count(*) filter (where v.status = 'COMPLETED' and v.completed_on between ${at.day}::date - 364 and ${at.day}::date)`,
      missing: 0,
    },
  ],
}
