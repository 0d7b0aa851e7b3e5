import type { healthLevels, healthTrends } from '../../customers/accounts/contract/customers.ts'

export interface Components {
  engagementScore?: number
  successScore?: number
  satisfactionScore?: number
  financialScore?: number
}

/** Weights of the components (source 003): engagement 30 %, success 30 %, satisfaction 20 %, financial 20 %. */
const weights = { engagementScore: 0.3, successScore: 0.3, satisfactionScore: 0.2, financialScore: 0.2 } as const

/**
 * Weighted mean of the components that are there, 0 to 100, two decimals: a missing one takes no part.
 * @returns undefined where none is given
 */
export function overallScore(components: Components): number | undefined {
  let sum = 0
  let total = 0
  for (const [name, weight] of Object.entries(weights)) {
    const value = components[name as keyof Components]
    if (value === undefined) continue
    sum += value * weight
    total += weight
  }
  return total === 0 ? undefined : Math.round((sum / total) * 100) / 100
}

/** EXCELLENT from 80, GOOD from 60, FAIR from 40, else POOR (source 003), in whole points as they are shown: 79.5 is 80. */
export function healthLevel(score: number): (typeof healthLevels)[number] {
  const shown = Math.floor(score + 0.5)
  return shown >= 80 ? 'EXCELLENT' : shown >= 60 ? 'GOOD' : shown >= 40 ? 'FAIR' : 'POOR'
}

/** Less than this many points of change is noise. */
export const steady = 2

/** The direction from the score before; UNKNOWN for a first one. */
export function healthTrend(score: number, before: number | undefined): (typeof healthTrends)[number] {
  if (before === undefined) return 'UNKNOWN'
  if (Math.abs(score - before) < steady) return 'STABLE'
  return score > before ? 'IMPROVING' : 'DECLINING'
}
