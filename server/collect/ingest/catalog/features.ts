import { type RawBuilder, sql } from 'kysely'
import type { MetricSource } from '../../../platform/context/vocabulary.ts'
import { recent } from './people.ts'

type Measure = MetricSource['metrics'][number]

const features = (days: number, which: RawBuilder<unknown>, before = false): Measure => ({
  key: before ? `usage.features_before_${days}` : `usage.features_${days}`,
  unit: 'count',
  direction: 'up',
  window: before ? days * 2 : days,
  words: before
    ? { ja: `使った機能の数（その前の${days}日）`, en: `Features used (${days} d before)` }
    : { ja: `使った機能の数（${days}日）`, en: `Features used (${days} d)` },
  definition: before
    ? {
        ja: `その前の${days}日に使われた機能の種類の数です。`,
        en: `Different features used in the ${days} days before.`,
      }
    : { ja: `直近${days}日に使われた機能の種類の数です。`, en: `Different features used in the last ${days} days.` },
  formula: before ? `count(features, days ${days + 1}–${days * 2})` : `count(features, ${days} d)`,
  value: () => sql`count(*) filter (where ${which})`,
  missing: 0,
})

export const featureSource: MetricSource = {
  key: 'usage_features',
  facts: 'usage',
  rows: at => sql`(select r.customer_id, r.feature, min(r.age) as latest, bool_or(r.age between 30 and 59) as before
    from ${recent(at, 90)} r where r.feature not like 'page:%' and r.feature not like 'screen:%'
    group by r.customer_id, r.feature) f`,
  customer: sql`f.customer_id`,
  metrics: [features(30, sql`f.latest < 30`), features(90, sql`true`), features(30, sql`f.before`, true)],
}

/** Farther back nobody is told apart from somebody who never came. */
const memory = 400

export const lastUseSource: MetricSource = {
  key: 'usage_last',
  facts: 'usage',
  rows: at => sql`usage_daily l where l.tenant_id = ${at.tenantId} and l.customer_id is not null and ${at.only(sql`l.customer_id`)}
    and l.day > ${at.day}::date - ${sql.lit(memory)} and l.day <= ${at.day}::date`,
  customer: sql`l.customer_id`,
  metrics: [
    {
      key: 'usage.days_since_last_use',
      unit: 'days',
      direction: 'down',
      words: { ja: '最終利用からの日数', en: 'Days since last use' },
      definition: {
        ja: `最後に利用した日から何日たったかです。${memory}日より前の利用は見ません。`,
        en: `Days since the product was last used; use of more than ${memory} days ago is not looked at.`,
      },
      formula: 'day − last day with use',
      value: at => sql`${at.day}::date - max(l.day)`,
      missing: null,
    },
    {
      key: 'usage.days_since_first_use',
      unit: 'days',
      direction: 'neither',
      words: { ja: '利用開始からの日数', en: 'Days since first use' },
      definition: {
        ja: `記録にある最初の利用から何日たったかです（最大${memory}日）。`,
        en: `Days since the first recorded use (at most ${memory}).`,
      },
      formula: 'day − first day with use',
      value: at => sql`${at.day}::date - min(l.day)`,
      missing: null,
    },
  ],
}

/** Webinars by the names of their events; a day counts as missed only where nobody of the customer came on it. */
export const webinarSource: MetricSource = {
  key: 'usage_webinars',
  facts: 'usage',
  rows: at => sql`(select u.customer_id, u.day, bool_or(u.feature = 'Webinar Attended') as attended,
      max(case when bool_or(u.feature = 'Webinar Attended') then u.day end) over (partition by u.customer_id) as last_attended
    from usage_daily u where u.tenant_id = ${at.tenantId} and u.customer_id is not null and ${at.only(sql`u.customer_id`)}
      and u.feature in ('Webinar Attended', 'Webinar Missed') and u.day > ${at.day}::date - ${sql.lit(memory)} and u.day <= ${at.day}::date
    group by u.customer_id, u.day) w`,
  customer: sql`w.customer_id`,
  metrics: [
    {
      key: 'usage.webinars_missed_in_row',
      unit: 'count',
      direction: 'down',
      window: memory,
      words: { ja: '連続して欠席したウェビナー', en: 'Webinars missed in a row' },
      definition: {
        ja: `最後に出席したあとに続けて欠席したウェビナーの数です（イベント「Webinar Attended」「Webinar Missed」、最大${memory}日、1日1回）。`,
        en: `Webinars missed since one was last attended, by the events "Webinar Attended" and "Webinar Missed" (at most ${memory} days, one a day).`,
      },
      formula: 'count(days with Webinar Missed since last Webinar Attended)',
      value: () => sql`count(*) filter (where not w.attended and (w.last_attended is null or w.day > w.last_attended))`,
      missing: null,
    },
  ],
}
