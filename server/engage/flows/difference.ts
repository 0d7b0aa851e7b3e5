import type { Interval } from '../../platform/learning/measures.ts'

/** How many of how many. */
interface Cases {
  hits: number
  of: number
}

/**
 * The difference of two shares with its 95 % interval by Newcombe's method 10, from the Wilson intervals of both.
 * @returns null where one of them has no cases
 */
export function differenceOf(treated: Interval | null, held: Interval | null): Interval | null {
  if (!treated || !held) return null
  const value = treated.value - held.value
  return {
    value,
    low: value - Math.hypot(treated.value - treated.low, held.high - held.value),
    high: value + Math.hypot(treated.high - treated.value, held.value - held.low),
  }
}

/** Of the normal distribution: two-sided 5 %, and a power of 80 %. */
const [significance, power] = [1.959964, 0.841621]

/** Cases needed in each arm to see a difference like this with a power of 80 %; null where there is none. */
export function neededFor(treated: Cases, held: Cases): number | null {
  if (treated.of === 0 || held.of === 0) return null
  const [one, other] = [treated.hits / treated.of, held.hits / held.of]
  if (one === other) return null
  const mean = (one + other) / 2
  const spread =
    significance * Math.sqrt(2 * mean * (1 - mean)) + power * Math.sqrt(one * (1 - one) + other * (1 - other))
  return Math.ceil(spread ** 2 / (one - other) ** 2)
}
