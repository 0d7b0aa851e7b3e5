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

/** Pages that only those look at who think of leaving. */
const cancelPages = sql`'page:Cancel', 'page:解約'`

/** Events by the names that the ready-made risk signals use too. */
function named(
  key: string,
  direction: 'up' | 'down',
  window: number,
  words: Measure['words'],
  value: RawBuilder<unknown>,
  events: string,
): Measure {
  return {
    key: `usage.${key}`,
    unit: 'count',
    direction,
    window,
    words,
    definition: {
      ja: `イベント「${events}」の件数です。${window === 60 ? '31日前から60日前まで' : `直近${window}日`}を数えます。`,
      en: `Events named ${events}, ${window === 60 ? '31 to 60 days ago' : `in the last ${window} days`}.`,
    },
    formula: `sum(${events}), ${window === 60 ? 'days 31–60' : `${window} d`}`,
    value: () => sql`coalesce(${value}, 0)`,
    missing: 0,
  }
}

export const featureSource: MetricSource = {
  key: 'usage_features',
  facts: 'usage',
  rows: at => sql`(select r.customer_id, r.feature, min(r.age) as latest, bool_or(r.age between 30 and 59) as before,
      bool_or(r.age > 59) as earlier, coalesce(sum(r.events) filter (where r.age < 30), 0) as e30,
      coalesce(sum(r.events) filter (where r.age between 30 and 59), 0) as e30before, sum(r.events) as e90,
      r.feature like any ('{page:%,screen:%}') as page
    from ${recent(at, 90)} r where r.feature not like all ('{page:%,screen:%}') or r.feature in (${cancelPages})
    group by r.customer_id, r.feature) f`,
  customer: sql`f.customer_id`,
  metrics: [
    features(30, sql`f.latest < 30 and not f.page`),
    features(90, sql`not f.page`),
    features(30, sql`f.before and not f.page`, true),
    {
      key: 'usage.features_new_30',
      unit: 'count',
      direction: 'up',
      window: 90,
      words: { ja: '新しく使った機能（30日）', en: 'Features taken up (30 d)' },
      definition: {
        ja: '直近30日に使われ、その前の60日には使われていなかった機能の数です。',
        en: 'Features used in the last 30 days and not in the 60 days before.',
      },
      formula: 'count(features: use in 30 d, none in days 31–90)',
      value: () => sql`count(*) filter (where f.latest < 30 and not f.before and not f.earlier and not f.page)`,
      missing: 0,
    },
    {
      key: 'usage.features_dropped_30',
      unit: 'count',
      direction: 'down',
      window: 60,
      words: { ja: '使われなくなった機能（30日）', en: 'Features dropped (30 d)' },
      definition: {
        ja: 'その前の30日には使われていたのに、直近30日は使われていない機能の数です。',
        en: 'Features used 31 to 60 days ago and not since.',
      },
      formula: 'count(features: use in days 31–60, none in 30 d)',
      value: () => sql`count(*) filter (where f.before and f.latest >= 30 and not f.page)`,
      missing: 0,
    },
    {
      key: 'usage.outside_top_feature_share_30',
      unit: 'percent',
      direction: 'up',
      window: 30,
      words: { ja: '最多機能以外の利用割合（30日）', en: 'Share outside the top feature (30 d)' },
      definition: {
        ja: '直近30日の利用のうち、最もよく使われる機能以外が占める割合です。低いほど1つの機能に頼っています。',
        en: 'Share of the last 30 days’ events outside the feature that is used most: a low one means that one thing is used.',
      },
      formula: '(events − max(events per feature)) ÷ events × 100, 30 d',
      value: () =>
        sql`100.0 * (1 - max(f.e30) filter (where not f.page) / nullif(sum(f.e30) filter (where not f.page), 0))`,
      missing: null,
    },
    named(
      'dashboard_views_30',
      'up',
      30,
      { ja: 'ダッシュボードの閲覧（30日）', en: 'Dashboard views (30 d)' },
      sql`sum(f.e30) filter (where f.feature = 'Dashboard Viewed')`,
      'Dashboard Viewed',
    ),
    named(
      'dashboard_views_before_30',
      'up',
      60,
      { ja: 'ダッシュボードの閲覧（その前の30日）', en: 'Dashboard views (30 d before)' },
      sql`sum(f.e30before) filter (where f.feature = 'Dashboard Viewed')`,
      'Dashboard Viewed',
    ),
    named(
      'docs_views_30',
      'up',
      30,
      { ja: 'ヘルプの閲覧（30日）', en: 'Help views (30 d)' },
      sql`sum(f.e30) filter (where f.feature = 'Docs Viewed')`,
      'Docs Viewed',
    ),
    named(
      'community_posts_90',
      'up',
      90,
      { ja: 'コミュニティ投稿（90日）', en: 'Community posts (90 d)' },
      sql`sum(f.e90) filter (where f.feature = 'Community Posted')`,
      'Community Posted',
    ),
    named(
      'cancel_page_views_30',
      'down',
      30,
      { ja: '解約ページの閲覧（30日）', en: 'Views of the cancel page (30 d)' },
      sql`sum(f.e30) filter (where f.feature in ('Cancel Page Viewed', ${cancelPages}))`,
      'Cancel Page Viewed, page:Cancel, page:解約',
    ),
    named(
      'downgrade_attempts_90',
      'down',
      90,
      { ja: '下位プランへの変更操作（90日）', en: 'Downgrade attempts (90 d)' },
      sql`sum(f.e90) filter (where f.feature = 'Downgrade Attempted')`,
      'Downgrade Attempted',
    ),
  ],
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
