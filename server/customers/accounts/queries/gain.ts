import { sql } from 'kysely'
import type { DerivedMetric } from '../../../platform/context/vocabulary.ts'

/** A metric of what a figure is above the one before it, in the unit of both. */
export function gain(
  key: string,
  unit: DerivedMetric['unit'],
  direction: DerivedMetric['direction'],
  window: number,
  [now, before]: readonly [string, string],
  words: DerivedMetric['words'],
): DerivedMetric {
  return {
    key,
    unit,
    direction,
    window,
    words,
    definition: {
      ja: '今の期間の値から、その前の期間の値を引いた差です。',
      en: 'The figure of the period less that of the period before it.',
    },
    formula: `${now} − ${before}`,
    of: [now, before],
    value: metric => sql`${metric(now)} - ${metric(before)}`,
  }
}
