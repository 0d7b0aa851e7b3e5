import type { MetricUnit } from '../../platform/context/vocabulary.ts'
import type { Words } from '../../platform/errors/words.ts'
import type { ScorecardDefinition } from './contract/definition.ts'
import { contributions } from './score.ts'

/** What was known of a customer on a day. */
export interface State {
  scores: readonly (number | null)[]
  inputs: readonly (number | null)[]
}

export interface Cause {
  key: string
  /** Points of the score. */
  change: number
  words: Words
}

/** Changes of less than this many points are no cause. */
const smallest = 0.05

/**
 * What moved a score from one day to another, by factor, the strongest first: the differences of what each factor adds,
 * in words with its values.
 * @param unitOf the unit of a factor's value, by its place
 */
export function causesOf(
  definition: ScorecardDefinition,
  before: State,
  after: State,
  unitOf: (place: number) => MetricUnit | undefined,
): Cause[] {
  const [was, is] = [contributions(definition, before.scores), contributions(definition, after.scores)]
  return definition.factors
    .map((factor, place) => {
      const change = is[place]! - was[place]!
      const value = (state: State, locale: 'ja' | 'en') => valueText(state.inputs[place] ?? null, unitOf(place), locale)
      const points = signed(change)
      if (before.inputs[place] === after.inputs[place] && before.scores[place] === after.scores[place]) {
        // Nothing of its own changed: it counts more or less because others became known or unknown.
        return {
          key: factor.key,
          change: Math.round(change * 10) / 10,
          words: {
            ja: `${factor.nameJa} 比重の変化（${points}点）`,
            en: `${factor.nameEn} counts ${change < 0 ? 'less' : 'more'} (${points})`,
          },
        }
      }
      return {
        key: factor.key,
        change: Math.round(change * 10) / 10,
        words: {
          ja: `${factor.nameJa} ${value(before, 'ja')} → ${value(after, 'ja')}（${points}点）`,
          en: `${factor.nameEn} ${value(before, 'en')} → ${value(after, 'en')} (${points})`,
        },
      }
    })
    .filter(({ change }) => Math.abs(change) >= smallest)
    .sort((one, other) => Math.abs(other.change) - Math.abs(one.change))
}

function signed(change: number): string {
  const text = (Math.round(Math.abs(change) * 10) / 10).toFixed(1).replace(/[.]0$/, '')
  return `${change < 0 ? '−' : '+'}${text}`
}

const units: Partial<Record<MetricUnit, Words>> = {
  percent: { ja: '%', en: '%' },
  days: { ja: '日', en: ' days' },
  hours: { ja: '時間', en: ' h' },
}

function valueText(value: number | null, unit: MetricUnit | undefined, locale: 'ja' | 'en'): string {
  if (value === null) return locale === 'ja' ? '不明' : 'unknown'
  const rounded = Math.abs(value) >= 100 ? Math.round(value) : Math.round(value * 10) / 10
  return `${rounded.toLocaleString(locale === 'ja' ? 'ja-JP' : 'en-US').replace('-', '−')}${(unit && units[unit]?.[locale]) ?? ''}`
}
