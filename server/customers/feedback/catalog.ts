import { sql } from 'kysely'
import type { DerivedMetric, MetricSource } from '../../platform/context/vocabulary.ts'
import type { RecordShape } from '../accounts/catalog.ts'
import { gain } from '../accounts/queries/gain.ts'
import { speaksOfCancelling, speaksOfDiscontent } from '../accounts/queries/sentiment.ts'

export const answerShape: RecordShape = {
  table: 'survey_answer',
  counts: { facts: 'surveys', since: 'answered_at' },
  imported: true,
  missing: {},
  fields: {
    customerId: { column: 'customer_id', type: 'id' },
    contactId: { column: 'contact_id', type: 'id' },
    externalId: { column: 'external_id', type: 'text' },
    survey: { column: 'survey', type: 'text' },
    kind: { column: 'kind', type: 'one_of' },
    score: { column: 'score', type: 'number' },
    comment: { column: 'comment', type: 'text' },
    answeredAt: { column: 'answered_at', type: 'moment' },
  },
}

export const answerSource: MetricSource = {
  key: 'answers',
  facts: 'surveys',
  rows: at => sql`(select a.*, row_number() over (partition by a.customer_id, a.kind, coalesce(a.contact_id, a.id) order by a.answered_at desc, a.id desc) as latest
    from survey_answer a where a.tenant_id = ${at.tenantId} and a.customer_id is not null and ${at.only(sql`a.customer_id`)} and a.answered_at < ${at.end}) a`,
  customer: sql`a.customer_id`,
  metrics: [
    {
      key: 'surveys.nps_latest',
      unit: 'points',
      direction: 'up',
      window: 180,
      words: { ja: 'NPS回答の平均（0〜10）', en: 'Mean NPS answer (0–10)' },
      definition: {
        ja: '直近180日の、回答者ごとに最新のNPS回答の平均です。',
        en: 'Mean of each person’s latest NPS answer of the last 180 days.',
      },
      formula: 'mean(latest NPS answer per person), 180 d',
      value: at =>
        sql`avg(a.score) filter (where a.kind = 'NPS' and a.latest = 1 and a.answered_at >= ${at.end}::timestamptz - interval '180 days')`,
      missing: null,
    },
    {
      key: 'surveys.nps_score',
      unit: 'points',
      direction: 'up',
      window: 180,
      words: { ja: 'NPS', en: 'NPS' },
      definition: {
        ja: '推奨者（9〜10）の割合から批判者（0〜6）の割合を引いた値です（直近180日、回答者ごとに最新）。',
        en: 'Promoters (9–10) less detractors (0–6) in percent, latest answers of the last 180 days.',
      },
      formula: '(promoters − detractors) ÷ answers × 100',
      value: at =>
        sql`100.0 * sum(case when a.score >= 9 then 1 when a.score <= 6 then -1 else 0 end) filter (where a.kind = 'NPS' and a.latest = 1 and a.answered_at >= ${at.end}::timestamptz - interval '180 days') / nullif(count(*) filter (where a.kind = 'NPS' and a.latest = 1 and a.answered_at >= ${at.end}::timestamptz - interval '180 days'), 0)`,
      missing: null,
    },
    {
      key: 'surveys.nps_before_180',
      unit: 'points',
      direction: 'up',
      window: 360,
      words: { ja: 'NPS回答の平均（その前の180日）', en: 'Mean NPS answer (180 d before)' },
      definition: { ja: '181日前から360日前までのNPS回答の平均です。', en: 'Mean NPS answer 181 to 360 days ago.' },
      formula: 'mean(NPS answers), days 181–360',
      value: at =>
        sql`avg(a.score) filter (where a.kind = 'NPS' and a.answered_at < ${at.end}::timestamptz - interval '180 days' and a.answered_at >= ${at.end}::timestamptz - interval '360 days')`,
      missing: null,
    },
    {
      key: 'surveys.nps_answers_365',
      unit: 'count',
      direction: 'up',
      window: 365,
      words: { ja: 'NPS回答数（365日）', en: 'NPS answers (365 d)' },
      definition: { ja: '直近365日のNPS回答の数です。', en: 'NPS answers of the last 365 days.' },
      formula: 'count(NPS answers, 365 d)',
      value: at =>
        sql`count(*) filter (where a.kind = 'NPS' and a.answered_at >= ${at.end}::timestamptz - interval '365 days')`,
      missing: 0,
    },
    {
      key: 'surveys.detractors_90',
      unit: 'count',
      direction: 'down',
      window: 90,
      words: { ja: '批判者（90日）', en: 'Detractors (90 d)' },
      definition: { ja: '直近90日のNPS回答のうち、0〜6点の数です。', en: 'NPS answers of 0 to 6 in the last 90 days.' },
      formula: 'count(NPS answers ≤ 6, 90 d)',
      value: at =>
        sql`count(*) filter (where a.kind = 'NPS' and a.score <= 6 and a.answered_at >= ${at.end}::timestamptz - interval '90 days')`,
      missing: 0,
    },
    {
      key: 'surveys.days_since_nps',
      unit: 'days',
      direction: 'down',
      words: { ja: '最終NPS回答からの日数', en: 'Days since NPS answer' },
      definition: { ja: '最後のNPS回答からの日数です。', en: 'Days since the last NPS answer.' },
      formula: 'day − last NPS answer',
      value: at =>
        sql`${at.day}::date - (max(a.answered_at) filter (where a.kind = 'NPS') at time zone ${at.zone})::date`,
      missing: null,
    },
    {
      key: 'surveys.csat_90',
      unit: 'points',
      direction: 'up',
      window: 90,
      words: { ja: 'CSAT（90日）', en: 'CSAT (90 d)' },
      definition: {
        ja: '直近90日のCSAT回答（1〜5）の平均です。',
        en: 'Mean CSAT answer (1 to 5) of the last 90 days.',
      },
      formula: 'mean(CSAT answers), 90 d',
      value: at =>
        sql`avg(a.score) filter (where a.kind = 'CSAT' and a.answered_at >= ${at.end}::timestamptz - interval '90 days')`,
      missing: null,
    },
    {
      key: 'surveys.csat_before_90',
      unit: 'points',
      direction: 'up',
      window: 180,
      words: { ja: 'CSAT（その前の90日）', en: 'CSAT (90 d before)' },
      definition: {
        ja: '91日前から180日前までのCSAT回答（1〜5）の平均です。',
        en: 'Mean CSAT answer (1 to 5) 91 to 180 days ago.',
      },
      formula: 'mean(CSAT answers), days 91–180',
      value: at =>
        sql`avg(a.score) filter (where a.kind = 'CSAT' and a.answered_at < ${at.end}::timestamptz - interval '90 days' and a.answered_at >= ${at.end}::timestamptz - interval '180 days')`,
      missing: null,
    },
    {
      key: 'surveys.nps_lowest_180',
      unit: 'points',
      direction: 'up',
      window: 180,
      words: { ja: '最も低いNPS回答（180日）', en: 'Lowest NPS answer (180 d)' },
      definition: {
        ja: '直近180日の、回答者ごとに最新のNPS回答のうち最も低い点数です。',
        en: 'Lowest of each person’s latest NPS answer of the last 180 days.',
      },
      formula: 'min(latest NPS answer per person), 180 d',
      value: at =>
        sql`min(a.score) filter (where a.kind = 'NPS' and a.latest = 1 and a.answered_at >= ${at.end}::timestamptz - interval '180 days')`,
      missing: null,
    },
    {
      key: 'surveys.ces_180',
      unit: 'points',
      direction: 'up',
      window: 180,
      words: { ja: 'CES（180日）', en: 'CES (180 d)' },
      definition: {
        ja: '直近180日のCES回答（1〜7）の平均です。',
        en: 'Mean CES answer (1 to 7) of the last 180 days.',
      },
      formula: 'mean(CES answers), 180 d',
      value: at =>
        sql`avg(a.score) filter (where a.kind = 'CES' and a.answered_at >= ${at.end}::timestamptz - interval '180 days')`,
      missing: null,
    },
    {
      key: 'surveys.negative_comments_90',
      unit: 'count',
      direction: 'down',
      window: 90,
      words: { ja: '否定的なコメント（90日）', en: 'Negative comments (90 d)' },
      definition: {
        ja: '直近90日の回答のうち、コメントに不満を表す言葉があるもの、またはNPS 0〜6・CSAT 1〜2の回答にコメントが添えられたものの数です。',
        en: 'Answers of the last 90 days whose comment is unhappy by its words, or that left a comment with an NPS answer of 0 to 6 or a CSAT answer of 1 or 2.',
      },
      formula: 'count(answers with a negative comment, 90 d)',
      value: at =>
        sql`count(*) filter (where a.answered_at >= ${at.end}::timestamptz - interval '90 days' and btrim(a.comment) <> ''
          and ((a.kind = 'NPS' and a.score <= 6) or (a.kind = 'CSAT' and a.score <= 2) or ${speaksOfDiscontent(sql`a.comment`)}))`,
      missing: 0,
    },
    {
      key: 'surveys.cancel_words_90',
      unit: 'count',
      direction: 'down',
      window: 90,
      words: { ja: '解約に触れたコメント（90日）', en: 'Comments that speak of cancelling (90 d)' },
      definition: {
        ja: '直近90日の回答のうち、コメントに「解約」「キャンセル」などの言葉を含むものの数です。',
        en: 'Answers of the last 90 days whose comment speaks of cancelling, in Japanese or English.',
      },
      formula: 'count(comments with words of cancelling, 90 d)',
      value: at =>
        sql`count(*) filter (where a.answered_at >= ${at.end}::timestamptz - interval '90 days' and ${speaksOfCancelling(sql`a.comment`)})`,
      missing: 0,
    },
  ],
}

export const feedbackDerived: readonly DerivedMetric[] = [
  gain('surveys.csat_change_90', 'points', 'up', 180, ['surveys.csat_90', 'surveys.csat_before_90'], {
    ja: 'CSATの差（90日）',
    en: 'Change of CSAT (90 d)',
  }),
  {
    key: 'surveys.nps_change_180',
    unit: 'points',
    direction: 'up',
    window: 360,
    words: { ja: 'NPS回答の変化（180日）', en: 'Change of NPS answers (180 d)' },
    definition: {
      ja: '直近180日の平均から、その前の180日の平均を引いた値です。',
      en: 'Mean of the last 180 days less that of the 180 days before.',
    },
    formula: 'surveys.nps_latest − surveys.nps_before_180',
    of: ['surveys.nps_latest', 'surveys.nps_before_180'],
    value: metric => sql`${metric('surveys.nps_latest')} - ${metric('surveys.nps_before_180')}`,
  },
]
