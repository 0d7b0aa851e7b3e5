import type { Comparison } from '../../../server/catalog/conditions/contract.ts'

/** The address of the table: the view it began with, and what was changed since. */
export interface CustomersSearch {
  view?: string
  filter?: readonly Comparison[]
  search?: string
  mine?: 'own' | 'team' | 'any'
  sort?: string
  order?: 'asc' | 'desc'
  columns?: readonly string[]
}

/** Whether something has the form of a condition; what it asks is the server's to judge. */
export function isCondition(value: unknown): value is Comparison {
  return typeof value === 'object' && value !== null && 'field' in value && 'op' in value
}

const textOf = (value: unknown) => (typeof value === 'string' || typeof value === 'number' ? String(value) : undefined)
const textsOf = (value: unknown) => (Array.isArray(value) ? value.filter(each => typeof each === 'string') : undefined)

/** What stands in an address; whatever is none of it is left out. Small, since every page loads it. */
export function customersSearchOf(search: Record<string, unknown>): CustomersSearch {
  const found: CustomersSearch = {
    view: textOf(search.view),
    filter: Array.isArray(search.filter) ? search.filter.filter(isCondition) : undefined,
    search: textOf(search.search),
    mine: (['own', 'team', 'any'] as const).find(each => each === search.mine),
    sort: textOf(search.sort),
    order: (['asc', 'desc'] as const).find(each => each === search.order),
    columns: textsOf(search.columns),
  }
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined))
}
