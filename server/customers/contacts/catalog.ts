import { sql } from 'kysely'
import type { MetricSource } from '../../platform/context/vocabulary.ts'
import type { ExportColumn } from '../accounts/catalog.ts'

/** The fields of a contact that people and sources write, by their name in the API; each with its column. */
export const contactFields = {
  customerId: { column: 'customer_id', type: 'id' },
  externalId: { column: 'external_id', type: 'text' },
  email: { column: 'email', type: 'text' },
  name: { column: 'name', type: 'text' },
  role: { column: 'role', type: 'text' },
  title: { column: 'title', type: 'text' },
  phone: { column: 'phone', type: 'text' },
  company: { column: 'company', type: 'text' },
  language: { column: 'language', type: 'text' },
  lifecycleStage: { column: 'lifecycle_stage', type: 'text' },
  plan: { column: 'plan', type: 'text' },
  stakeholderRole: { column: 'stakeholder_role', type: 'one_of' },
  sentiment: { column: 'sentiment', type: 'one_of' },
  leftOn: { column: 'left_on', type: 'date' },
  emailConsent: { column: 'email_consent', type: 'one_of' },
  emailState: { column: 'email_state', type: 'one_of' },
  leadScore: { column: 'lead_score', type: 'number' },
  signedUpAt: { column: 'signed_up_at', type: 'moment' },
  upgradedAt: { column: 'upgraded_at', type: 'moment' },
  lastLoginAt: { column: 'last_login_at', type: 'moment' },
  lastSeenAt: { column: 'last_seen_at', type: 'moment' },
  dauMau: { column: 'dau_mau', type: 'number' },
  featuresUsed: { column: 'features_used', type: 'integer' },
  nps: { column: 'nps', type: 'integer' },
  csat: { column: 'csat', type: 'number' },
  webinarsAttended: { column: 'webinars_attended', type: 'integer' },
  communityPosts: { column: 'community_posts', type: 'integer' },
  loyaltyPoints: { column: 'loyalty_points', type: 'integer' },
  lastCsmContactAt: { column: 'last_csm_contact_at', type: 'moment' },
  lastEmailAt: { column: 'last_email_at', type: 'moment' },
  nextFollowUp: { column: 'next_follow_up', type: 'date' },
  notes: { column: 'notes', type: 'text' },
} as const

export type ContactField = keyof typeof contactFields

const text = (ja: string, en: string): ExportColumn => ({ ja, en, type: 'text' })
const date = (ja: string, en: string): ExportColumn => ({ ja, en, type: 'date' })

/** What a file of contacts can hold, by the names of the API. Headings are those that an import understands. */
export const contactColumns: Readonly<Record<string, ExportColumn>> = {
  externalId: text('外部ID', 'External ID'),
  name: text('氏名', 'Name'),
  email: text('メールアドレス', 'E-mail'),
  customerName: text('顧客名', 'Customer'),
  title: text('役職', 'Title'),
  role: text('役割', 'Role'),
  stakeholderRole: text('関係者の立場', 'Stakeholder role'),
  sentiment: text('感触', 'Sentiment'),
  phone: text('電話番号', 'Phone'),
  language: text('言語', 'Language'),
  lifecycleStage: text('ライフサイクル', 'Lifecycle stage'),
  plan: text('プラン', 'Plan'),
  emailConsent: text('メール同意', 'E-mail consent'),
  emailState: text('配信状態', 'Subscription'),
  nps: text('NPS', 'NPS'),
  csat: text('CSAT', 'CSAT'),
  leadScore: text('リードスコア', 'Lead score'),
  signedUpAt: text('利用開始', 'Signed up'),
  lastLoginAt: text('最終ログイン', 'Last sign-in'),
  lastSeenAt: text('最終利用', 'Last use'),
  leftOn: date('退職日', 'Left on'),
  tags: text('タグ', 'Tags'),
  createdAt: text('登録日時', 'Created'),
}

export const contactSource: MetricSource = {
  key: 'contacts',
  facts: 'contacts',
  rows: at =>
    sql`contact k where k.tenant_id = ${at.tenantId} and k.customer_id is not null and ${at.only(sql`k.customer_id`)} and k.merged_into is null`,
  customer: sql`k.customer_id`,
  metrics: [
    {
      key: 'contacts.people',
      unit: 'count',
      direction: 'up',
      words: { ja: '担当者の数', en: 'People' },
      definition: { ja: '登録されている在籍中の担当者の数です。', en: 'Contacts who have not left.' },
      formula: 'count(contacts present)',
      value: at => sql`count(*) filter (where k.left_on is null or k.left_on > ${at.day}::date)`,
      missing: 0,
    },
    {
      key: 'contacts.champions',
      unit: 'count',
      direction: 'up',
      words: { ja: '推進役の数', en: 'Champions' },
      definition: {
        ja: '推進役（チャンピオン）として登録され、在籍中の人の数です。',
        en: 'Contacts marked as champions who have not left.',
      },
      formula: 'count(champions present)',
      value: at =>
        sql`count(*) filter (where k.stakeholder_role = 'CHAMPION' and (k.left_on is null or k.left_on > ${at.day}::date))`,
      missing: 0,
    },
    {
      key: 'contacts.sponsors',
      unit: 'count',
      direction: 'up',
      words: { ja: 'スポンサーの数', en: 'Sponsors' },
      definition: {
        ja: 'スポンサーまたは決裁者として登録され、在籍中の人の数です。',
        en: 'Sponsors and decision makers who have not left.',
      },
      formula: 'count(sponsors, decision makers present)',
      value: at =>
        sql`count(*) filter (where k.stakeholder_role in ('SPONSOR', 'DECISION_MAKER') and (k.left_on is null or k.left_on > ${at.day}::date))`,
      missing: 0,
    },
    {
      key: 'contacts.champion_left_90',
      unit: 'count',
      direction: 'down',
      window: 90,
      words: { ja: '退職した推進役（90日）', en: 'Champions who left (90 d)' },
      definition: {
        ja: '直近90日に離れた推進役・スポンサー・決裁者の数です。',
        en: 'Champions, sponsors and decision makers who left in the last 90 days.',
      },
      formula: 'count(champions left, 90 d)',
      value: at =>
        sql`count(*) filter (where k.stakeholder_role in ('CHAMPION', 'SPONSOR', 'DECISION_MAKER') and k.left_on between ${at.day}::date - 89 and ${at.day}::date)`,
      missing: 0,
    },
    {
      key: 'contacts.negative_people',
      unit: 'count',
      direction: 'down',
      words: { ja: '否定的な担当者', en: 'Negative people' },
      definition: { ja: '印象が否定的な担当者の数です。', en: 'Contacts whose sentiment is negative.' },
      formula: 'count(contacts, sentiment negative)',
      value: () => sql`count(*) filter (where k.sentiment = 'NEGATIVE')`,
      missing: 0,
    },
    {
      key: 'contacts.webinars',
      unit: 'count',
      direction: 'up',
      words: { ja: 'ウェビナー参加', en: 'Webinars attended' },
      definition: { ja: '担当者のウェビナー参加回数の合計です。', en: 'Webinars attended by the contacts, added up.' },
      formula: 'sum(webinars attended)',
      value: () => sql`sum(k.webinars_attended)`,
      missing: 0,
    },
    {
      key: 'contacts.community_posts',
      unit: 'count',
      direction: 'up',
      words: { ja: 'コミュニティ投稿', en: 'Community posts' },
      definition: { ja: '担当者のコミュニティ投稿数の合計です。', en: 'Community posts of the contacts, added up.' },
      formula: 'sum(community posts)',
      value: () => sql`sum(k.community_posts)`,
      missing: 0,
    },
    {
      key: 'contacts.community_participants_share',
      unit: 'percent',
      direction: 'up',
      words: { ja: 'コミュニティ参加率', en: 'Community participation' },
      definition: {
        ja: 'コミュニティに投稿した、またはウェビナーに参加した担当者の割合です。',
        en: 'Share of the contacts who posted in the community or attended a webinar.',
      },
      formula: 'contacts with posts or webinars ÷ contacts × 100',
      value: () => sql`100.0 * count(*) filter (where k.community_posts > 0 or k.webinars_attended > 0) / count(*)`,
      missing: null,
    },
    {
      key: 'contacts.unsubscribed_share',
      unit: 'percent',
      direction: 'down',
      words: { ja: '配信停止の割合', en: 'Unsubscribed share' },
      definition: {
        ja: 'メールの配信を停止した、または届かない担当者の割合です。',
        en: 'Share of the contacts who unsubscribed or whose mail bounces.',
      },
      formula: 'contacts not subscribed ÷ contacts × 100',
      value: () => sql`100.0 * count(*) filter (where k.email_state <> 'SUBSCRIBED') / count(*)`,
      missing: null,
    },
  ],
}
