import { sql } from 'kysely'
import type { KpiDefinition, KpiReader } from './shape.ts'

/** Customers that reached their first value in the period, with the days that it took: `v.days`. */
const reached = (at: KpiReader, numerator: ReturnType<typeof sql>) => sql`
  select v.month, v.customer_id, ${numerator} as numerator, 1 as denominator from (
    select s.month, p.customer_id, p.first_value_on - p.onboarding_started_on as days from span s
    join success_profile p on p.tenant_id = ${at.tenantId} and p.first_value_on >= s.opens and p.first_value_on < s.ends
      and p.first_value_on >= p.onboarding_started_on
    join asked c on c.id = p.customer_id) v`

const customers = { ja: '価値を得た顧客', en: 'Customers with first value' }

/** Journeys `j` of the customers asked for, beside the periods. */
const journeys = (at: KpiReader) => sql`span s
  join onboarding_journey j on j.tenant_id = ${at.tenantId}
  join asked c on c.id = j.customer_id`

/** The planned end of a journey; the days of its pauses go on top. */
const planned = sql`(j.starts_on + j.days - 1 + j.paused_days)`
const completedBy = sql`(j.status = 'completed' and j.ended_on <= s.as_of)`

/** What onboarding journeys say (ONB-7); those above are of the success profile, which other programs may keep. */
const journeyKpis: readonly KpiDefinition[] = [
  {
    key: 'journey_time_to_value',
    theme: 'onboarding',
    words: { ja: '価値実感までの日数（ジャーニー）', en: 'Time to value of journeys' },
    definition: {
      ja: '直近3か月に、テンプレートが定める価値の条件を満たしたオンボーディングジャーニーの、開始からの平均日数です。',
      en: 'Mean days from the start, of the onboarding journeys whose customers reached what the template calls value in the last three months.',
    },
    formula: 'sum(value reached − started) ÷ journeys',
    unit: 'days',
    direction: 'down',
    window: 'three_months',
    ownerRole: 'onboarding',
    parts: { numerator: { ja: '日数', en: 'Days' }, denominator: { ja: 'ジャーニー', en: 'Journeys' } },
    rows: at => sql`
      select s.month, j.customer_id, greatest(0, j.value_on - j.starts_on) as numerator, 1 as denominator from ${journeys(at)}
      where j.value_on >= s.opens and j.value_on < s.ends`,
  },
  {
    key: 'journey_completion',
    theme: 'onboarding',
    words: { ja: 'オンボーディングジャーニー完了率', en: 'Journeys completed' },
    definition: {
      ja: '終了予定日が直近3か月に来たオンボーディングジャーニーのうち、期間の終わりまでに完了したものの割合です。中止したものは未完了として数えます。',
      en: 'Of the onboarding journeys whose planned end came in the last three months, those completed by the end of the period. Cancelled ones count as not completed.',
    },
    formula: 'journeys completed ÷ journeys due × 100',
    unit: 'percent',
    direction: 'up',
    window: 'three_months',
    ownerRole: 'onboarding',
    parts: { numerator: { ja: '完了', en: 'Completed' }, denominator: { ja: '期限の来たもの', en: 'Due' } },
    scale: 100,
    rows: at => sql`
      select s.month, j.customer_id, ${completedBy}::int as numerator, 1 as denominator from ${journeys(at)}
      where ${planned} >= s.opens and ${planned} < s.ends`,
  },
  {
    key: 'journey_cohort_completion',
    theme: 'onboarding',
    words: { ja: '開始月別のオンボーディング完了率', en: 'Completion by cohort' },
    definition: {
      ja: 'その月に開始したオンボーディングジャーニーのうち、これまでに完了したものの割合です。過去の月の値も、その後の完了に応じて変わります。',
      en: 'Of the onboarding journeys that began in the month, those completed until now. Values of past months follow later completions.',
    },
    formula: 'journeys completed ÷ journeys begun in the month × 100',
    unit: 'percent',
    direction: 'up',
    window: 'month',
    ownerRole: 'onboarding',
    parts: { numerator: { ja: '完了', en: 'Completed' }, denominator: { ja: '開始', en: 'Begun' } },
    scale: 100,
    rows: at => sql`
      select s.month, j.customer_id, (j.status = 'completed')::int as numerator, 1 as denominator from ${journeys(at)}
      where j.starts_on >= s.opens and j.starts_on < s.ends`,
  },
  {
    key: 'journey_phase_completion',
    theme: 'onboarding',
    words: { ja: 'フェーズの期限内完了率', en: 'Phases completed on time' },
    definition: {
      ja: '終了予定日がその月に来たフェーズのうち、予定日までに次へ進んだものの割合です。中止したオンボーディングは、中止日より後のフェーズを数えません。',
      en: 'Of the phases whose planned end came in the month, those left by then. Phases due after an onboarding was cancelled do not count.',
    },
    formula: 'phases left ≤ planned end ÷ phases due × 100',
    unit: 'percent',
    direction: 'up',
    window: 'month',
    ownerRole: 'onboarding',
    parts: { numerator: { ja: '期限内', en: 'On time' }, denominator: { ja: '期限の来たフェーズ', en: 'Phases due' } },
    scale: 100,
    rows: at => sql`
      select s.month, j.customer_id, coalesce(p.left_on <= p.to_on, false)::int as numerator, 1 as denominator
      from ${journeys(at)} join onboarding_phase p on p.tenant_id = ${at.tenantId} and p.journey_id = j.id
      where p.to_on >= s.opens and p.to_on <= s.as_of and p.to_on < s.ends and (p.left_on is not null or p.to_on < ${at.today}::date)
        and (j.status <> 'cancelled' or p.to_on <= j.ended_on)`,
  },
  {
    key: 'journey_late_tasks',
    theme: 'onboarding',
    words: { ja: 'オンボーディングの遅れているタスク', en: 'Late onboarding tasks' },
    definition: {
      ja: '期間の最終日に、進行中のオンボーディングジャーニーで期限を過ぎていた必須タスクの数です。',
      en: 'Required tasks of running onboarding journeys that were past their day at the end of the period.',
    },
    formula: 'count(required tasks due < day, not done)',
    unit: 'count',
    direction: 'down',
    window: 'day',
    ownerRole: 'onboarding',
    parts: { numerator: { ja: '遅れているタスク', en: 'Late tasks' } },
    rows: at => sql`
      select s.month, j.customer_id, count(*) as numerator, null::int as denominator
      from ${journeys(at)} join onboarding_task o on o.tenant_id = ${at.tenantId} and o.journey_id = j.id
      where o.required and o.due_on < s.as_of and (o.done_on is null or o.done_on > s.as_of)
        and (j.ended_on is null or j.ended_on > s.as_of) and (j.paused_on is null or j.paused_on > s.as_of)
      group by s.month, j.customer_id`,
  },
  {
    key: 'journey_training_completion',
    theme: 'onboarding',
    words: { ja: 'オンボーディングの研修修了率', en: 'Onboarding trainings completed' },
    definition: {
      ja: '期限が直近3か月に来たオンボーディングの研修のうち、期間の終わりまでに修了したものの割合です。中止したオンボーディングは含みません。',
      en: 'Of the onboarding trainings due in the last three months, those done by the end of the period. Cancelled onboardings do not count.',
    },
    formula: 'trainings done ÷ trainings due × 100',
    unit: 'percent',
    direction: 'up',
    window: 'three_months',
    ownerRole: 'education',
    parts: { numerator: { ja: '修了', en: 'Done' }, denominator: { ja: '期限の来た研修', en: 'Trainings due' } },
    scale: 100,
    rows: at => sql`
      select s.month, j.customer_id, coalesce(o.done_on <= s.as_of, false)::int as numerator, 1 as denominator
      from ${journeys(at)} join onboarding_task o on o.tenant_id = ${at.tenantId} and o.journey_id = j.id
      where o.training and o.due_on >= s.opens and o.due_on <= s.as_of and o.due_on < s.ends and j.status <> 'cancelled'`,
  },
]

export const onboardingKpis: readonly KpiDefinition[] = [
  {
    key: 'time_to_first_value',
    theme: 'onboarding',
    words: { ja: '価値実現までの日数', en: 'Time to first value' },
    definition: {
      ja: '直近3か月に最初の価値を得た顧客の、オンボーディング開始からの平均日数です。',
      en: 'Mean days from the start of onboarding, of the customers that had their first value in the last three months.',
    },
    formula: 'sum(first value − started) ÷ customers',
    unit: 'days',
    direction: 'down',
    window: 'three_months',
    ownerRole: 'onboarding',
    parts: { numerator: { ja: '日数', en: 'Days' }, denominator: customers },
    rows: at => reached(at, sql`v.days`),
  },
  {
    key: 'value_within_30_days',
    theme: 'onboarding',
    words: { ja: '30日未満で価値を得た割合', en: 'First value in under 30 days' },
    definition: {
      ja: '直近3か月に最初の価値を得た顧客のうち、オンボーディング開始から30日未満だった顧客の割合です。',
      en: 'Of the customers that had their first value in the last three months, those that took less than 30 days from the start of onboarding.',
    },
    formula: 'customers with days < 30 ÷ customers × 100',
    unit: 'percent',
    direction: 'up',
    window: 'three_months',
    ownerRole: 'onboarding',
    parts: { numerator: { ja: '30日未満', en: 'Under 30 days' }, denominator: customers },
    scale: 100,
    rows: at => reached(at, sql`(v.days < 30)::int`),
  },
  {
    key: 'onboarding_completion',
    theme: 'onboarding',
    words: { ja: 'オンボーディング完了率', en: 'Onboarding completion' },
    definition: {
      ja: '完了予定日（なければ開始から90日後）が直近3か月に来たオンボーディングのうち、期間の終わりまでに完了したものの割合です。中止したものは未完了として数えます。',
      en: 'Of the onboardings due in the last three months (by their target date, else 90 days after the start), those completed by the end of the period. Cancelled ones count as not completed.',
    },
    formula: 'onboardings completed ÷ onboardings due × 100',
    unit: 'percent',
    direction: 'up',
    window: 'three_months',
    ownerRole: 'onboarding',
    parts: { numerator: { ja: '完了', en: 'Completed' }, denominator: { ja: '期限の来たもの', en: 'Due' } },
    scale: 100,
    rows: at => sql`
      select s.month, p.customer_id, coalesce(p.onboarding_completed_on <= s.as_of, false)::int as numerator, 1 as denominator
      from span s join success_profile p on p.tenant_id = ${at.tenantId} and p.onboarding_status <> 'NOT_STARTED'
        and coalesce(p.onboarding_target_on, p.onboarding_started_on + 90) >= s.opens
        and coalesce(p.onboarding_target_on, p.onboarding_started_on + 90) < s.ends
      join asked c on c.id = p.customer_id`,
  },
  ...journeyKpis,
]
