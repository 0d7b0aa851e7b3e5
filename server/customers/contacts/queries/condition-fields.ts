import { sql } from 'kysely'
import type { FieldDefinition } from '../../../platform/context/vocabulary.ts'

type Given = Omit<FieldDefinition, 'record' | 'value' | 'group'> & { column: string }

function field({ column, ...rest }: Given): FieldDefinition {
  return { ...rest, record: 'contact', group: 'contact', value: sql.ref(`c.${column}`) }
}

/** The fields of a contact that conditions may name. */
export const contactConditionFields: readonly FieldDefinition[] = [
  field({ id: 'name', kind: 'text', words: { ja: '名前', en: 'Name' }, facts: 'contacts', column: 'name' }),
  field({
    id: 'email',
    kind: 'text',
    words: { ja: 'メールアドレス', en: 'E-mail address' },
    facts: 'contacts',
    column: 'email',
  }),
  field({
    id: 'externalId',
    kind: 'text',
    words: { ja: '外部ID', en: 'External ID' },
    facts: 'contacts',
    column: 'external_id',
  }),
  field({ id: 'title', kind: 'text', words: { ja: '役職', en: 'Title' }, facts: 'contacts', column: 'title' }),
  field({
    id: 'role',
    kind: 'text',
    words: { ja: '部署・役割', en: 'Department or role' },
    facts: 'contacts',
    column: 'role',
  }),
  field({ id: 'company', kind: 'text', words: { ja: '会社', en: 'Company' }, facts: 'contacts', column: 'company' }),
  field({
    id: 'stakeholderRole',
    kind: 'one_of',
    words: { ja: '関係', en: 'Role with us' },
    facts: 'contacts',
    column: 'stakeholder_role',
    choices: [
      { value: 'SPONSOR', words: { ja: '後援者', en: 'Sponsor' } },
      { value: 'CHAMPION', words: { ja: '推進者', en: 'Champion' } },
      { value: 'DECISION_MAKER', words: { ja: '決裁者', en: 'Decision maker' } },
      { value: 'TECHNICAL', words: { ja: '技術窓口', en: 'Technical' } },
      { value: 'DAY_TO_DAY', words: { ja: '実務窓口', en: 'Day to day' } },
      { value: 'USER', words: { ja: '利用者', en: 'User' } },
    ],
  }),
  field({
    id: 'sentiment',
    kind: 'one_of',
    words: { ja: '温度感', en: 'Sentiment' },
    facts: 'contacts',
    column: 'sentiment',
    choices: [
      { value: 'POSITIVE', words: { ja: '好意的', en: 'Positive' } },
      { value: 'NEUTRAL', words: { ja: '中立', en: 'Neutral' } },
      { value: 'NEGATIVE', words: { ja: '否定的', en: 'Negative' } },
    ],
  }),
  field({
    id: 'lifecycleStage',
    kind: 'one_of',
    words: { ja: 'ライフサイクル', en: 'Lifecycle stage' },
    facts: 'contacts',
    column: 'lifecycle_stage',
  }),
  field({ id: 'plan', kind: 'one_of', words: { ja: 'プラン', en: 'Plan' }, facts: 'contacts', column: 'plan' }),
  field({
    id: 'language',
    kind: 'one_of',
    words: { ja: '言語', en: 'Language' },
    facts: 'contacts',
    column: 'language',
  }),
  field({
    id: 'timeZone',
    kind: 'text',
    words: { ja: 'タイムゾーン', en: 'Time zone' },
    facts: 'contacts',
    column: 'time_zone',
  }),
  field({
    id: 'emailConsent',
    kind: 'one_of',
    words: { ja: 'メール配信の同意', en: 'E-mail consent' },
    facts: 'contacts',
    column: 'email_consent',
    choices: [
      { value: 'UNKNOWN', words: { ja: '不明', en: 'Unknown' } },
      { value: 'GRANTED', words: { ja: '同意済み', en: 'Granted' } },
      { value: 'DENIED', words: { ja: '拒否', en: 'Denied' } },
    ],
  }),
  field({
    id: 'emailState',
    kind: 'one_of',
    words: { ja: 'メールの状態', en: 'E-mail state' },
    facts: 'contacts',
    column: 'email_state',
    choices: [
      { value: 'SUBSCRIBED', words: { ja: '配信可', en: 'Subscribed' } },
      { value: 'UNSUBSCRIBED', words: { ja: '配信停止', en: 'Unsubscribed' } },
      { value: 'BOUNCED', words: { ja: '不達', en: 'Bounced' } },
      { value: 'COMPLAINED', words: { ja: '迷惑メール報告', en: 'Complained' } },
    ],
  }),
  field({
    id: 'leadScore',
    kind: 'number',
    words: { ja: 'リードスコア', en: 'Lead score' },
    facts: 'contacts',
    column: 'lead_score',
  }),
  field({ id: 'nps', kind: 'number', words: { ja: 'NPS', en: 'NPS' }, facts: 'surveys', column: 'nps' }),
  field({ id: 'csat', kind: 'number', words: { ja: 'CSAT', en: 'CSAT' }, facts: 'surveys', column: 'csat' }),
  field({
    id: 'ticketCount',
    kind: 'number',
    words: { ja: 'チケット数', en: 'Tickets' },
    facts: 'tickets',
    column: 'ticket_count',
  }),
  field({
    id: 'lastSeenAt',
    kind: 'date',
    words: { ja: '最終利用', en: 'Last seen' },
    facts: 'usage',
    column: 'last_seen_at',
    isMoment: true,
  }),
  field({
    id: 'lastLoginAt',
    kind: 'date',
    words: { ja: '最終ログイン', en: 'Last login' },
    facts: 'usage',
    column: 'last_login_at',
    isMoment: true,
  }),
  field({
    id: 'signedUpAt',
    kind: 'date',
    words: { ja: '利用登録日', en: 'Signed up' },
    facts: 'contacts',
    column: 'signed_up_at',
    isMoment: true,
  }),
  field({ id: 'leftOn', kind: 'date', words: { ja: '退職日', en: 'Left on' }, facts: 'contacts', column: 'left_on' }),
  field({
    id: 'createdAt',
    kind: 'date',
    words: { ja: '登録日', en: 'Created' },
    facts: 'contacts',
    column: 'created_at',
    isMoment: true,
  }),
  field({
    id: 'webinarsAttended',
    kind: 'number',
    words: { ja: 'ウェビナー参加', en: 'Webinars attended' },
    facts: 'contacts',
    column: 'webinars_attended',
  }),
  field({
    id: 'communityPosts',
    kind: 'number',
    words: { ja: 'コミュニティ投稿', en: 'Community posts' },
    facts: 'contacts',
    column: 'community_posts',
  }),
  field({ id: 'phone', kind: 'text', words: { ja: '電話番号', en: 'Phone' }, facts: 'contacts', column: 'phone' }),
]
