import type { Condition } from '../../catalog/conditions/contract.ts'
import type { NewScoringRule, RuleWhen, ScoringRuleInput } from './contract/rules.ts'

type Ready = Pick<ScoringRuleInput, 'nameJa' | 'nameEn' | 'part' | 'points' | 'when'> & { key: string }

function holds(condition: Condition): RuleWhen {
  return { kind: 'attribute', condition }
}

function happens(event: string, wishes: Partial<Extract<RuleWhen, { kind: 'behaviour' }>>): RuleWhen {
  const preset = { where: [], days: 90, count: 'events' as const, most: 100, halfLifeDays: 30 }
  return { kind: 'behaviour', event, ...preset, ...wishes }
}

function contains(field: string, texts: readonly string[]): Condition {
  return { any: texts.map(value => ({ field, op: 'contains', value })) }
}

/**
 * Rules that most companies start with: what the person is, what they do, and what speaks against them. `employees` is an
 * own field of contacts; a company without it does without its rules.
 */
export const readyRules: readonly Ready[] = [
  {
    key: 'senior',
    nameJa: '役員・部門長',
    nameEn: 'Executive or head of a department',
    part: 'fit',
    points: 20,
    when: holds(
      contains('title', [
        '取締役',
        '代表',
        '役員',
        '本部長',
        '部長',
        'CEO',
        'CTO',
        'CIO',
        'COO',
        'VP',
        'Head of',
        'Director',
      ]),
    ),
  },
  {
    key: 'manager',
    nameJa: '課長・マネージャー',
    nameEn: 'Manager',
    part: 'fit',
    points: 10,
    when: holds(contains('title', ['課長', 'マネージャー', 'リーダー', 'Manager', 'Lead'])),
  },
  {
    key: 'decision-maker',
    nameJa: '決裁に関わる人',
    nameEn: 'Takes part in the decision',
    part: 'fit',
    points: 10,
    when: holds({ field: 'stakeholderRole', op: 'in', value: ['DECISION_MAKER', 'SPONSOR', 'CHAMPION'] }),
  },
  {
    key: 'large-company',
    nameJa: '従業員300人以上',
    nameEn: '300 employees or more',
    part: 'fit',
    points: 20,
    when: holds({ field: 'attributes.employees', op: 'at_least', value: 300 }),
  },
  {
    key: 'small-company',
    nameJa: '従業員50～299人',
    nameEn: '50 to 299 employees',
    part: 'fit',
    points: 10,
    when: holds({
      all: [
        { field: 'attributes.employees', op: 'at_least', value: 50 },
        { field: 'attributes.employees', op: 'less_than', value: 300 },
      ],
    }),
  },
  {
    key: 'free-mail',
    nameJa: 'フリーメールのアドレス',
    nameEn: 'Free-mail address',
    part: 'fit',
    points: -15,
    when: holds(contains('email', ['@gmail.', '@yahoo.', '@outlook.', '@hotmail.', '@icloud.', '@live.', '@ymail.'])),
  },
  {
    key: 'mail-opened',
    nameJa: 'メールの開封',
    nameEn: 'Opened a mail',
    part: 'engagement',
    points: 5,
    when: happens('email.opened', { most: 15, halfLifeDays: 14 }),
  },
  {
    key: 'mail-clicked',
    nameJa: 'メールのリンクをクリック',
    nameEn: 'Clicked in a mail',
    part: 'engagement',
    points: 10,
    when: happens('email.clicked', { most: 30, halfLifeDays: 14 }),
  },
  {
    key: 'pricing-seen',
    nameJa: '料金ページの閲覧',
    nameEn: 'Looked at the prices',
    part: 'engagement',
    points: 10,
    when: happens('page:Pricing', { count: 'days', most: 20, days: 60 }),
  },
  {
    key: 'trial-started',
    nameJa: 'トライアルの申し込み',
    nameEn: 'Started a trial',
    part: 'engagement',
    points: 20,
    when: happens('Trial Started', { most: 20, halfLifeDays: null }),
  },
  {
    key: 'demo-requested',
    nameJa: 'デモ・商談の依頼',
    nameEn: 'Asked for a demo',
    part: 'engagement',
    points: 25,
    when: happens('Demo Requested', { most: 25, halfLifeDays: null }),
  },
  {
    key: 'document-downloaded',
    nameJa: '資料のダウンロード',
    nameEn: 'Downloaded a document',
    part: 'engagement',
    points: 8,
    when: happens('Document Downloaded', { most: 16 }),
  },
  {
    key: 'webinar-attended',
    nameJa: 'ウェビナーへの参加',
    nameEn: 'Attended a webinar',
    part: 'engagement',
    points: 8,
    when: holds({ field: 'webinarsAttended', op: 'at_least', value: 1 }),
  },
  {
    key: 'no-use',
    nameJa: '30日以上動きなし',
    nameEn: 'Nothing for 30 days',
    part: 'engagement',
    points: -15,
    when: holds({ field: 'lastSeenAt', op: 'more_than_days_ago', value: 30 }),
  },
  {
    key: 'unreachable',
    nameJa: '配信停止・不達',
    nameEn: 'Unsubscribed, or mail bounces',
    part: 'engagement',
    points: -25,
    when: holds({ field: 'emailState', op: 'in', value: ['UNSUBSCRIBED', 'BOUNCED', 'COMPLAINED'] }),
  },
] satisfies readonly NewScoringRule[]
