import type { NewAlertRule } from '../contract/rules.ts'

const csm = [{ kind: 'owner' }, { kind: 'owner_lead' }, { kind: 'role', role: 'cs_manager' }] as const
const toCsm: NewAlertRule['routing'] = [{ when: null, assign: [...csm], channels: ['csm-alerts'] }]
const toHead: NewAlertRule['routing'] = [
  {
    when: null,
    assign: [{ kind: 'role', role: 'head_of_cs' }],
    notify: [{ kind: 'role', role: 'cs_manager' }],
    channels: ['csm-alerts'],
  },
]

/**
 * ALR-1. Red and Yellow are bands of the scorecard, which judges whole points; where a condition compares the score
 * itself, which has its decimals, "below 60" is below 59.5. The score stands beside a band so that the alert says it.
 */
export const saasSuccessAlerts: readonly NewAlertRule[] = [
  {
    key: 'health-red',
    nameJa: '健全度がRed',
    nameEn: 'Health is Red',
    adviceJa: '24時間以内に顧客へ連絡し、リカバリープランを作成してください。',
    adviceEn: 'Contact the customer within 24 hours and make a recovery plan.',
    state: 'enabled',
    severity: 'high',
    topic: 'risk',
    trigger: { kind: 'score_below', below: 40 },
    dueHours: 24,
    routing: toCsm,
  },
  {
    key: 'health-drop-20',
    nameJa: '健全度が20ポイント以上低下',
    nameEn: 'Health fell by 20 points or more',
    adviceJa: '下がった要因を確認し、24時間以内に顧客へ連絡してください。',
    adviceEn: 'Look at what fell and contact the customer within 24 hours.',
    state: 'enabled',
    severity: 'high',
    topic: 'risk',
    trigger: { kind: 'score_fell', points: 20, days: 30 },
    dueHours: 24,
    routing: toCsm,
  },
  {
    key: 'churn-risk',
    nameJa: '解約リスク（90日以内の更新、健全度60未満）',
    nameEn: 'Churn risk: renewal within 90 days, health below 60',
    adviceJa: '更新までの計画を立て、決裁者との面談を設定してください。',
    adviceEn: 'Plan the way to the renewal and meet the decision maker.',
    state: 'enabled',
    severity: 'medium',
    topic: 'renewal',
    trigger: {
      kind: 'condition',
      condition: {
        all: [
          { field: 'renewalOn', op: 'within_next_days', value: 90 },
          { field: 'healthScore', op: 'less_than', value: 59.5 },
          { field: 'status', op: 'not_in', value: ['CHURNED'] },
        ],
      },
    },
    dueHours: 72,
    routing: toCsm,
  },
  {
    key: 'monthly-churn',
    nameJa: '月次解約率が1%を超過',
    nameEn: 'Monthly churn above 1%',
    adviceJa: '解約した顧客に共通する原因を確認してください。',
    adviceEn: 'Find what the customers that left have in common.',
    state: 'enabled',
    severity: 'critical',
    topic: 'company',
    trigger: { kind: 'kpi', kpi: 'monthly_churn_rate', op: 'more_than', value: 1 },
    dueHours: 4,
    routing: toHead,
  },
  {
    key: 'enterprise-red',
    nameJa: 'Enterprise顧客の健全度がRed',
    nameEn: 'An Enterprise customer is Red',
    adviceJa: 'CS責任者と経営層に共有し、当日中に対応方針を決めてください。',
    adviceEn: 'Tell the Head of CS and the executives; decide today what to do.',
    state: 'enabled',
    severity: 'critical',
    topic: 'risk',
    trigger: {
      kind: 'condition',
      condition: {
        all: [
          { field: 'tier', op: 'in', value: ['ENTERPRISE'] },
          { field: 'healthColour', op: 'in', value: ['red'] },
          { field: 'healthScore', op: 'is_set' },
          { field: 'status', op: 'not_in', value: ['CHURNED'] },
        ],
      },
    },
    dueHours: 4,
    routing: [
      {
        when: null,
        assign: [...csm],
        notify: [{ kind: 'role', role: 'head_of_cs' }],
        channels: ['csm-alerts'],
      },
    ],
  },
  {
    key: 'nps-detractors',
    nameJa: 'NPSの批判者が1週間に5件以上',
    nameEn: 'Five or more NPS detractors in a week',
    adviceJa: '回答のコメントを確認し、批判者に個別に連絡してください。',
    adviceEn: 'Read the comments and contact the detractors one by one.',
    state: 'enabled',
    severity: 'critical',
    topic: 'feedback',
    trigger: { kind: 'kpi', kpi: 'nps_detractors_7', op: 'at_least', value: 5 },
    dueHours: 4,
    routing: toHead,
  },
  {
    key: 'renewal-yellow',
    nameJa: '60日以内の更新、健全度がYellow',
    nameEn: 'Renewal within 60 days in Yellow',
    adviceJa: '更新の意向を確認し、健全度を下げている要因に手を打ってください。',
    adviceEn: 'Ask about the renewal and work on what holds the score down.',
    state: 'enabled',
    severity: 'high',
    topic: 'renewal',
    trigger: {
      kind: 'condition',
      condition: {
        all: [
          { field: 'renewalOn', op: 'within_next_days', value: 60 },
          { field: 'healthColour', op: 'in', value: ['yellow'] },
          { field: 'healthScore', op: 'is_set' },
          { field: 'status', op: 'not_in', value: ['CHURNED'] },
        ],
      },
    },
    dueHours: 24,
    routing: toCsm,
  },
  {
    key: 'onboarding-slow',
    nameJa: 'オンボーディング30日で進捗50%未満',
    nameEn: 'Onboarding at day 30 with under 50% progress',
    adviceJa: '止まっているマイルストーンを確認し、支援の打ち合わせを設定してください。',
    adviceEn: 'See which milestones are stuck and set up a working session.',
    state: 'enabled',
    severity: 'high',
    topic: 'onboarding',
    trigger: {
      kind: 'condition',
      condition: {
        all: [
          { field: 'metrics.success.onboarding_days', op: 'at_least', value: 30 },
          { not: { field: 'metrics.success.onboarding_done', op: 'at_least', value: 1 } },
          { field: 'metrics.success.onboarding_milestones_share', op: 'less_than', value: 50 },
        ],
      },
    },
    dueHours: 24,
    routing: toCsm,
  },
]
