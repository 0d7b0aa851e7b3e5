import { listAttributes } from '../../../server/customers/attributes/contract/attributes.ts'
import type { RouteReply } from '../../../server/platform/http/contract.ts'
import { useRoute } from '../../api/hooks.ts'
import type { Format } from '../../i18n/format.ts'
import type { Text } from '../../i18n/text.ts'

export type Attribute = RouteReply<typeof listAttributes>['items'][number]

const none: readonly Attribute[] = []

/** The company's own fields of customers or contacts. */
export function useAttributes(record: 'customer' | 'contact'): readonly Attribute[] {
  return useRoute(listAttributes, { query: { record } }).data?.items ?? none
}

/** A value of a company's own field in words; '' where there is none. */
export function attributeText(attribute: Attribute, value: unknown, t: Text, format: Format): string {
  if (value === null || value === undefined || value === '') return ''
  if (Array.isArray(value)) return value.join(t('record.comma'))
  if (typeof value === 'boolean') return t(value ? 'record.yes' : 'record.no')
  if (typeof value === 'number') return format.number(value)
  if (attribute.type === 'date') return format.day(String(value))
  return String(value)
}
