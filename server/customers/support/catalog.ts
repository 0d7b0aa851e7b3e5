import { type RawBuilder, sql } from 'kysely'
import type { AsOf, DerivedMetric, MetricSource } from '../../platform/context/vocabulary.ts'
import type { RecordShape } from '../accounts/catalog.ts'
import { gain } from '../accounts/queries/gain.ts'
import { speaksOfCancelling, speaksOfDefects, speaksOfDiscontent } from '../accounts/queries/sentiment.ts'

export const ticketShape: RecordShape = {
  table: 'ticket',
  counts: { facts: 'tickets', since: 'opened_at' },
  imported: true,
  missing: { source: 'api', priority: 'NORMAL', status: 'OPEN' },
  fields: {
    customerId: { column: 'customer_id', type: 'id' },
    contactId: { column: 'contact_id', type: 'id' },
    externalId: { column: 'external_id', type: 'text' },
    source: { column: 'source', type: 'text' },
    subject: { column: 'subject', type: 'text' },
    priority: { column: 'priority', type: 'one_of' },
    status: { column: 'status', type: 'one_of' },
    openedAt: { column: 'opened_at', type: 'moment' },
    firstResponseAt: { column: 'first_response_at', type: 'moment' },
    resolvedAt: { column: 'resolved_at', type: 'moment' },
    satisfaction: { column: 'satisfaction', type: 'integer' },
  },
}

/** Opened in the last days, or in as many before them. */
function opened(at: AsOf, days: number, before = false): RawBuilder<boolean> {
  const since = sql`${at.end}::timestamptz - ${sql.lit(`${before ? days * 2 : days} days`)}::interval`
  return before
    ? sql`(t.opened_at >= ${since} and t.opened_at < ${at.end}::timestamptz - ${sql.lit(`${days} days`)}::interval)`
    : sql`(t.opened_at >= ${since})`
}

/** Not resolved at the end of the day, or so many days before it. */
function isOpen(at: AsOf, ago = 0): RawBuilder<boolean> {
  const then = sql`(${at.end}::timestamptz - ${sql.lit(`${ago} days`)}::interval)`
  return sql`(t.opened_at < ${then} and (t.resolved_at is null or t.resolved_at >= ${then})
    and not (t.resolved_at is null and t.status in ('RESOLVED', 'CLOSED')))`
}

/** Customers rate what was solved: before that the rating was not known. */
const isRated = (at: AsOf) => sql<boolean>`(t.resolved_at is null or t.resolved_at < ${at.end})`

type Measure = MetricSource['metrics'][number]

function counted(
  key: string,
  window: number | undefined,
  words: Measure['words'],
  definition: Measure['definition'],
  formula: string,
  which: (at: AsOf) => RawBuilder<unknown>,
): Measure {
  const value = (at: AsOf) => sql`count(*) filter (where ${which(at)})`
  return {
    key: `tickets.${key}`,
    unit: 'count',
    direction: 'down',
    ...(window && { window }),
    words,
    definition,
    formula,
    value,
    missing: 0,
  }
}

export const ticketSource: MetricSource = {
  key: 'tickets',
  facts: 'tickets',
  rows: at =>
    sql`ticket t where t.tenant_id = ${at.tenantId} and t.customer_id is not null and ${at.only(sql`t.customer_id`)} and t.opened_at < ${at.end}`,
  customer: sql`t.customer_id`,
  metrics: [
    counted(
      'opened_7',
      7,
      { ja: '新規チケット（7日）', en: 'Tickets opened (7 d)' },
      { ja: '直近7日に開かれたチケットの数です。', en: 'Tickets opened in the last 7 days.' },
      'count(tickets opened, 7 d)',
      at => opened(at, 7),
    ),
    counted(
      'opened_30',
      30,
      { ja: '新規チケット（30日）', en: 'Tickets opened (30 d)' },
      { ja: '直近30日に開かれたチケットの数です。', en: 'Tickets opened in the last 30 days.' },
      'count(tickets opened, 30 d)',
      at => opened(at, 30),
    ),
    counted(
      'opened_90',
      90,
      { ja: '新規チケット（90日）', en: 'Tickets opened (90 d)' },
      { ja: '直近90日に開かれたチケットの数です。', en: 'Tickets opened in the last 90 days.' },
      'count(tickets opened, 90 d)',
      at => opened(at, 90),
    ),
    counted(
      'open_now',
      undefined,
      { ja: '未解決チケット', en: 'Open tickets' },
      {
        ja: 'その日の終わりに解決していないチケットの数です。',
        en: 'Tickets not resolved at the end of the day.',
      },
      'count(tickets open)',
      at => isOpen(at),
    ),
    counted(
      'open_urgent',
      undefined,
      { ja: '未解決の緊急チケット', en: 'Open urgent tickets' },
      { ja: '未解決のうち、優先度が緊急のチケットの数です。', en: 'Open tickets of urgent priority.' },
      'count(tickets open, urgent)',
      at => sql`t.priority = 'URGENT' and ${isOpen(at)}`,
    ),
    {
      key: 'tickets.oldest_open_days',
      unit: 'days',
      direction: 'down',
      words: { ja: '最も古い未解決チケット', en: 'Oldest open ticket' },
      definition: {
        ja: '未解決のチケットのうち、最も古いものが開かれてからの日数です。',
        en: 'Days since the oldest open ticket was opened.',
      },
      formula: 'day − min(opened, open tickets)',
      value: at => sql`${at.day}::date - (min(t.opened_at) filter (where ${isOpen(at)}) at time zone ${at.zone})::date`,
      missing: null,
    },
    {
      key: 'tickets.resolved_30',
      unit: 'count',
      direction: 'up',
      window: 30,
      words: { ja: '解決チケット（30日）', en: 'Tickets resolved (30 d)' },
      definition: { ja: '直近30日に解決したチケットの数です。', en: 'Tickets resolved in the last 30 days.' },
      formula: 'count(tickets resolved, 30 d)',
      value: at =>
        sql`count(*) filter (where t.resolved_at < ${at.end} and t.resolved_at >= ${at.end}::timestamptz - interval '30 days')`,
      missing: 0,
    },
    {
      key: 'tickets.resolution_share_30',
      unit: 'percent',
      direction: 'up',
      window: 30,
      words: { ja: 'チケット解決率（30日）', en: 'Resolution rate (30 d)' },
      definition: {
        ja: '直近30日に開かれたチケットのうち、解決したものの割合です。チケットがなければ値はありません。',
        en: 'Share of the tickets opened in the last 30 days that were resolved; empty where there were none.',
      },
      formula: 'resolved ÷ opened × 100, opened in 30 d',
      value: at =>
        sql`100.0 * count(*) filter (where ${opened(at, 30)} and not ${isOpen(at)}) / nullif(count(*) filter (where ${opened(at, 30)}), 0)`,
      missing: null,
    },
    {
      key: 'tickets.first_response_hours_90',
      unit: 'hours',
      direction: 'down',
      window: 90,
      words: { ja: '初回応答時間（90日）', en: 'First response (90 d)' },
      definition: {
        ja: '直近90日に開かれたチケットの、最初の返答までの平均時間です。',
        en: 'Mean hours until the first answer, of tickets opened in the last 90 days.',
      },
      formula: 'mean(first response − opened), 90 d',
      value: at =>
        sql`avg(extract(epoch from t.first_response_at - t.opened_at) / 3600) filter (where ${opened(at, 90)} and t.first_response_at < ${at.end})`,
      missing: null,
    },
    {
      key: 'tickets.resolution_hours_90',
      unit: 'hours',
      direction: 'down',
      window: 90,
      words: { ja: '解決までの時間（90日）', en: 'Time to resolution (90 d)' },
      definition: {
        ja: '直近90日に開かれたチケットの、解決までの平均時間です。',
        en: 'Mean hours until resolution, of tickets opened in the last 90 days.',
      },
      formula: 'mean(resolved − opened), 90 d',
      value: at =>
        sql`avg(extract(epoch from t.resolved_at - t.opened_at) / 3600) filter (where ${opened(at, 90)} and t.resolved_at < ${at.end})`,
      missing: null,
    },
    {
      key: 'tickets.satisfaction_90',
      unit: 'points',
      direction: 'up',
      window: 90,
      words: { ja: 'サポート満足度（90日）', en: 'Support satisfaction (90 d)' },
      definition: {
        ja: '直近90日に開かれたチケットの評価（1〜5）の平均です。',
        en: 'Mean rating (1 to 5) of tickets opened in the last 90 days.',
      },
      formula: 'mean(rating), 90 d',
      value: at => sql`avg(t.satisfaction) filter (where ${opened(at, 90)} and ${isRated(at)})`,
      missing: null,
    },
    {
      key: 'tickets.satisfaction_5',
      unit: 'points',
      direction: 'up',
      words: { ja: 'サポート満足度（最近5件）', en: 'Support satisfaction (last 5)' },
      definition: {
        ja: '評価のある最近5件のチケットの、評価（1〜5）の平均です。',
        en: 'Mean rating (1 to 5) of the last five rated tickets.',
      },
      formula: 'mean(last 5 ratings)',
      value: at =>
        sql`(select avg(rating) from unnest((array_agg(t.satisfaction order by t.opened_at desc, t.id) filter (where t.satisfaction is not null and ${isRated(at)}))[1:5]) rating)`,
      missing: null,
    },
    {
      key: 'tickets.repeated_90',
      unit: 'count',
      direction: 'down',
      window: 90,
      words: { ja: '同じ件名のチケット（90日）', en: 'Repeated tickets (90 d)' },
      definition: {
        ja: '直近90日に、同じ件名で2回以上開かれた分のチケットの数です。',
        en: 'Tickets of the last 90 days beyond the first with the same subject.',
      },
      formula: 'count(tickets) − count(distinct subjects), 90 d',
      value: at =>
        sql`count(*) filter (where ${opened(at, 90)}) - count(distinct lower(t.subject)) filter (where ${opened(at, 90)})`,
      missing: 0,
    },
    counted(
      'cancel_words_90',
      90,
      { ja: '解約に触れたチケット（90日）', en: 'Tickets that speak of cancelling (90 d)' },
      {
        ja: '直近90日に開かれ、件名に「解約」「キャンセル」などの言葉を含むチケットの数です。',
        en: 'Tickets opened in the last 90 days whose subject speaks of cancelling, in Japanese or English.',
      },
      'count(tickets with words of cancelling, 90 d)',
      at => sql`${opened(at, 90)} and ${speaksOfCancelling(sql`t.subject`)}`,
    ),
    counted(
      'opened_before_90',
      180,
      { ja: '新規チケット（その前の90日）', en: 'Tickets opened (90 d before)' },
      { ja: '91日前から180日前までに開かれたチケットの数です。', en: 'Tickets opened 91 to 180 days ago.' },
      'count(tickets opened, days 91–180)',
      at => opened(at, 90, true),
    ),
    counted(
      'open_before_30',
      undefined,
      { ja: '未解決チケット（30日前）', en: 'Open tickets (30 d before)' },
      { ja: '30日前に解決していなかったチケットの数です。', en: 'Tickets that were open 30 days before.' },
      'count(tickets open at day − 30)',
      at => isOpen(at, 30),
    ),
    counted(
      'urgent_90',
      90,
      { ja: '優先度の高いチケット（90日）', en: 'Urgent tickets (90 d)' },
      {
        ja: '直近90日に開かれた、優先度が「高」または「緊急」のチケットの数です。',
        en: 'Tickets of high or urgent priority opened in the last 90 days.',
      },
      'count(tickets high or urgent, 90 d)',
      at => sql`${opened(at, 90)} and t.priority in ('HIGH', 'URGENT')`,
    ),
    counted(
      'defects_90',
      90,
      { ja: '不具合のチケット（90日）', en: 'Tickets about defects (90 d)' },
      {
        ja: '直近90日に開かれ、件名に「不具合」「エラー」「動かない」などの言葉を含むチケットの数です。',
        en: 'Tickets opened in the last 90 days whose subject speaks of a defect, in Japanese or English.',
      },
      'count(tickets with words of defects, 90 d)',
      at => sql`${opened(at, 90)} and ${speaksOfDefects(sql`t.subject`)}`,
    ),
    counted(
      'unhappy_words_90',
      90,
      { ja: '不満の表れたチケット（90日）', en: 'Unhappy tickets (90 d)' },
      {
        ja: '直近90日に開かれ、件名に不満を表す言葉を含むチケットの数です。',
        en: 'Tickets opened in the last 90 days whose subject is unhappy by its words.',
      },
      'count(tickets with words of discontent, 90 d)',
      at => sql`${opened(at, 90)} and ${speaksOfDiscontent(sql`t.subject`)}`,
    ),
    {
      key: 'tickets.satisfaction_before_90',
      unit: 'points',
      direction: 'up',
      window: 180,
      words: { ja: 'サポート満足度（その前の90日）', en: 'Support satisfaction (90 d before)' },
      definition: {
        ja: '91日前から180日前までに開かれたチケットの評価（1〜5）の平均です。',
        en: 'Mean rating (1 to 5) of tickets opened 91 to 180 days ago.',
      },
      formula: 'mean(rating), days 91–180',
      value: at => sql`avg(t.satisfaction) filter (where ${opened(at, 90, true)} and ${isRated(at)})`,
      missing: null,
    },
    {
      key: 'tickets.days_since_opened',
      unit: 'days',
      direction: 'neither',
      words: { ja: '最終チケットからの日数', en: 'Days since a ticket' },
      definition: { ja: '最後にチケットが開かれてからの日数です。', en: 'Days since a ticket was last opened.' },
      formula: 'day − last opened',
      value: at => sql`${at.day}::date - (max(t.opened_at) at time zone ${at.zone})::date`,
      missing: null,
    },
  ],
}

export const ticketDerived: readonly DerivedMetric[] = [
  gain('tickets.opened_change_90', 'count', 'down', 180, ['tickets.opened_90', 'tickets.opened_before_90'], {
    ja: '新規チケットの差（90日）',
    en: 'Change of tickets opened (90 d)',
  }),
  gain('tickets.open_change_30', 'count', 'down', 30, ['tickets.open_now', 'tickets.open_before_30'], {
    ja: '未解決チケットの差（30日）',
    en: 'Change of open tickets (30 d)',
  }),
  gain(
    'tickets.satisfaction_change_90',
    'points',
    'up',
    180,
    ['tickets.satisfaction_90', 'tickets.satisfaction_before_90'],
    {
      ja: 'サポート満足度の差（90日）',
      en: 'Change of support satisfaction (90 d)',
    },
  ),
]
