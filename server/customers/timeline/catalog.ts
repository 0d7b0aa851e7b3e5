import { sql } from 'kysely'
import type { DerivedMetric, MetricSource } from '../../platform/context/vocabulary.ts'
import type { RecordShape } from '../accounts/catalog.ts'
import { gain } from '../accounts/queries/gain.ts'
import { speaksOfCancelling, speaksOfDiscontent } from '../accounts/queries/sentiment.ts'

export const communicationShape: RecordShape = {
  table: 'communication',
  counts: { facts: 'communications', since: 'occurred_at' },
  imported: false,
  missing: { contactIds: '{}' },
  fields: {
    customerId: { column: 'customer_id', type: 'id' },
    kind: { column: 'kind', type: 'one_of' },
    direction: { column: 'direction', type: 'one_of' },
    occurredAt: { column: 'occurred_at', type: 'moment' },
    durationMinutes: { column: 'duration_minutes', type: 'integer' },
    subject: { column: 'subject', type: 'text' },
    body: { column: 'body', type: 'text' },
    contactIds: { column: 'contact_ids', type: 'ids' },
    authorId: { column: 'author_id', type: 'id' },
    externalId: { column: 'external_id', type: 'text' },
  },
}

export const communicationSource: MetricSource = {
  key: 'communications',
  facts: 'communications',
  rows: at =>
    sql`communication m where m.tenant_id = ${at.tenantId} and ${at.only(sql`m.customer_id`)} and m.kind <> 'NOTE' and m.occurred_at < ${at.end}`,
  customer: sql`m.customer_id`,
  metrics: [
    {
      key: 'communications.days_since_contact',
      unit: 'days',
      direction: 'down',
      words: { ja: '最終接触からの日数', en: 'Days since contact' },
      definition: {
        ja: 'メール・電話・会議・Slackで最後にやり取りしてからの日数です。',
        en: 'Days since the last mail, call, meeting or Slack message.',
      },
      formula: 'day − last contact',
      value: at => sql`${at.day}::date - (max(m.occurred_at) at time zone ${at.zone})::date`,
      missing: null,
    },
    {
      key: 'communications.contacts_90',
      unit: 'count',
      direction: 'up',
      window: 90,
      words: { ja: '接触回数（90日）', en: 'Touches (90 d)' },
      definition: {
        ja: '直近90日のやり取りの数です。',
        en: 'Mails, calls, meetings and messages of the last 90 days.',
      },
      formula: 'count(communications, 90 d)',
      value: at => sql`count(*) filter (where m.occurred_at >= ${at.end}::timestamptz - interval '90 days')`,
      missing: 0,
    },
    {
      key: 'communications.contacts_before_90',
      unit: 'count',
      direction: 'up',
      window: 180,
      words: { ja: '接触回数（その前の90日）', en: 'Touches (90 d before)' },
      definition: {
        ja: '91日前から180日前までのやり取りの数です。',
        en: 'Mails, calls, meetings and messages 91 to 180 days ago.',
      },
      formula: 'count(communications, days 91–180)',
      value: at =>
        sql`count(*) filter (where m.occurred_at >= ${at.end}::timestamptz - interval '180 days' and m.occurred_at < ${at.end}::timestamptz - interval '90 days')`,
      missing: 0,
    },
    {
      key: 'communications.days_since_meeting',
      unit: 'days',
      direction: 'down',
      words: { ja: '最終会議からの日数', en: 'Days since a meeting' },
      definition: { ja: '最後に会議をしてからの日数です。', en: 'Days since the last meeting.' },
      formula: 'day − last meeting',
      value: at =>
        sql`${at.day}::date - (max(m.occurred_at) filter (where m.kind = 'MEETING') at time zone ${at.zone})::date`,
      missing: null,
    },
    {
      key: 'communications.unhappy_words_90',
      unit: 'count',
      direction: 'down',
      window: 90,
      words: { ja: '不満の表れた連絡（90日）', en: 'Unhappy messages (90 d)' },
      definition: {
        ja: '直近90日に顧客から届いた連絡のうち、件名か本文に不満を表す言葉を含むものの数です。',
        en: 'Inbound communications of the last 90 days that are unhappy by their words.',
      },
      formula: 'count(inbound with words of discontent, 90 d)',
      value: at =>
        sql`count(*) filter (where m.direction = 'INBOUND' and m.occurred_at >= ${at.end}::timestamptz - interval '90 days'
          and ${speaksOfDiscontent(sql`coalesce(m.subject, '') || ' ' || m.body`)})`,
      missing: 0,
    },
    {
      key: 'communications.meetings_90',
      unit: 'count',
      direction: 'up',
      window: 90,
      words: { ja: '会議（90日）', en: 'Meetings (90 d)' },
      definition: { ja: '直近90日の会議の数です。', en: 'Meetings of the last 90 days.' },
      formula: 'count(meetings, 90 d)',
      value: at =>
        sql`count(*) filter (where m.kind = 'MEETING' and m.occurred_at >= ${at.end}::timestamptz - interval '90 days')`,
      missing: 0,
    },
    {
      key: 'communications.inbound_30',
      unit: 'count',
      direction: 'up',
      window: 30,
      words: { ja: '顧客からの連絡（30日）', en: 'Inbound (30 d)' },
      definition: {
        ja: '直近30日に顧客から届いた連絡の数です。',
        en: 'Communications of the last 30 days that came from the customer.',
      },
      formula: 'count(inbound, 30 d)',
      value: at =>
        sql`count(*) filter (where m.direction = 'INBOUND' and m.occurred_at >= ${at.end}::timestamptz - interval '30 days')`,
      missing: 0,
    },
    {
      key: 'communications.cancel_words_90',
      unit: 'count',
      direction: 'down',
      window: 90,
      words: { ja: '解約に触れた連絡（90日）', en: 'Messages that speak of cancelling (90 d)' },
      definition: {
        ja: '直近90日に顧客から届いた連絡のうち、件名か本文に「解約」「キャンセル」などの言葉を含むものの数です。',
        en: 'Inbound communications of the last 90 days that speak of cancelling, in Japanese or English.',
      },
      formula: 'count(inbound with words of cancelling, 90 d)',
      value: at =>
        sql`count(*) filter (where m.direction = 'INBOUND' and m.occurred_at >= ${at.end}::timestamptz - interval '90 days'
          and ${speaksOfCancelling(sql`coalesce(m.subject, '') || ' ' || m.body`)})`,
      missing: 0,
    },
  ],
}

export const communicationDerived: readonly DerivedMetric[] = [
  gain(
    'communications.contacts_change_90',
    'count',
    'up',
    180,
    ['communications.contacts_90', 'communications.contacts_before_90'],
    { ja: '接触回数の差（90日）', en: 'Change of touches (90 d)' },
  ),
]
