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
]
