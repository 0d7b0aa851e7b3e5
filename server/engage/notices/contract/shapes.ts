import { z } from 'zod'

/** From the least to the most urgent. */
export const severities = ['low', 'medium', 'high', 'critical'] as const
export type Severity = (typeof severities)[number]

/** What notices are about: by it people and channels choose what they want to be told. */
export const topics = [
  'risk',
  'renewal',
  'feedback',
  'opportunity',
  'billing',
  'onboarding',
  'company',
  'leads',
  'handling',
] as const
export type Topic = (typeof topics)[number]

export const severity = z.enum(severities)
export const topic = z.enum(topics)

export const words = z.object({ ja: z.string(), en: z.string() })

/** Whether something is at least as urgent as a limit. */
export function isAtLeast(given: Severity, limit: Severity): boolean {
  return severities.indexOf(given) >= severities.indexOf(limit)
}
