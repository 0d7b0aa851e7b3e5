import type { Condition } from '../../catalog/conditions/contract.ts'

interface Suggestion {
  key: string
  nameJa: string
  nameEn: string
  reasonJa: string
  reasonEn: string
  condition: Condition
}

const present: Condition = { field: 'status', op: 'not_in', value: ['CHURNED'] }

/** Segments that most programmes need; offered while they hold somebody and the company has none of their key. */
export const suggestions: readonly Suggestion[] = [
  {
    key: 'renewal-at-risk',
    nameJa: '更新間近で利用が減少',
    nameEn: 'Renewal soon, use falling',
    reasonJa: '90日以内に更新を迎え、利用回数が前の4週より20％以上減っています。',
    reasonEn: 'They renew within 90 days, and their use fell by a fifth or more against the four weeks before.',
    condition: {
      all: [
        present,
        { field: 'renewalOn', op: 'within_next_days', value: 90 },
        { event: '*', change: 'down', percent: 20, days: 28 },
      ],
    },
  },
  {
    key: 'silent',
    nameJa: '利用が止まっている',
    nameEn: 'Gone quiet',
    reasonJa: '直近14日間、誰も利用していません。',
    reasonEn: 'Nobody there used the product in the last 14 days.',
    condition: { all: [present, { event: '*', did: 'never', days: 14 }] },
  },
  {
    key: 'few-people',
    nameJa: '1人に頼っている',
    nameEn: 'Hanging on one person',
    reasonJa: '直近30日の利用の8割以上が1人によるものです。担当者の異動で利用が途切れるおそれがあります。',
    reasonEn: 'One person made four fifths or more of the last 30 days’ use: if they move on, it stops.',
    condition: {
      all: [
        present,
        { field: 'metrics.usage.top_person_share_30', op: 'at_least', value: 80 },
        { field: 'metrics.contracts.licences', op: 'at_least', value: 5 },
      ],
    },
  },
  {
    key: 'seats-nearly-used',
    nameJa: 'ライセンスをほぼ使い切り',
    nameEn: 'Seats nearly used up',
    reasonJa: 'ライセンスの9割以上が使われています。追加のご提案を検討できます。',
    reasonEn: 'Nine in ten licences or more are in use: time to offer more.',
    condition: { all: [present, { field: 'metrics.usage.active_share_30', op: 'at_least', value: 90 }] },
  },
  {
    key: 'advocates',
    nameJa: '推奨者候補',
    nameEn: 'Likely advocates',
    reasonJa: '最新のNPS回答が9点以上で、利用も活発です。事例や紹介をお願いできます。',
    reasonEn:
      'Their latest NPS answers are 9 or better and they use the product a lot: ask for a case study or a referral.',
    condition: {
      all: [
        present,
        { field: 'metrics.surveys.nps_latest', op: 'at_least', value: 9 },
        { field: 'metrics.usage.dau_mau', op: 'at_least', value: 30 },
      ],
    },
  },
  {
    key: 'unhappy',
    nameJa: '不満のある顧客',
    nameEn: 'Unhappy',
    reasonJa: '直近90日に批判的なNPS回答があるか、サポートの評価が3点未満です。',
    reasonEn: 'A detractor answered in the last 90 days, or support was rated below 3.',
    condition: {
      all: [
        present,
        {
          any: [
            { field: 'metrics.surveys.detractors_90', op: 'at_least', value: 1 },
            { field: 'metrics.tickets.satisfaction_5', op: 'less_than', value: 3 },
          ],
        },
      ],
    },
  },
  {
    key: 'late-payers',
    nameJa: '支払いが遅れている',
    nameEn: 'Paying late',
    reasonJa: '支払期限を8日以上過ぎた請求書があります。',
    reasonEn: 'An invoice is eight days or more past its date.',
    condition: { all: [present, { field: 'metrics.billing.days_late_now', op: 'at_least', value: 8 }] },
  },
  {
    key: 'out-of-touch',
    nameJa: '接触が途絶えている',
    nameEn: 'Out of touch',
    reasonJa: 'ARRがあるのに、60日以上やり取りがありません。',
    reasonEn: 'They pay, and nobody has been in touch for 60 days.',
    condition: {
      all: [
        present,
        { field: 'arr', op: 'more_than', value: 0 },
        { field: 'lastContactAt', op: 'more_than_days_ago', value: 60 },
      ],
    },
  },
]
