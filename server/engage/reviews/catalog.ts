import { sql } from 'kysely'
import type { RecordShape } from '../../customers/accounts/catalog.ts'
import type { MetricSource } from '../../platform/context/vocabulary.ts'

export const reviewShape: RecordShape = {
  table: 'business_review',
  counts: { facts: 'success', since: 'scheduled_at' },
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

export const reviewSource: MetricSource = {
  key: 'reviews',
  facts: 'success',
  rows: at => sql`business_review r where r.tenant_id = ${at.tenantId} and ${at.only(sql`r.customer_id`)}`,
  customer: sql`r.customer_id`,
  metrics: [
    {
      key: 'success.reviews_180',
      unit: 'count',
      direction: 'up',
      window: 180,
      words: { ja: 'ビジネスレビュー（180日）', en: 'Business reviews (180 d)' },
      definition: {
        ja: '直近180日に実施したビジネスレビューの数です。',
        en: 'Business reviews held in the last 180 days.',
      },
      formula: 'count(reviews held, 180 d)',
      value: at =>
        sql`count(*) filter (where r.held_at < ${at.end} and r.held_at >= ${at.end}::timestamptz - interval '180 days')`,
      missing: 0,
    },
    {
      key: 'success.days_since_review',
      unit: 'days',
      direction: 'down',
      words: { ja: '前回レビューからの日数', en: 'Days since review' },
      definition: {
        ja: '最後にビジネスレビューを実施してからの日数です。',
        en: 'Days since a business review was last held.',
      },
      formula: 'day − last review held',
      value: at =>
        sql`${at.day}::date - (max(r.held_at) filter (where r.held_at < ${at.end}) at time zone ${at.zone})::date`,
      missing: null,
    },
    {
      key: 'success.review_rating',
      unit: 'points',
      direction: 'up',
      window: 365,
      words: { ja: 'レビューの評価（365日）', en: 'Review rating (365 d)' },
      definition: {
        ja: '直近365日のレビューの総合評価（1〜5）の平均です。',
        en: 'Mean overall rating (1 to 5) of the reviews of the last 365 days.',
      },
      formula: 'mean(rating), 365 d',
      value: at =>
        sql`avg(r.overall_rating) filter (where r.held_at < ${at.end} and r.held_at >= ${at.end}::timestamptz - interval '365 days')`,
      missing: null,
    },
    {
      key: 'success.action_items_open',
      undated: true,
      unit: 'count',
      direction: 'down',
      words: { ja: '未完了のアクション', en: 'Open action items' },
      definition: {
        ja: 'レビューで決まり、まだ終わっていないアクションの数です。',
        en: 'Action items of reviews that are not done.',
      },
      formula: 'count(action items not done)',
      value: at =>
        sql`coalesce(sum((select count(*) from jsonb_to_recordset(r.action_items) as i (done boolean) where i.done is not true)) filter (where r.held_at < ${at.end}), 0)`,
      missing: 0,
    },
  ],
}
