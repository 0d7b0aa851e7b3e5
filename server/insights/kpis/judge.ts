import type { targetBounds } from './contract.ts'

export interface Target {
  bound: (typeof targetBounds)[number]
  /** For the first year, the second and so on; the last one stays. */
  steps: readonly number[]
  /** YYYY-MM-DD, first day of the first year. */
  startsOn: string
}

/** What is to be reached in a month (YYYY-MM); null before the target begins. */
export function targetIn({ steps, startsOn }: Target, month: string): number | null {
  const [year, at] = month.split('-').map(Number) as [number, number]
  const [firstYear, firstAt] = startsOn.split('-').map(Number) as [number, number]
  const months = (year - firstYear) * 12 + at - firstAt
  if (months < 0) return null
  return steps[Math.min(Math.floor(months / 12), steps.length - 1)] ?? null
}

/** Within this share of the target a value is near it. */
const nearWithin = 0.1

/** How a value stands to what was to be reached. */
export function judge(
  value: number | null,
  wanted: number | null,
  bound: Target['bound'],
): 'met' | 'near' | 'missed' | 'none' {
  if (value === null || wanted === null) return 'none'
  const isMet = {
    at_least: value >= wanted,
    more_than: value > wanted,
    at_most: value <= wanted,
    less_than: value < wanted,
  }[bound]
  if (isMet) return 'met'
  return Math.abs(value - wanted) <= Math.abs(wanted) * nearWithin ? 'near' : 'missed'
}
