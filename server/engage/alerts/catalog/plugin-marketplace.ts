import type { NewAlertRule } from '../contract/rules.ts'

const owner = [{ kind: 'owner' }, { kind: 'role', role: 'cs_manager' }] as const

/** ALR-3. Channels: csm-alerts, csm-urgent and csm-opportunities of Slack, csm-sms for short messages. */
export const pluginMarketplaceAlerts: readonly NewAlertRule[] = [
  {
    key: 'churn-score-high',
    nameJa: '解約スコア80以上',
    nameEn: 'Churn score of 80 or more',
    adviceJa: '本日中に連絡し、困りごとを確認してください。',
    adviceEn: 'Contact the customer today and ask what is wrong.',
    state: 'enabled',
    severity: 'critical',
    topic: 'risk',
    trigger: { kind: 'condition', condition: { field: 'churnScore', op: 'at_least', value: 80 } },
    dueHours: 24,
    routing: [
      {
        when: { field: 'tier', op: 'in', value: ['ENTERPRISE'] },
        assign: [...owner],
        channels: ['csm-alerts', 'csm-sms'],
      },
      { when: null, assign: [...owner], channels: ['csm-alerts'] },
    ],
  },
  {
    key: 'churn-score-medium',
    nameJa: '解約スコア60〜79',
    nameEn: 'Churn score of 60 to 79',
    adviceJa: '今週中に利用状況を確認してください。',
    adviceEn: 'Look at the use within the week.',
    state: 'enabled',
    severity: 'medium',
    topic: 'risk',
    trigger: {
      kind: 'condition',
      condition: {
        all: [
          { field: 'churnScore', op: 'at_least', value: 60 },
          { field: 'churnScore', op: 'less_than', value: 80 },
        ],
      },
    },
    dueHours: 168,
    routing: [{ when: null, assign: [...owner] }],
    pace: 'digest',
  },
  {
    key: 'nps-detractor',
    nameJa: 'NPSの批判者',
    nameEn: 'NPS detractor',
    adviceJa: '24時間以内に回答の理由を伺ってください。',
    adviceEn: 'Ask within 24 hours for the reason of the answer.',
    state: 'enabled',
    severity: 'high',
    topic: 'feedback',
    trigger: { kind: 'condition', condition: { field: 'metrics.surveys.nps_latest', op: 'at_most', value: 6 } },
    dueHours: 24,
    routing: [{ when: null, assign: [...owner], channels: ['csm-urgent'] }],
  },
  {
    key: 'upsell-chance',
    nameJa: 'アップセルの機会',
    nameEn: 'Upsell chance',
    adviceJa: '利用の伸びを確認し、上位プランを提案してください。',
    adviceEn: 'Look at the growth of use and offer the next plan.',
    state: 'enabled',
    severity: 'low',
    topic: 'opportunity',
    trigger: {
      kind: 'condition',
      condition: {
        all: [
          { field: 'status', op: 'in', value: ['ACTIVE'] },
          {
            any: [
              { field: 'metrics.success.expansion_probability', op: 'more_than', value: 50 },
              { field: 'metrics.usage.active_share_30', op: 'at_least', value: 80 },
            ],
          },
        ],
      },
    },
    dueHours: 336,
    routing: [{ when: null, assign: [...owner], channels: ['csm-opportunities'] }],
  },
  {
    key: 'payment-failed',
    nameJa: '支払いの失敗',
    nameEn: 'Payment failed',
    adviceJa: '支払い方法の更新を案内してください。',
    adviceEn: 'Help the customer to update the way of payment.',
    state: 'enabled',
    severity: 'high',
    topic: 'billing',
    trigger: { kind: 'event', type: 'payment.failed' },
    dueHours: 48,
    routing: [{ when: null, assign: [...owner], channels: ['csm-alerts'] }],
  },
]
