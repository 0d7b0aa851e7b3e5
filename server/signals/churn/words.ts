import type { MetricUnit } from '../../platform/context/vocabulary.ts'
import type { Words } from '../../platform/errors/words.ts'

/** A figure as it is read: with its unit, whole where it is large. */
function figureWords(value: number, unit: MetricUnit | null, currency: string): Words {
  const number = (locale: string, digits: number) => value.toLocaleString(locale, { maximumFractionDigits: digits })
  const digits = Math.abs(value) >= 100 ? 0 : 1
  const [ja, en] = [number('ja-JP', digits), number('en-US', digits)]
  switch (unit) {
    case 'percent':
      return { ja: `${ja}%`, en: `${en}%` }
    case 'days':
      return { ja: `${ja}日`, en: `${en} ${value === 1 ? 'day' : 'days'}` }
    case 'hours':
      return { ja: `${ja}時間`, en: `${en} ${value === 1 ? 'hour' : 'hours'}` }
    case 'points':
      return { ja: `${ja}点`, en: `${en} points` }
    case 'money': {
      const money = (locale: string) =>
        value.toLocaleString(locale, { style: 'currency', currency, maximumFractionDigits: 0 })
      return { ja: money('ja-JP'), en: money('en-US') }
    }
    case 'ratio':
      return { ja: number('ja-JP', 2), en: number('en-US', 2) }
    default:
      return { ja, en }
  }
}

interface Told {
  name: Words
  unit: MetricUnit | null
  currency: string
  value: number | string | null
  before: number | null
  /** What is better of it. */
  direction: 'up' | 'down' | 'neither'
  /** Whether it raises the chance of leaving. */
  raises: boolean
}

/**
 * A factor in a sentence with its values; how it moved, where it is known how it was and the move speaks for what it does:
 * use that rose and still raises the chance does so by its level.
 */
export function factorWords({ name, unit, currency, value, before, direction, raises }: Told): Words {
  if (value === null) return { ja: `${name.ja}: データなし`, en: `${name.en}: no data` }
  if (typeof value === 'string') return { ja: `${name.ja}: ${value}`, en: `${name.en}: ${value}` }
  const now = figureWords(value, unit, currency)
  const better = before !== null && direction !== 'neither' && value > before === (direction === 'up')
  if (before === null || (direction !== 'neither' && better === raises))
    return { ja: `${name.ja}: ${now.ja}`, en: `${name.en}: ${now.en}` }
  const then = figureWords(before, unit, currency)
  // As it reads: what is rounded to the same figure did not move.
  if (then.en === now.en) return { ja: `${name.ja}: ${now.ja}`, en: `${name.en}: ${now.en}` }
  const [rose, fell] = isRate(unit) ? ['上がりました', '下がりました'] : ['増えました', '減りました']
  return value > before
    ? { ja: `${name.ja}が${then.ja}から${now.ja}に${rose}`, en: `${name.en} rose from ${then.en} to ${now.en}` }
    : { ja: `${name.ja}が${then.ja}から${now.ja}に${fell}`, en: `${name.en} fell from ${then.en} to ${now.en}` }
}

/** A share or a mark goes up, a number of things grows. */
function isRate(unit: MetricUnit | null): boolean {
  return unit === 'percent' || unit === 'points' || unit === 'ratio'
}
