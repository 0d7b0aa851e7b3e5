import { type RawBuilder, sql } from 'kysely'
import type { MetricSource } from '../../../platform/context/vocabulary.ts'

type Measure = MetricSource['metrics'][number]

/** How many bits of a mask of days are set. */
export const bits = (mask: RawBuilder<unknown>) => sql`bit_count((${mask})::bit(32))`

/** Events of the last eight weeks, the latest first: columns of the people. */
const weeks = ['e7', 'e7before', 'w3', 'w4', 'w5', 'w6', 'w7', 'w8'].map(column => sql`sum(${sql.ref(`p.${column}`)})`)
const eightWeeks = sql`(sum(p.e28) + sum(p.e28before))`

/** How regular use is, where it goes, and what those who carry it do. Rows are people with bits of days (`people.ts`). */
export const rhythm: readonly Measure[] = [
  {
    key: 'usage.events_trend_8w',
    unit: 'percent',
    direction: 'up',
    window: 56,
    words: { ja: '利用回数の傾き（8週）', en: 'Trend of events (8 weeks)' },
    definition: {
      ja: '直近8週の週ごとの利用回数に直線を当てはめた傾きを、週平均に対する割合で示します。',
      en: 'Slope of a line through the events of the last eight weeks, as a share of their mean, a week.',
    },
    formula: 'slope(weekly events, 8 weeks) ÷ mean × 100',
    // Least squares over eight equally spaced points: twice their places are 7, 5 … -7, of which the squares sum to 168.
    value: () =>
      sql`100.0 * (${sql.join(
        weeks.map((week, place) => sql`${sql.lit(7 - 2 * place)} * ${week}`),
        sql` + `,
      )}) / 84 / nullif(${eightWeeks} / 8.0, 0)`,
    missing: null,
  },
  {
    key: 'usage.volatility_8w',
    unit: 'percent',
    direction: 'down',
    window: 56,
    words: { ja: '利用回数のばらつき（8週）', en: 'Volatility of events (8 weeks)' },
    definition: {
      ja: '直近8週の週ごとの利用回数の標準偏差を、週平均に対する割合（変動係数）で示します。',
      en: 'Deviation of the weekly events of the last eight weeks as a share of their mean (coefficient of variation).',
    },
    formula: 'stddev(weekly events, 8 weeks) ÷ mean × 100',
    value: () =>
      sql`100.0 * sqrt(greatest((${sql.join(
        weeks.map(week => sql`power(${week}::float8, 2)`),
        sql` + `,
      )}) / 8 - power(${eightWeeks} / 8.0, 2), 0)) / nullif(${eightWeeks} / 8.0, 0)`,
    missing: null,
  },
  {
    key: 'usage.longest_gap_60',
    unit: 'days',
    direction: 'down',
    window: 60,
    words: { ja: '最長の空白期間（60日）', en: 'Longest gap without use (60 d)' },
    definition: {
      ja: '直近60日のうち、誰も利用しない日が最も長く続いた日数です。一度も利用がなければ60です。',
      en: 'Longest run of days out of the last 60 on which nobody used the product; 60 without any use.',
    },
    formula: 'max(run of days without use, 60 d)',
    value: () => sql`(select max(length(gap)) from regexp_split_to_table(
      bit_or(p.d1)::bit(30)::text || bit_or(p.d0)::bit(30)::text, '1+') gap)`,
    missing: 60,
  },
  {
    key: 'usage.active_people_before_7',
    unit: 'count',
    direction: 'up',
    window: 14,
    words: { ja: '利用者数（その前の7日）', en: 'Active people (7 d before)' },
    definition: {
      ja: '8日前から14日前までに1回以上利用した人の数です。',
      en: 'People who used the product 8 to 14 days ago.',
    },
    formula: 'count(people with use, days 8–14)',
    value: () => sql`count(*) filter (where p.d0 & (127 << 7) <> 0)`,
    missing: 0,
  },
  {
    key: 'usage.login_days_before_30',
    unit: 'days',
    direction: 'up',
    window: 60,
    words: { ja: '1人あたり利用日数（その前の30日）', en: 'Days of use per person (30 d before)' },
    definition: {
      ja: '31日前から60日前までに利用した人が、平均して何日利用したかです。',
      en: 'On how many of the days 31 to 60 days ago the people who used the product then did so, on average.',
    },
    formula: 'mean(days with use per active person, days 31–60)',
    value: () => sql`coalesce(avg(${bits(sql`p.d1`)}) filter (where p.d1 <> 0), 0)`,
    missing: 0,
  },
  {
    key: 'usage.dau_mau_before_30',
    unit: 'percent',
    direction: 'up',
    window: 60,
    words: { ja: 'DAU/MAU（その前の30日）', en: 'DAU/MAU (30 d before)' },
    definition: {
      ja: '31日前から60日前までのDAU/MAUです。',
      en: 'DAU/MAU of the days 31 to 60 days ago.',
    },
    formula: 'mean(daily people) ÷ people × 100, days 31–60',
    value: () => sql`coalesce(100.0 * sum(${bits(sql`p.d1`)}) / 30 / nullif(count(*) filter (where p.d1 <> 0), 0), 0)`,
    missing: 0,
  },
  {
    key: 'usage.champion_days_30',
    unit: 'days',
    direction: 'up',
    window: 30,
    words: { ja: '推進役の利用日数（30日）', en: 'Days of use by champions (30 d)' },
    definition: {
      ja: '直近30日のうち、推進役（チャンピオン）として登録されている人が利用した日の数です。',
      en: 'Days out of the last 30 on which a contact marked as a champion used the product.',
    },
    formula: 'count(days with use by champions, 30 d)',
    value: () => bits(sql`coalesce(bit_or(p.d0) filter (where k.id is not null), 0)`),
    missing: 0,
  },
  {
    key: 'usage.champion_days_before_30',
    unit: 'days',
    direction: 'up',
    window: 60,
    words: { ja: '推進役の利用日数（その前の30日）', en: 'Days of use by champions (30 d before)' },
    definition: {
      ja: '31日前から60日前までのうち、推進役（チャンピオン）として登録されている人が利用した日の数です。',
      en: 'Days 31 to 60 days ago on which a contact marked as a champion used the product.',
    },
    formula: 'count(days with use by champions, days 31–60)',
    value: () => bits(sql`coalesce(bit_or(p.d1) filter (where k.id is not null), 0)`),
    missing: 0,
  },
  {
    key: 'usage.champion_days_since_use',
    unit: 'days',
    direction: 'down',
    window: 90,
    words: { ja: '推進役の最終利用からの日数', en: 'Days since a champion used it' },
    definition: {
      ja: '推進役（チャンピオン）として登録されている人が最後に利用してからの日数です。90日以内に利用がなければ値はありません。',
      en: 'Days since a contact marked as a champion last used the product; empty without such use in 90 days.',
    },
    formula: 'day − last day with use by a champion, 90 d',
    value: () => sql`min(p.latest) filter (where k.id is not null)`,
    missing: null,
  },
]
