import type { TierModel } from '../../customers/accounts/contract/tiers.ts'
import type { expansionReasons } from './contract/record.ts'

/** A customer that is ready for more, as the query finds it. */
export interface Detected {
  id: string
  name: string
  owner_id: string | null
  tier: string | null
  tier_key: string | null
  arr: number
  currency: string
  /** Share of the limit that it fills, 1 = all of it. */
  filled: number | null
  reason: (typeof expansionReasons)[number]
  /** Percent. */
  probability: number
  reviewed: Date | null
}

/** What an expansion adds where the next tier says nothing of revenue. */
const usualGrowth = 0.2

const actions = {
  EXPANSION_PROBABILITY: [
    { ja: '決裁者と拡大の打ち合わせを設定する', en: 'Meet the decision maker about growing' },
    { ja: '拡大時の効果を試算して共有する', en: 'Work out and share what growing would bring' },
  ],
  NEAR_TIER_LIMIT: [
    { ja: '上位プランとの差を整理して提案する', en: 'Show what the next plan adds' },
    { ja: '更新前に追加ライセンスの見積もりを送る', en: 'Send a quote for more licences before the renewal' },
  ],
  SATISFIED_AND_ENGAGED: [
    { ja: '他部署への紹介を依頼する', en: 'Ask for an introduction to other departments' },
    { ja: '事例化とあわせて追加活用を提案する', en: 'Propose a case study along with further use' },
  ],
} as const

/** The opportunity in words and figures, with the tier above the present one. */
export function opportunityOf(row: Detected, model: TierModel) {
  const place = model.tiers.findIndex(tier => tier.key === row.tier_key)
  const next = place >= 0 ? model.tiers[place + 1] : undefined
  const perYear = model.measure === 'monthly_revenue' ? 12 : 1
  const isRevenue = model.measure === 'annual_revenue' || model.measure === 'monthly_revenue'
  const gap = isRevenue && next?.minimum && row.currency === model.currency ? next.minimum * perYear - row.arr : 0
  const percent = Math.round((row.filled ?? 0) * 100)
  const reasonText = {
    EXPANSION_PROBABILITY: {
      ja: `拡大の見込みが${row.probability}%です`,
      en: `Expansion probability is ${row.probability}%`,
    },
    NEAR_TIER_LIMIT: {
      ja: `現在のティアの上限の${percent}%に達しています`,
      en: `${percent}% of the tier’s limit is used`,
    },
    SATISFIED_AND_ENGAGED: { ja: '満足度と活用度がともに高い状態です', en: 'Satisfied and engaged' },
  }[row.reason]
  return {
    customerId: row.id,
    customerName: row.name,
    csmId: row.owner_id,
    currentTier: row.tier,
    potentialTier: next?.category ?? row.tier,
    reason: row.reason,
    reasonText,
    estimatedRevenue: Math.round(Math.max(gap, row.arr * usualGrowth)),
    currency: row.currency,
    probability: row.probability,
    suggestedActions: actions[row.reason],
    lastReviewAt: row.reviewed?.toISOString() ?? null,
  }
}
