import type { ScorecardDefinition } from '../contract/definition.ts'
import { factor, metric, type Shape } from './factor.ts'

/** Points out of a most, as HLT-2 gives them. */
const points = (most: number, below: number, ...steps: { from?: number; over?: number; points: number }[]): Shape => ({
  kind: 'steps',
  below: (100 * below) / most,
  steps: steps.map(({ points: each, ...bound }) => ({ ...bound, score: (100 * each) / most })),
})

/** HLT-2: five factors by steps, 100 points in all. */
export const pluginMarketplace: ScorecardDefinition = {
  groups: [],
  factors: [
    factor(
      'usage_frequency',
      '利用頻度',
      'Usage frequency',
      20,
      { metric: 'usage.weekly_events', expected: { plans: { Pro: 5, Enterprise: 20 }, otherwise: 5 } },
      points(
        20,
        0,
        { from: 40, points: 5 },
        { from: 60, points: 10 },
        { from: 80, points: 15 },
        { from: 100, points: 20 },
      ),
    ),
    factor(
      'engagement',
      'エンゲージメント（DAU/MAU）',
      'Engagement (DAU/MAU)',
      30,
      metric('usage.dau_mau'),
      // "More than 30 %" leaves 30 % itself to the step from 20 % on.
      points(30, 0, { from: 10, points: 10 }, { from: 20, points: 20 }, { over: 30, points: 30 }),
    ),
    factor(
      'support',
      'サポート満足度',
      'Support satisfaction',
      20,
      metric('tickets.satisfaction_5'),
      points(
        20,
        0,
        { from: 3, points: 5 },
        { from: 3.5, points: 10 },
        { from: 4, points: 15 },
        { from: 4.5, points: 20 },
      ),
    ),
    factor(
      'payment',
      '支払い',
      'Payment',
      15,
      metric('billing.days_late_now'),
      points(15, 15, { over: 0, points: 10 }, { over: 7, points: 5 }, { over: 30, points: 0 }),
    ),
    factor(
      'nps',
      'NPS',
      'NPS',
      15,
      metric('surveys.nps_latest'),
      points(15, 0, { over: 6, points: 10 }, { from: 9, points: 15 }),
    ),
  ],
  bands: [
    {
      key: 'champion',
      nameJa: 'チャンピオン',
      nameEn: 'Champion',
      colour: 'green',
      from: 81,
      actionsJa: ['紹介・事例をお願いする'],
      actionsEn: ['Ask for referrals and stories'],
    },
    {
      key: 'healthy',
      nameJa: '健全',
      nameEn: 'Healthy',
      colour: 'green',
      from: 61,
      actionsJa: ['月次の価値確認を続ける'],
      actionsEn: ['Keep up the monthly value check'],
    },
    {
      key: 'medium_risk',
      nameJa: '中リスク',
      nameEn: 'Medium risk',
      colour: 'orange',
      from: 41,
      actionsJa: ['7日以内にメールで状況を確認する'],
      actionsEn: ['Write within 7 days to see how they are'],
    },
    {
      key: 'high_risk',
      nameJa: '高リスク',
      nameEn: 'High risk',
      colour: 'red',
      from: 0,
      actionsJa: ['24時間以内に電話する'],
      actionsEn: ['Call within 24 hours'],
    },
  ],
  exceptions: [],
  missing: 'reweight',
}
