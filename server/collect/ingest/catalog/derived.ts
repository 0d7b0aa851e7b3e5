import { sql } from 'kysely'
import { gain } from '../../../customers/accounts/queries/gain.ts'
import type { DerivedMetric } from '../../../platform/context/vocabulary.ts'

/** Change against what was before, in percent; unknown where there was nothing before. */
function change(key: string, now: string, before: string, ja: string, en: string): DerivedMetric {
  return {
    key,
    unit: 'percent',
    direction: 'up',
    window: 60,
    words: { ja, en },
    definition: {
      ja: 'その前の同じ長さの期間と比べた増減率です。前の期間に利用がなければ値はありません。',
      en: 'Change against the period of the same length before it; empty where there was none.',
    },
    formula: `(${now} − ${before}) ÷ ${before} × 100`,
    of: [now, before],
    value: metric => sql`100.0 * (${metric(now)} - ${metric(before)}) / nullif(${metric(before)}, 0)`,
  }
}

export const usageDerived: readonly DerivedMetric[] = [
  change(
    'usage.people_change_7',
    'usage.active_people_7',
    'usage.active_people_before_7',
    '利用者数の増減（前週比）',
    'Change of people (week)',
  ),
  change(
    'usage.dashboard_change_30',
    'usage.dashboard_views_30',
    'usage.dashboard_views_before_30',
    'ダッシュボード閲覧の増減（前30日比）',
    'Change of dashboard views (30 d)',
  ),
  gain('usage.login_days_change_30', 'days', 'up', 60, ['usage.login_days_30', 'usage.login_days_before_30'], {
    ja: '1人あたり利用日数の差（30日）',
    en: 'Change of days of use per person (30 d)',
  }),
  gain('usage.active_days_change_30', 'days', 'up', 60, ['usage.active_days_30', 'usage.active_days_before_30'], {
    ja: '利用日数の差（30日）',
    en: 'Change of days of use (30 d)',
  }),
  gain('usage.dau_mau_change_30', 'points', 'up', 60, ['usage.dau_mau', 'usage.dau_mau_before_30'], {
    ja: 'DAU/MAUの差（30日）',
    en: 'Change of DAU/MAU (30 d)',
  }),
  gain('usage.champion_days_change_30', 'days', 'up', 60, ['usage.champion_days_30', 'usage.champion_days_before_30'], {
    ja: '推進役の利用日数の差（30日）',
    en: 'Change of days of use by champions (30 d)',
  }),
  {
    key: 'usage.active_share_change_30',
    unit: 'points',
    direction: 'up',
    window: 60,
    words: { ja: 'アクティブユーザー率の差（30日）', en: 'Change of the active-user rate (30 d)' },
    definition: {
      ja: '直近30日の利用者数とその前の30日の利用者数の差を、契約ライセンス数に対するポイントで示します。',
      en: 'People active in the last 30 days less those of the 30 days before, as points of the licences.',
    },
    formula: '(usage.active_people_30 − usage.active_people_before_30) ÷ contracts.licences × 100',
    of: ['usage.active_people_30', 'usage.active_people_before_30', 'contracts.licences'],
    value: metric =>
      sql`100.0 * (${metric('usage.active_people_30')} - ${metric('usage.active_people_before_30')}) / nullif(${metric('contracts.licences')}, 0)`,
  },
  {
    key: 'usage.people_kept_share_30',
    unit: 'percent',
    direction: 'up',
    window: 60,
    words: { ja: '利用継続率（30日）', en: 'People kept (30 d)' },
    definition: {
      ja: 'その前の30日に利用した人のうち、直近30日にも利用した人の割合です。',
      en: 'Share of the people of the 30 days before who came again in the last 30 days.',
    },
    formula: '(usage.active_people_before_30 − usage.lost_people_30) ÷ usage.active_people_before_30 × 100',
    of: ['usage.active_people_before_30', 'usage.lost_people_30'],
    value: metric =>
      sql`100.0 * (${metric('usage.active_people_before_30')} - ${metric('usage.lost_people_30')}) / nullif(${metric('usage.active_people_before_30')}, 0)`,
  },
  change(
    'usage.events_change_7',
    'usage.events_7',
    'usage.events_before_7',
    '利用回数の増減（前週比）',
    'Change of events (week)',
  ),
  change(
    'usage.events_change_28',
    'usage.events_28',
    'usage.events_before_28',
    '利用回数の増減（前4週比）',
    'Change of events (4 weeks)',
  ),
  change(
    'usage.people_change_30',
    'usage.active_people_30',
    'usage.active_people_before_30',
    '利用者数の増減（前30日比）',
    'Change of people (30 d)',
  ),
  change(
    'usage.features_change_30',
    'usage.features_30',
    'usage.features_before_30',
    '使った機能の増減（前30日比）',
    'Change of features (30 d)',
  ),
  {
    key: 'usage.weekly_events',
    unit: 'count',
    direction: 'up',
    window: 28,
    words: { ja: '週あたり利用回数', en: 'Events a week' },
    definition: { ja: '直近28日の利用回数の週平均です。', en: 'Mean events a week over the last 28 days.' },
    formula: 'usage.events_28 ÷ 4',
    of: ['usage.events_28'],
    value: metric => sql`${metric('usage.events_28')} / 4.0`,
  },
  {
    key: 'usage.events_per_person_30',
    unit: 'count',
    direction: 'up',
    window: 30,
    words: { ja: '1人あたり利用回数（30日）', en: 'Events per person (30 d)' },
    definition: {
      ja: '直近30日に利用した人1人あたりの利用回数です。',
      en: 'Events of the last 30 days per person who came.',
    },
    formula: 'usage.events_30 ÷ usage.active_people_30',
    of: ['usage.events_30', 'usage.active_people_30'],
    value: metric => sql`${metric('usage.events_30')} / nullif(${metric('usage.active_people_30')}, 0)`,
  },
  {
    key: 'usage.active_share_30',
    unit: 'percent',
    direction: 'up',
    window: 30,
    words: { ja: 'アクティブユーザー率', en: 'Active-user rate' },
    definition: {
      ja: '契約ライセンス数に対する、直近30日の利用者数（MAU）の割合です。ライセンスが0または不明なら値はありません。',
      en: 'People active in 30 days (MAU) as a share of the licences; empty without licences.',
    },
    formula: 'usage.active_people_30 ÷ contracts.licences × 100',
    of: ['usage.active_people_30', 'contracts.licences'],
    value: metric => sql`100.0 * ${metric('usage.active_people_30')} / nullif(${metric('contracts.licences')}, 0)`,
  },
]
