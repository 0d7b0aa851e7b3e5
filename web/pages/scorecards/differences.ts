import type { ScorecardDefinition } from '../../../server/signals/scorecards/contract/definition.ts'
import { nameOf } from '../../i18n/name-of.ts'
import { useFormat, useLocale, useText } from '../../i18n/provider.tsx'
import { isAlike } from './draft.ts'

/** Says in words how one version differs from the one before it. */
export function useDifferences(): (before: ScorecardDefinition, after: ScorecardDefinition) => string[] {
  const t = useText()
  const format = useFormat()
  const { locale } = useLocale()
  return (before, after) => {
    const words: string[] = []
    for (const factor of after.factors) {
      const was = before.factors.find(each => each.key === factor.key)
      const name = nameOf(factor, locale)
      if (!was) words.push(t('scorecards.difference.added', { name }))
      else if (was.weight !== factor.weight)
        words.push(
          t('scorecards.difference.weight', {
            name,
            from: format.number(was.weight),
            to: format.number(factor.weight),
          }),
        )
      else if (!isAlike(was, factor)) words.push(t('scorecards.difference.changed', { name }))
    }
    for (const factor of before.factors)
      if (!after.factors.some(each => each.key === factor.key))
        words.push(t('scorecards.difference.removed', { name: nameOf(factor, locale) }))
    if (!isAlike(before.bands, after.bands)) words.push(t('scorecards.difference.bands'))
    if (!isAlike(before.groups, after.groups)) words.push(t('scorecards.difference.groups'))
    if (!isAlike(before.exceptions, after.exceptions)) words.push(t('scorecards.difference.exceptions'))
    if (before.missing !== after.missing) words.push(t('scorecards.difference.missing'))
    return words.length > 0 ? words : [t('scorecards.difference.none')]
  }
}
