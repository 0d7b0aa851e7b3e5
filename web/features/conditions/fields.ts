import { useMemo } from 'react'
import { type Comparison, type FilterKind, operators } from '../../../server/catalog/conditions/contract.ts'
import { readVocabulary } from '../../../server/customers/conditions/contract.ts'
import { useRoute } from '../../api/hooks.ts'
import { useLocale, useText } from '../../i18n/provider.tsx'

interface Choice {
  value: string
  label: string
}

const suggested = ['industry', 'plan', 'segment', 'region', 'language', 'currency'] as const
export type SuggestedField = (typeof suggested)[number]

const groupNames = [
  'customer',
  'contact',
  'contracts',
  'health',
  'usage',
  'tickets',
  'billing',
  'surveys',
  'communications',
  'contacts',
  'success',
  'segments',
  'attributes',
  'own',
] as const

/** A field by which a list can be narrowed. */
export interface FilterField {
  id: string
  label: string
  kind: FilterKind
  /** What a number is of: percent, days, money. */
  unit: string | null
  /** Heading in choosers. */
  group: string
  /** The values there are; without them values are typed, or suggested by the server. */
  choices?: readonly Choice[]
  suggest?: SuggestedField
}

/** All fields of a record's list: the product's, the company's own, metrics and segments. */
export function useFilterFields(record: 'customer' | 'contact'): readonly FilterField[] {
  const t = useText()
  const { locale } = useLocale()
  const fields = useRoute(readVocabulary, { query: { record } }).data?.fields
  return useMemo(
    () =>
      (fields ?? []).map(
        ({ id, kind, unit, group, words, choices }): FilterField => ({
          id,
          kind,
          unit,
          group: t(`conditions.groupName.${groupNames.find(each => each === group) ?? 'own'}`),
          label: words[locale],
          choices: choices?.map(choice => ({ value: choice.value, label: choice.words[locale] })),
          suggest: record === 'customer' ? suggested.find(field => field === id) : undefined,
        }),
      ),
    [fields, locale, record, t],
  )
}

const noEvents: never[] = []

/** Names of events of the last 90 days, the commonest first. */
export function useEvents(record: 'customer' | 'contact'): readonly { name: string; count: number }[] {
  return useRoute(readVocabulary, { query: { record } }).data?.events ?? noEvents
}

/** A condition to begin with: the commonest comparison of the kind, with no value yet. */
export function newCondition(field: FilterField): Comparison {
  const [op] = operators[field.kind]
  if (field.kind === 'one_of' || field.kind === 'many_of') return { field: field.id, op, value: [] }
  if (field.kind === 'boolean') return { field: field.id, op, value: true }
  if (field.kind === 'date') return { field: field.id, op: 'within_next_days', value: 90 }
  return { field: field.id, op }
}

/** Whether a condition says enough to be asked for. */
export function isWhole({ op, value }: Comparison): boolean {
  if (op === 'is_set' || op === 'is_empty') return true
  if (Array.isArray(value)) return value.length > 0
  return value !== undefined && value !== ''
}
