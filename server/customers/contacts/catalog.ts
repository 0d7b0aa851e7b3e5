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
