import { type RawBuilder, sql } from 'kysely'
import type { AsOf, MetricSource } from '../../../platform/context/vocabulary.ts'
import { bits, rhythm } from './rhythm.ts'

type Measure = MetricSource['metrics'][number]

/** Rows of use of the last days, of no more than metrics ask for, by age in days: 0 is the day itself. */
export function recent(at: AsOf, most: number): RawBuilder<unknown> {
  const days = Math.min(most, at.window ?? most)
  return sql`(select u.customer_id, u.contact_id, case when u.contact_id is null then u.person end as person, u.feature, u.events,
      ${at.day}::date - u.day as age, extract(isodow from u.day) > 5 as weekend
    from usage_daily u where u.tenant_id = ${at.tenantId} and u.customer_id is not null and ${at.only(sql`u.customer_id`)}
      and u.day > ${at.day}::date - ${sql.lit(days)} and u.day <= ${at.day}::date)`
}

/**
 * Each person of a customer with the days on which they came as bits (bit n: n days ago), 30 days a number: people,
 * days and their overlaps are counted from bits, without sorting.
 */
function people(at: AsOf): RawBuilder<unknown> {
  const daysOf = (from: number) =>
    sql`coalesce(bit_or(1 << (r.age - ${sql.lit(from)})) filter (where r.age between ${sql.lit(from)} and ${sql.lit(from + 29)}), 0)`
  const events = (from: number, to: number) =>
    sql`coalesce(sum(r.events) filter (where r.age between ${sql.lit(from)} and ${sql.lit(to)}), 0)`
  return sql`(select r.customer_id, r.contact_id, ${daysOf(0)} as d0, ${daysOf(30)} as d1, ${daysOf(60)} as d2,
      ${events(0, 6)} as e7, ${events(7, 13)} as e7before, ${events(0, 27)} as e28, ${events(28, 55)} as e28before,
      ${events(0, 29)} as e30, sum(r.events) as e90, ${events(14, 20)} as w3, ${events(21, 27)} as w4,
      ${events(28, 34)} as w5, ${events(35, 41)} as w6, ${events(42, 48)} as w7, ${events(49, 55)} as w8,
      min(r.age) as latest, coalesce(sum(r.events) filter (where r.weekend and r.age < 28), 0) as weekend28
    from ${recent(at, 90)} r group by r.customer_id, r.contact_id, r.person) p
    left join contact k on k.tenant_id = ${at.tenantId} and k.id = p.contact_id and k.stakeholder_role = 'CHAMPION'`
}

function activePeople(days: number, mask: RawBuilder<unknown>): Measure {
  return {
    key: `usage.active_people_${days}`,
    unit: 'count',
    direction: 'up',
    window: days,
    words: { ja: `利用者数（${days}日）`, en: `Active people (${days} d)` },
    definition: {
      ja: days === 1 ? 'その日に利用した人の数です。' : `直近${days}日に1回以上利用した人の数です。`,
      en:
        days === 1 ? 'People who used the product that day.' : `People who used the product in the last ${days} days.`,
    },
    formula: `count(people with use, ${days} d)`,
    value: () => sql`count(*) filter (where ${mask} <> 0)`,
    missing: 0,
  }
}

function events(days: number, column: string): Measure {
  return {
    key: `usage.events_${days}`,
    unit: 'count',
    direction: 'up',
    window: days,
    words: { ja: `利用回数（${days}日）`, en: `Events (${days} d)` },
    definition: {
      ja: `直近${days}日に記録された利用イベントの件数です。`,
      en: `Usage events recorded in the last ${days} days.`,
    },
    formula: `sum(events, ${days} d)`,
    value: () => sql`sum(${sql.ref(column)})`,
    missing: 0,
  }
}

function activeDays(days: number, mask: RawBuilder<unknown>): Measure {
  return {
    key: `usage.active_days_${days}`,
    unit: 'days',
    direction: 'up',
    window: days,
    words: { ja: `利用日数（${days}日）`, en: `Days of use (${days} d)` },
    definition: {
      ja: `直近${days}日のうち、誰かが利用した日の数です。`,
      en: `Days out of the last ${days} on which anybody used the product.`,
    },
    formula: `count(days with use, ${days} d)`,
    value: () => mask,
    missing: 0,
  }
}

export const peopleSource: MetricSource = {
  key: 'usage_people',
  facts: 'usage',
  rows: people,
  customer: sql`p.customer_id`,
  metrics: [
    ...rhythm,
    activePeople(1, sql`(p.d0 & 1)`),
    activePeople(7, sql`(p.d0 & 127)`),
    activePeople(30, sql`p.d0`),
    activePeople(90, sql`(p.d0 | p.d1 | p.d2)`),
    {
      key: 'usage.active_people_before_30',
      unit: 'count',
      direction: 'up',
      window: 60,
      words: { ja: '利用者数（その前の30日）', en: 'Active people (30 d before)' },
      definition: {
        ja: '31日前から60日前までに1回以上利用した人の数です。',
        en: 'People who used the product 31 to 60 days ago.',
      },
      formula: 'count(people with use, days 31–60)',
      value: () => sql`count(*) filter (where p.d1 <> 0)`,
      missing: 0,
    },
    {
      key: 'usage.new_people_30',
      unit: 'count',
      direction: 'up',
      window: 90,
      words: { ja: '新しい利用者（30日）', en: 'New people (30 d)' },
      definition: {
        ja: '直近30日に利用し、その前の60日には利用していなかった人の数です。',
        en: 'People who used the product in the last 30 days and not in the 60 days before.',
      },
      formula: 'count(people: use in 30 d, none in days 31–90)',
      value: () => sql`count(*) filter (where p.d0 <> 0 and p.d1 = 0 and p.d2 = 0)`,
      missing: 0,
    },
    {
      key: 'usage.lost_people_30',
      unit: 'count',
      direction: 'down',
      window: 60,
      words: { ja: '利用が止まった人（30日）', en: 'People lost (30 d)' },
      definition: {
        ja: 'その前の30日には利用していたのに、直近30日は利用していない人の数です。',
        en: 'People who used the product 31 to 60 days ago and not since.',
      },
      formula: 'count(people: use in days 31–60, none in 30 d)',
      value: () => sql`count(*) filter (where p.d0 = 0 and p.d1 <> 0)`,
      missing: 0,
    },
    {
      key: 'usage.login_days_30',
      unit: 'days',
      direction: 'up',
      window: 30,
      words: { ja: '1人あたり利用日数（30日）', en: 'Days of use per person (30 d)' },
      definition: {
        ja: '直近30日に利用した人が、平均して何日利用したかです。',
        en: 'On how many of the last 30 days the people who used the product did so, on average.',
      },
      formula: 'mean(days with use per active person, 30 d)',
      value: () => sql`coalesce(avg(${bits(sql`p.d0`)}) filter (where p.d0 <> 0), 0)`,
      missing: 0,
    },
    {
      key: 'usage.dau_mau',
      unit: 'percent',
      direction: 'up',
      window: 30,
      words: { ja: 'DAU/MAU', en: 'DAU/MAU' },
      definition: {
        ja: '1日あたりの平均利用者数が、30日間の利用者数の何％にあたるかです。',
        en: 'Mean daily active people as a share of the people active in 30 days.',
      },
      formula: 'mean(daily people, 30 d) ÷ people in 30 d × 100',
      value: () =>
        sql`coalesce(100.0 * sum(${bits(sql`p.d0`)}) / 30 / nullif(count(*) filter (where p.d0 <> 0), 0), 0)`,
      missing: 0,
    },
    events(7, 'p.e7'),
    events(28, 'p.e28'),
    events(30, 'p.e30'),
    events(90, 'p.e90'),
    {
      key: 'usage.events_before_7',
      unit: 'count',
      direction: 'up',
      window: 14,
      words: { ja: '利用回数（その前の7日）', en: 'Events (7 d before)' },
      definition: { ja: '8日前から14日前までの利用イベントの件数です。', en: 'Usage events 8 to 14 days ago.' },
      formula: 'sum(events, days 8–14)',
      value: () => sql`sum(p.e7before)`,
      missing: 0,
    },
    {
      key: 'usage.events_before_28',
      unit: 'count',
      direction: 'up',
      window: 56,
      words: { ja: '利用回数（その前の28日）', en: 'Events (28 d before)' },
      definition: { ja: '29日前から56日前までの利用イベントの件数です。', en: 'Usage events 29 to 56 days ago.' },
      formula: 'sum(events, days 29–56)',
      value: () => sql`sum(p.e28before)`,
      missing: 0,
    },
    {
      key: 'usage.events_trend_4w',
      unit: 'percent',
      direction: 'up',
      window: 28,
      words: { ja: '利用回数の傾き（4週）', en: 'Trend of events (4 weeks)' },
      definition: {
        ja: '直近4週の週ごとの利用回数に直線を当てはめた傾きを、週平均に対する割合で示します。',
        en: 'Slope of a line through the events of the last four weeks, as a share of their mean, a week.',
      },
      formula: 'slope(weekly events, 4 weeks) ÷ mean × 100',
      // Least squares over four equally spaced points: (-3a - b + c + 3d) / 10.
      value: () =>
        sql`100.0 * (3 * sum(p.e7) + sum(p.e7before) - sum(p.w3) - 3 * sum(p.w4)) / 10 / nullif(sum(p.e28) / 4.0, 0)`,
      missing: null,
    },
    activeDays(7, bits(sql`bit_or(p.d0) & 127`)),
    activeDays(28, bits(sql`bit_or(p.d0) & 268435455`)),
    activeDays(30, bits(sql`bit_or(p.d0)`)),
    activeDays(90, sql`(${bits(sql`bit_or(p.d0)`)} + ${bits(sql`bit_or(p.d1)`)} + ${bits(sql`bit_or(p.d2)`)})`),
    {
      key: 'usage.active_days_before_30',
      unit: 'days',
      direction: 'up',
      window: 60,
      words: { ja: '利用日数（その前の30日）', en: 'Days of use (30 d before)' },
      definition: {
        ja: '31日前から60日前までのうち、誰かが利用した日の数です。',
        en: 'Days with use 31 to 60 days ago.',
      },
      formula: 'count(days with use, days 31–60)',
      value: () => bits(sql`bit_or(p.d1)`),
      missing: 0,
    },
    {
      key: 'usage.top_person_share_30',
      unit: 'percent',
      direction: 'down',
      window: 30,
      words: { ja: '最多利用者への偏り（30日）', en: 'Share of the top person (30 d)' },
      definition: {
        ja: '直近30日の利用のうち、最もよく使う1人が占める割合です。高いほど1人に頼っています。',
        en: 'Share of the last 30 days’ events that one person made: a high one means that the use hangs on them.',
      },
      formula: 'max(events per person) ÷ events × 100, 30 d',
      value: () => sql`100.0 * max(p.e30) / nullif(sum(p.e30), 0)`,
      missing: null,
    },
    {
      key: 'usage.weekend_share_28',
      unit: 'percent',
      direction: 'neither',
      window: 28,
      words: { ja: '週末の利用割合（28日）', en: 'Weekend share (28 d)' },
      definition: {
        ja: '直近28日の利用のうち、土日に行われた割合です。',
        en: 'Share of the last 28 days’ events that fell on a weekend.',
      },
      formula: 'events on Sat/Sun ÷ events × 100, 28 d',
      value: () => sql`100.0 * sum(p.weekend28) / nullif(sum(p.e28), 0)`,
      missing: null,
    },
  ],
}
