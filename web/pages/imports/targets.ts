import type { Assignment, ImportKind, Inspection, Mapping } from '../../../server/collect/imports/contract/shapes.ts'
import type { Attribute } from '../../features/record/attributes.ts'
import type { Locale } from '../../i18n/locale.ts'
import type { Text } from '../../i18n/text.ts'
import type { Option } from '../../kit/search-select.tsx'
import { folded } from './draft.ts'

export type Target = Inspection['targets'][number]
export type InspectedColumn = Inspection['columns'][number]

/** Stands for "make an attribute of it" in the picker. */
export const newAttribute = 'attribute:'

/** By what records are told apart or find whom they belong to. */
const identifying = /ExternalId$|^externalId$|^name$|^domain$|^website$|^email$|^customer|^contact(Ext|Email)|^number$/

function groupOf({ name, type }: Target): 'key' | 'revenue' | 'date' | 'basic' {
  if (identifying.test(name)) return 'key'
  if (type === 'money' || type === 'currency' || name === 'interval' || name === 'licenceCount') return 'revenue'
  return type === 'date' || type === 'moment' ? 'date' : 'basic'
}
const groups = ['key', 'basic', 'revenue', 'date'] as const

/** The record that gets attributes of an import's columns. */
export function recordOf(kind: ImportKind): 'customer' | 'contact' | undefined {
  return kind === 'customers' ? 'customer' : kind === 'contacts' ? 'contact' : undefined
}

/** What a column can go to: fields by group, the company's own attributes, a new attribute, nothing. */
export function targetOptions(
  kind: ImportKind,
  targets: readonly Target[],
  attributes: readonly Attribute[],
  locale: Locale,
  t: Text,
): Option[] {
  const fields = groups.flatMap(group =>
    targets
      .filter(target => groupOf(target) === group)
      .map(target => ({
        value: target.name,
        label: target.label[locale],
        hint: t(`imports.group.${group}`),
        keywords: [target.label.ja, target.label.en],
      })),
  )
  const own = attributes.map(({ key, label }) => ({
    value: `${newAttribute}${key}`,
    label,
    hint: t('imports.group.own'),
  }))
  const fresh = recordOf(kind) ? [{ value: newAttribute, label: t('imports.newAttribute') }] : []
  return [{ value: '', label: t('imports.leaveOut') }, ...fields, ...own, ...fresh]
}

/** The assignments of a column. */
export function assignmentsOf(mapping: Mapping, column: string): Assignment[] {
  return mapping.assignments.filter(each => folded(each.column) === folded(column))
}

/**
 * The mapping with a column going elsewhere; a field that another column went to is taken from it.
 * @param before the assignment to replace; undefined for one more
 * @param target name of a field, `attribute:` for a new one, '' for none
 */
export function assigned(
  mapping: Mapping,
  column: InspectedColumn,
  before: Assignment | undefined,
  target: string,
): Mapping {
  const next: Assignment = { column: column.name, target, reading: 'value' }
  if (target === newAttribute) {
    next.target = `${newAttribute}${keyOf(column.name, new Set(mapping.assignments.map(each => each.target)))}`
    next.attribute = { label: column.name.slice(0, 80), type: column.type, options: optionsOf(column, column.type) }
  }
  const added = target === '' ? [] : [next]
  const others = mapping.assignments.filter(each => each === before || each.target !== next.target)
  const assignments = before ? others.flatMap(each => (each === before ? added : [each])) : [...others, ...added]
  return { ...mapping, assignments }
}

/** The choices of a new attribute: what stands in the column, where that is few. */
export function optionsOf({ values, samples }: InspectedColumn, type: InspectedColumn['type']): string[] {
  if (type !== 'one_of' && type !== 'many_of') return []
  const words = values ?? samples
  const parts = type === 'many_of' ? words.flatMap(word => word.split(/[,、;|]/)) : words
  return [...new Set(parts.map(word => word.trim()).filter(word => word !== ''))]
}

/** A key for an attribute made of a header; one without Latin letters gets a number. */
function keyOf(header: string, taken: ReadonlySet<string>): string {
  const latin = header
    .normalize('NFKD')
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[^a-z]+|_+$/g, '')
    .slice(0, 56)
  const base = latin.length >= 2 ? latin : 'field'
  for (let number = 1; ; number++) {
    const key = number === 1 && base !== 'field' ? base : `${base}_${number}`
    if (!taken.has(`${newAttribute}${key}`)) return key
  }
}
