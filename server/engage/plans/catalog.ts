import { sql } from 'kysely'
import type { RecordShape } from '../../customers/accounts/catalog.ts'
import type { MetricSource } from '../../platform/context/vocabulary.ts'

export const planShape: RecordShape = {
  table: 'success_plan',
  counts: { facts: 'success', since: 'created_at' },
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

const planSource: MetricSource = {
  key: 'plans',
  facts: 'success',
  rows: at =>
    sql`success_plan s where s.tenant_id = ${at.tenantId} and ${at.only(sql`s.customer_id`)} and s.created_at < ${at.end}`,
  customer: sql`s.customer_id`,
  metrics: [
    {
      key: 'success.plans_active',
      undated: true,
      unit: 'count',
      direction: 'up',
      words: { ja: '進行中のプラン', en: 'Active plans' },
      definition: { ja: 'その日に期間中のサクセスプランの数です。', en: 'Success plans that run on the day.' },
      formula: 'count(plans active)',
      value: at =>
        sql`count(*) filter (where s.status = 'ACTIVE' and coalesce(s.starts_on, '-infinity') <= ${at.day}::date and coalesce(s.ends_on, 'infinity') >= ${at.day}::date)`,
      missing: 0,
    },
  ],
}

const milestoneSource: MetricSource = {
  key: 'milestones',
  facts: 'success',
  rows: at => sql`success_plan s join success_plan_milestone m on m.tenant_id = ${at.tenantId} and m.plan_id = s.id
    where s.tenant_id = ${at.tenantId} and ${at.only(sql`s.customer_id`)} and m.created_at < ${at.end} and m.status <> 'CANCELLED'`,
  customer: sql`s.customer_id`,
  metrics: [
    {
      key: 'success.milestones_done_share',
      unit: 'percent',
      direction: 'up',
      words: { ja: 'マイルストーン達成率', en: 'Milestones done' },
      definition: {
        ja: 'プランのマイルストーンのうち、完了したものの割合です。',
        en: 'Share of the plans’ milestones that are done.',
      },
      formula: 'milestones completed ÷ milestones × 100',
      value: at =>
        sql`100.0 * count(*) filter (where m.completed_on <= ${at.day}::date or (m.status = 'COMPLETED' and m.completed_on is null)) / nullif(count(*), 0)`,
      missing: null,
    },
    {
      key: 'success.onboarding_milestones_share',
      unit: 'percent',
      direction: 'up',
      words: { ja: 'オンボーディングのマイルストーン達成率', en: 'Onboarding milestones done' },
      definition: {
        ja: 'オンボーディングのプランのマイルストーンのうち、完了したものの割合です。',
        en: 'Share of the milestones of onboarding plans that are done.',
      },
      formula: 'onboarding milestones completed ÷ all × 100',
      value: at =>
        sql`100.0 * count(*) filter (where s.type = 'ONBOARDING' and (m.completed_on <= ${at.day}::date or (m.status = 'COMPLETED' and m.completed_on is null))) / nullif(count(*) filter (where s.type = 'ONBOARDING'), 0)`,
      missing: null,
    },
    {
      key: 'success.milestones_overdue',
      unit: 'count',
      direction: 'down',
      words: { ja: '遅れたマイルストーン', en: 'Overdue milestones' },
      definition: {
        ja: '期限を過ぎて完了していないマイルストーンの数です。',
        en: 'Milestones past their date and not done.',
      },
      formula: 'count(milestones due < day, not done)',
      value: at =>
        sql`count(*) filter (where m.due_on < ${at.day}::date and m.status <> 'COMPLETED' and (m.completed_on is null or m.completed_on > ${at.day}::date))`,
      missing: 0,
    },
  ],
}

export const planSources: readonly MetricSource[] = [planSource, milestoneSource]
