import { sql } from 'kysely'
import type { MetricSource } from '../../platform/context/vocabulary.ts'
import type { Field } from '../accounts/catalog.ts'

/** The fields of a success profile, by their name in the API; each with its column. */
export const profileFields: Readonly<Record<string, Field>> = {
  businessObjectives: { column: 'business_objectives', type: 'json' },
  successCriteria: { column: 'success_criteria', type: 'json' },
  valueMetrics: { column: 'value_metrics', type: 'json' },
  onboardingStatus: { column: 'onboarding_status', type: 'one_of' },
  onboardingStartedOn: { column: 'onboarding_started_on', type: 'date' },
  onboardingTargetOn: { column: 'onboarding_target_on', type: 'date' },
  onboardingCompletedOn: { column: 'onboarding_completed_on', type: 'date' },
  firstValueOn: { column: 'first_value_on', type: 'date' },
  integrationStatus: { column: 'integration_status', type: 'one_of' },
  dataMigrationStatus: { column: 'data_migration_status', type: 'one_of' },
  trainingCompletion: { column: 'training_completion', type: 'number' },
  adoptionRate: { column: 'adoption_rate', type: 'number' },
  nps: { column: 'nps', type: 'number' },
  csat: { column: 'csat', type: 'number' },
  ces: { column: 'ces', type: 'number' },
  annualRevenue: { column: 'annual_revenue', type: 'number' },
  lifetimeValue: { column: 'lifetime_value', type: 'number' },
  expansionProbability: { column: 'expansion_probability', type: 'number' },
  notes: { column: 'notes', type: 'text' },
}

export const profileSource: MetricSource = {
  key: 'profile',
  facts: 'success',
  rows: at => sql`success_profile s where s.tenant_id = ${at.tenantId} and ${at.only(sql`s.customer_id`)}`,
  customer: sql`s.customer_id`,
  metrics: [
    {
      key: 'success.onboarding_done',
      unit: 'count',
      direction: 'up',
      words: { ja: 'オンボーディング完了', en: 'Onboarding done' },
      definition: {
        ja: 'その日までにオンボーディングが完了していれば1です。',
        en: '1 where onboarding was completed by the day.',
      },
      formula: 'completed on ≤ day',
      value: at => sql`max(case when s.onboarding_completed_on <= ${at.day}::date then 1 else 0 end)`,
      missing: null,
    },
    {
      key: 'success.onboarding_days',
      unit: 'days',
      direction: 'down',
      words: { ja: 'オンボーディング日数', en: 'Onboarding days' },
      definition: {
        ja: 'オンボーディングの開始から、完了（またはその日）までの日数です。',
        en: 'Days from the start of onboarding to its completion, or to the day.',
      },
      formula: 'min(completed, day) − started',
      value: at =>
        sql`max(least(coalesce(s.onboarding_completed_on, ${at.day}::date), ${at.day}::date) - s.onboarding_started_on)`,
      missing: null,
    },
    {
      key: 'success.onboarding_late_days',
      unit: 'days',
      direction: 'down',
      words: { ja: 'オンボーディングの遅れ', en: 'Onboarding delay' },
      definition: {
        ja: '完了予定日を過ぎた日数です（完了済みまたは期限前は0）。',
        en: 'Days past the target date; 0 when done or not yet due.',
      },
      formula: 'max(day − target, 0), not completed',
      value: at =>
        sql`max(case when s.onboarding_completed_on <= ${at.day}::date then 0 else greatest(${at.day}::date - s.onboarding_target_on, 0) end)`,
      missing: null,
    },
    {
      key: 'success.time_to_value_days',
      unit: 'days',
      direction: 'down',
      words: { ja: '価値実現までの日数', en: 'Time to value' },
      definition: {
        ja: 'オンボーディングの開始から、最初の価値実現日までの日数です。',
        en: 'Days from the start of onboarding to the first value.',
      },
      formula: 'first value − started',
      value: at =>
        sql`max(case when s.first_value_on <= ${at.day}::date then s.first_value_on - s.onboarding_started_on end)`,
      missing: null,
    },
    {
      key: 'success.training_completion',
      undated: true,
      unit: 'percent',
      direction: 'up',
      words: { ja: '研修完了率', en: 'Training completion' },
      definition: { ja: 'サクセスプロファイルの研修完了率です。', en: 'Training completion in the success profile.' },
      formula: 'profile.training_completion',
      value: () => sql`max(s.training_completion)`,
      missing: null,
    },
    {
      key: 'success.adoption_rate',
      undated: true,
      unit: 'percent',
      direction: 'up',
      words: { ja: '定着率', en: 'Adoption rate' },
      definition: { ja: 'サクセスプロファイルの定着率です。', en: 'Adoption in the success profile.' },
      formula: 'profile.adoption_rate',
      value: () => sql`max(s.adoption_rate)`,
      missing: null,
    },
    {
      key: 'success.expansion_probability',
      undated: true,
      unit: 'percent',
      direction: 'up',
      words: { ja: '拡大見込み', en: 'Expansion probability' },
      definition: { ja: 'サクセスプロファイルの拡大見込みです。', en: 'Expansion probability in the success profile.' },
      formula: 'profile.expansion_probability',
      value: () => sql`max(s.expansion_probability)`,
      missing: null,
    },
    {
      key: 'success.value_metrics_met_share',
      undated: true,
      unit: 'percent',
      direction: 'up',
      words: { ja: 'ROI達成率', en: 'ROI attainment' },
      definition: {
        ja: '顧客が定めた指標のうち、目標に達したものの割合です。',
        en: 'Share of the customer’s own KPIs that reached their target.',
      },
      formula: 'value metrics at target ÷ value metrics × 100',
      value:
        () => sql`max((select 100.0 * count(*) filter (where case when v.target >= coalesce(v.baseline, 0) then v.current >= v.target else v.current <= v.target end) / nullif(count(*), 0)
        from jsonb_to_recordset(s.value_metrics) as v (baseline float8, target float8, current float8) where v.target is not null))`,
      missing: null,
    },
    {
      key: 'success.value_metrics_progress',
      undated: true,
      unit: 'percent',
      direction: 'up',
      words: { ja: '指標の進捗', en: 'Progress of KPIs' },
      definition: {
        ja: '顧客が定めた指標の、開始値から目標までの進み具合の平均です（0〜100）。',
        en: 'Mean progress of the customer’s own KPIs from baseline to target, 0 to 100.',
      },
      formula: 'mean(clamp((current − baseline) ÷ (target − baseline)))',
      value:
        () => sql`max((select avg(least(greatest(100.0 * (v.current - coalesce(v.baseline, 0)) / nullif(v.target - coalesce(v.baseline, 0), 0), 0), 100))
        from jsonb_to_recordset(s.value_metrics) as v (baseline float8, target float8, current float8)))`,
      missing: null,
    },
  ],
}
