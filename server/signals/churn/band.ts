import type { ChurnBand, ChurnLevel } from './contract/settings.ts'

/** The band of a score of 0 to 100: the first whose lower end it reaches, from the highest down. */
export function bandOf(bands: readonly ChurnBand[], score: number): ChurnBand {
  return bands.find(band => score >= band.from) ?? bands.at(-1)!
}

/** The risk level of the API of record (source 003). */
export const recordLevels: Readonly<Record<ChurnLevel, 'CRITICAL' | 'HIGH' | 'MEDIUM' | 'LOW'>> = {
  critical: 'CRITICAL',
  high: 'HIGH',
  medium: 'MEDIUM',
  low: 'LOW',
}

/** How sure a chance is, by the interval in which the parts of a model see it: both ends 0 to 1. */
export function confidenceOf(low: number, high: number): 'high' | 'medium' | 'low' {
  const width = high - low
  return width <= 0.1 ? 'high' : width <= 0.25 ? 'medium' : 'low'
}
