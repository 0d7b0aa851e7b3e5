import { sql } from 'kysely'
import type { MetricSource } from '../../platform/context/vocabulary.ts'
import type { RecordShape } from '../accounts/catalog.ts'
import { speaksOfCancelling } from '../accounts/queries/sentiment.ts'

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

export const ticketSource: MetricSource = {
  key: 'tickets',
  facts: 'tickets',
  rows: at =>
    sql`ticket t where t.tenant_id = ${at.tenantId} and t.customer_id is not null and ${at.only(sql`t.customer_id`)} and t.opened_at < ${at.end}`,
  customer: sql`t.customer_id`,
  metrics: [
    {
      key: 'tickets.opened_7',
      unit: 'count',
      direction: 'down',
      window: 7,
      words: { ja: '新規チケット（7日）', en: 'Tickets opened (7 d)' },
      definition: { ja: '直近7日に開かれたチケットの数です。', en: 'Tickets opened in the last 7 days.' },
      formula: 'count(tickets opened, 7 d)',
      value: at => sql`count(*) filter (where t.opened_at >= ${at.end}::timestamptz - interval '7 days')`,
      missing: 0,
    },
    {
      key: 'tickets.opened_30',
      unit: 'count',
      direction: 'down',
      window: 30,
      words: { ja: '新規チケット（30日）', en: 'Tickets opened (30 d)' },
      definition: { ja: '直近30日に開かれたチケットの数です。', en: 'Tickets opened in the last 30 days.' },
      formula: 'count(tickets opened, 30 d)',
      value: at => sql`count(*) filter (where t.opened_at >= ${at.end}::timestamptz - interval '30 days')`,
      missing: 0,
    },
    {
      key: 'tickets.opened_90',
      unit: 'count',
      direction: 'down',
      window: 90,
      words: { ja: '新規チケット（90日）', en: 'Tickets opened (90 d)' },
      definition: { ja: '直近90日に開かれたチケットの数です。', en: 'Tickets opened in the last 90 days.' },
      formula: 'count(tickets opened, 90 d)',
      value: at => sql`count(*) filter (where t.opened_at >= ${at.end}::timestamptz - interval '90 days')`,
      missing: 0,
    },
    {
      key: 'tickets.open_now',
      unit: 'count',
      direction: 'down',
      words: { ja: '未解決チケット', en: 'Open tickets' },
      definition: {
        ja: 'その日の終わりに解決していないチケットの数です。',
        en: 'Tickets not resolved at the end of the day.',
      },
      formula: 'count(tickets open)',
      value: at =>
        sql`count(*) filter (where (t.resolved_at is null or t.resolved_at >= ${at.end}) and not (t.resolved_at is null and t.status in ('RESOLVED', 'CLOSED')))`,
      missing: 0,
    },
    {
      key: 'tickets.open_urgent',
      unit: 'count',
      direction: 'down',
      words: { ja: '未解決の緊急チケット', en: 'Open urgent tickets' },
      definition: { ja: '未解決のうち、優先度が緊急のチケットの数です。', en: 'Open tickets of urgent priority.' },
      formula: 'count(tickets open, urgent)',
      value: at =>
        sql`count(*) filter (where t.priority = 'URGENT' and (t.resolved_at is null or t.resolved_at >= ${at.end}) and not (t.resolved_at is null and t.status in ('RESOLVED', 'CLOSED')))`,
      missing: 0,
    },
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
      value: at =>
        sql`${at.day}::date - (min(t.opened_at) filter (where (t.resolved_at is null or t.resolved_at >= ${at.end}) and not (t.resolved_at is null and t.status in ('RESOLVED', 'CLOSED'))) at time zone ${at.zone})::date`,
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
        sql`100.0 * count(*) filter (where t.opened_at >= ${at.end}::timestamptz - interval '30 days' and not ((t.resolved_at is null or t.resolved_at >= ${at.end}) and not (t.resolved_at is null and t.status in ('RESOLVED', 'CLOSED')))) / nullif(count(*) filter (where t.opened_at >= ${at.end}::timestamptz - interval '30 days'), 0)`,
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
        sql`avg(extract(epoch from t.first_response_at - t.opened_at) / 3600) filter (where t.opened_at >= ${at.end}::timestamptz - interval '90 days' and t.first_response_at < ${at.end})`,
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
        sql`avg(extract(epoch from t.resolved_at - t.opened_at) / 3600) filter (where t.opened_at >= ${at.end}::timestamptz - interval '90 days' and t.resolved_at < ${at.end})`,
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
      value: at => sql`avg(t.satisfaction) filter (where t.opened_at >= ${at.end}::timestamptz - interval '90 days')`,
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
      value: () =>
        sql`(select avg(rating) from unnest((array_agg(t.satisfaction order by t.opened_at desc, t.id) filter (where t.satisfaction is not null))[1:5]) rating)`,
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
        sql`count(*) filter (where t.opened_at >= ${at.end}::timestamptz - interval '90 days') - count(distinct lower(t.subject)) filter (where t.opened_at >= ${at.end}::timestamptz - interval '90 days')`,
      missing: 0,
    },
    {
      key: 'tickets.cancel_words_90',
      unit: 'count',
      direction: 'down',
      window: 90,
      words: { ja: '解約に触れたチケット（90日）', en: 'Tickets that speak of cancelling (90 d)' },
      definition: {
        ja: '直近90日に開かれ、件名に「解約」「キャンセル」などの言葉を含むチケットの数です。',
        en: 'Tickets opened in the last 90 days whose subject speaks of cancelling, in Japanese or English.',
      },
      formula: 'count(tickets with words of cancelling, 90 d)',
      value: at =>
        sql`count(*) filter (where t.opened_at >= ${at.end}::timestamptz - interval '90 days' and ${speaksOfCancelling(sql`t.subject`)})`,
      missing: 0,
    },
  ],
}
