import { customerReference, type Target, target, whole } from './fields.ts'

const stakeholders = {
  SPONSOR: ['executive sponsor', 'スポンサー', '役員', 'エグゼクティブスポンサー'],
  CHAMPION: ['チャンピオン', '推進者', '旗振り役'],
  DECISION_MAKER: ['buyer', 'economic buyer', '決裁者', '意思決定者'],
  TECHNICAL: ['tech', 'technical contact', '技術担当', '技術', 'システム担当'],
  DAY_TO_DAY: ['main contact', 'primary', '窓口', '実務担当', '主担当'],
  USER: ['end user', '利用者', 'ユーザー', '一般'],
}

/** Fields of a person at a customer. */
export const contactTargets: readonly Target[] = [
  target(
    'externalId',
    'text',
    'ユーザーID',
    'User ID',
    '外部ID|担当者ID|コンタクトID|利用者ID|会員ID|会員番号|userid|contact id|person id|member id|external id|id|lead id',
    { longest: 255 },
  ),
  target(
    'email',
    'email',
    'メールアドレス',
    'E-mail',
    'メール|Eメール|email|email address|e-mail address|mail|mail address|連絡先メール',
    { longest: 254 },
  ),
  target(
    'name',
    'text',
    '氏名',
    'Name',
    '名前|担当者名|担当者|お名前|フルネーム|full name|contact|contact name|person|user name|display name',
    { longest: 300 },
  ),
  target('familyName', 'text', '姓', 'Family name', '苗字|名字|last name|surname|lastname', { longest: 150 }),
  target('givenName', 'text', '名', 'Given name', 'first name|firstname', { longest: 150 }),
  ...customerReference,
  target('role', 'text', '役割', 'Role', '職種|job role|function', { longest: 200 }),
  target('title', 'text', '役職', 'Title', '肩書き|部署・役職|job title|position', { longest: 200 }),
  target('phone', 'text', '電話番号', 'Phone', '電話|TEL|携帯電話|連絡先電話番号|phone number|telephone|mobile', {
    longest: 60,
  }),
  target('company', 'text', '会社名（記載）', 'Company as written', '勤務先|所属|employer', { longest: 300 }),
  target('language', 'text', '言語', 'Language', 'locale|lang|使用言語', { longest: 60 }),
  target('timeZone', 'time_zone', 'タイムゾーン', 'Time zone', '時間帯|標準時|timezone|tz', { longest: 64 }),
  target('lifecycleStage', 'text', 'ライフサイクル', 'Lifecycle stage', 'ステージ|stage|lifecycle', { longest: 100 }),
  target('plan', 'text', 'プラン', 'Plan', '契約プラン|subscription|plan name', { longest: 200 }),
  target('stakeholderRole', 'choice', '関係者の立場', 'Stakeholder role', 'ステークホルダー|立場|stakeholder', {
    choices: stakeholders,
  }),
  target('sentiment', 'choice', '関係の温度感', 'Sentiment', '温度感|感情', {
    choices: {
      POSITIVE: ['good', 'happy', '良い', '好意的', 'ポジティブ'],
      NEUTRAL: ['ok', '普通', '中立'],
      NEGATIVE: ['bad', 'unhappy', '悪い', '否定的', 'ネガティブ'],
    },
  }),
  target('leftOn', 'date', '退職日', 'Left on', '異動日|離任日|left|departed'),
  target(
    'emailConsent',
    'choice',
    'メール配信の同意',
    'E-mail consent',
    '配信同意|メルマガ同意|オプトイン|opt in|optin|marketing consent|consent|gdpr consent',
    {
      choices: {
        GRANTED: ['yes', 'true', '1', 'opted in', 'subscribed', 'はい', '同意', '同意済み', '可', '許可', '○'],
        DENIED: ['no', 'false', '0', 'opted out', 'unsubscribed', 'いいえ', '不同意', '拒否', '不可', '×'],
        UNKNOWN: ['unset', '不明', '未確認'],
      },
    },
  ),
  target(
    'emailState',
    'choice',
    'メール配信状態',
    'E-mail state',
    '配信状態|購読状態|subscription status|email status',
    {
      choices: {
        SUBSCRIBED: ['active', 'cleaned', '購読中', '配信中', '有効'],
        UNSUBSCRIBED: ['opted out', '解除', '配信停止', '購読解除', '停止'],
        BOUNCED: ['bounce', 'invalid', '不達', 'エラー'],
        COMPLAINED: ['complaint', 'spam', '迷惑メール報告'],
      },
    },
  ),
  target('leadScore', 'number', 'リードスコア', 'Lead score', 'スコア|score', { range: [-99_999, 99_999] }),
  target(
    'signedUpAt',
    'moment',
    '登録日時',
    'Signed up',
    '登録日|会員登録日|作成日|sign up date|signup date|created|created at|signed up at|registered|registration date',
  ),
  target('upgradedAt', 'moment', 'アップグレード日時', 'Upgraded', '有料化日|upgraded at|upgrade date|paid since'),
  target(
    'lastLoginAt',
    'moment',
    '最終ログイン日時',
    'Last login',
    '最終ログイン|最終ログイン日|last login at|last sign in',
  ),
  target(
    'lastSeenAt',
    'moment',
    '最終利用日時',
    'Last seen',
    '最終利用日|最終アクセス|last seen at|last active|last activity',
  ),
  target('nps', 'integer', 'NPS', 'NPS score', '推奨度', { range: [0, 10] }),
  target('csat', 'number', 'CSAT', 'CSAT mean', '満足度|satisfaction', { range: [1, 5] }),
  target('webinarsAttended', 'integer', 'ウェビナー参加数', 'Webinars attended', 'webinars', { range: whole }),
  target('communityPosts', 'integer', 'コミュニティ投稿数', 'Community posts', '投稿数|posts', { range: whole }),
  target('loyaltyPoints', 'integer', 'ポイント', 'Loyalty points', '保有ポイント|points', { range: whole }),
  target('nextFollowUp', 'date', '次回フォロー日', 'Next follow-up', '次回連絡日|follow up|next contact'),
  target('notes', 'text', 'メモ', 'Notes', '備考|コメント|note|comment|comments|remarks|memo', { longest: 10_000 }),
  target('tags', 'tags', 'タグ', 'Tags', 'ラベル|tag|labels', { longest: 2_000 }),
]
