import { useMemo } from 'react'
import { readVocabulary } from '../../../server/customers/conditions/contract.ts'
import { listMetrics } from '../../../server/signals/metrics/contract.ts'
import type { Factor } from '../../../server/signals/scorecards/contract/definition.ts'
import { useRoute } from '../../api/hooks.ts'
import { useLocale, useText } from '../../i18n/provider.tsx'
import type { Option } from '../../kit/search-select.tsx'

/** The metrics of the company as choices: name, with its key as the hint. */
export function useMetricOptions(): readonly Option[] {
  const { locale } = useLocale()
  const items = useRoute(listMetrics).data?.items
  return useMemo(
    () =>
      (items ?? []).map(metric => ({
        value: metric.key,
        label: metric.words[locale],
        hint: metric.key,
        keywords: [metric.words.ja, metric.words.en, metric.definition[locale]],
      })),
    [items, locale],
  )
}

const scored = ['number', 'boolean', 'one_of'] as const

/** Fields and attributes of customers that can be scored, as choices. */
export function useFieldOptions() {
  const { locale } = useLocale()
  const fields = useRoute(readVocabulary, { query: { record: 'customer' } }).data?.fields
  return useMemo(
    () =>
      (fields ?? [])
        .filter(field => !field.id.startsWith('metrics.') && scored.some(kind => kind === field.kind))
        .map(field => ({
          value: field.id,
          label: field.words[locale],
          hint: field.id,
          kind: field.kind,
          choices: (field.choices ?? []).map(choice => ({ value: choice.value, label: choice.words[locale] })),
        })),
    [fields, locale],
  )
}

/** Says in words what a factor looks at. */
export function useSourceName(): (input: Factor['input']) => string {
  const t = useText()
  const metrics = useMetricOptions()
  const fields = useFieldOptions()
  return input => {
    if ('metric' in input) {
      const name = metrics.find(option => option.value === input.metric)?.label ?? input.metric
      return input.expected ? t('scorecards.source.ofExpected', { name }) : name
    }
    if ('manual' in input) return t('scorecards.source.manualName')
    return fields.find(option => option.value === input.field)?.label ?? input.field
  }
}
