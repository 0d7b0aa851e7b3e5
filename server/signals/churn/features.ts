import type { Words } from '../../platform/errors/words.ts'

/** What of a customer is no number: the model takes it as it is, without an order. */
export const categories: readonly { name: string; words: Words }[] = [
  { name: 'customer.plan', words: { ja: 'プラン', en: 'Plan' } },
  { name: 'customer.industry', words: { ja: '業種', en: 'Industry' } },
  { name: 'customer.region', words: { ja: '地域', en: 'Region' } },
  { name: 'customer.language', words: { ja: '言語', en: 'Language' } },
]

/** Metrics that say whether a customer left, and not why: no model learns from them. */
const never = new Set(['customer.churned', 'contracts.active'])

/** A metric as far as it decides whether a model may learn from it. */
interface Candidate {
  key: string
  unit: string
  /** It, or one that it is made of, is only known as it is now. */
  undated: boolean
}

/**
 * The metrics that a model learns from: all of the catalogue, the company's own included, but those that are only known
 * as they are now (a past day does not know them), dates, and those that tell of the churn itself.
 */
export function featureKeys(metrics: Iterable<Candidate>): string[] {
  return [...metrics].flatMap(({ key, unit, undated }) => (undated || unit === 'date' || never.has(key) ? [] : [key]))
}
