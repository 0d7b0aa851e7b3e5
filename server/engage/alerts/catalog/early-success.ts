import type { NewAlertRule } from '../contract/rules.ts'

/** ALR-2: a drop of more than 10 points; below 60; below 40. */
export const earlySuccessAlerts: readonly NewAlertRule[] = [
  {
    key: 'significant-drop',
    nameJa: '健全度が10ポイントを超えて低下',
    nameEn: 'Health fell by more than 10 points',
    adviceJa: '下がった要素（利用、成果、満足度、契約）を確認してください。',
    adviceEn: 'See which part fell: engagement, success, satisfaction or financial.',
    state: 'enabled',
    severity: 'medium',
    topic: 'risk',
    trigger: { kind: 'score_fell', points: 10, days: 30, over: true },
    dueHours: 72,
  },
  {
    key: 'below-threshold',
    nameJa: '健全度が60未満',
    nameEn: 'Health below 60',
    adviceJa: '次の定例で改善策を話し合ってください。',
    adviceEn: 'Talk about what to improve in the next meeting.',
    state: 'enabled',
    severity: 'medium',
    topic: 'risk',
    trigger: { kind: 'score_below', below: 60 },
    dueHours: 72,
  },
  {
    key: 'red-zone',
    nameJa: '健全度が40未満',
    nameEn: 'Health below 40',
    adviceJa: '至急、顧客へ連絡してください。',
    adviceEn: 'Contact the customer at once.',
    state: 'enabled',
    severity: 'high',
    topic: 'risk',
    trigger: { kind: 'score_below', below: 40 },
    dueHours: 24,
  },
]
