import type { Comparison } from '../../../server/catalog/conditions/contract.ts'

/** What narrows and orders the contacts, as it stands in the address. */
export interface ContactsSearch {
  filter?: readonly Comparison[]
  search?: string
  sort?: string
  order?: 'asc' | 'desc'
}

const textOf = (value: unknown) => (typeof value === 'string' || typeof value === 'number' ? String(value) : undefined)
const isCondition = (value: unknown): value is Comparison =>
  typeof value === 'object' && value !== null && 'field' in value && 'op' in value

/** What stands in an address; whatever is none of it is left out. */
export function contactsSearchOf(search: Record<string, unknown>): ContactsSearch {
  const found: ContactsSearch = {
    filter: Array.isArray(search.filter) ? search.filter.filter(isCondition) : undefined,
    search: textOf(search.search),
    sort: textOf(search.sort),
    order: (['asc', 'desc'] as const).find(each => each === search.order),
  }
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined))
}
