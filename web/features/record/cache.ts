import type { InfiniteData } from '@tanstack/react-query'
import { type Customer, getCustomer, listCustomers } from '../../../server/customers/accounts/contract/customers.ts'
import { invalidate, queries } from '../../api/hooks.ts'

/** Paths whose answers a change of customers makes stale, besides the list itself. */
export const staleFigures = ['/api/v1/customers', '/api/v1/tags', '/api/v1/tiers', '/api/v1/attributes']

/** Loaded pages up to which a list is fetched again where it stands; a longer one begins anew. */
const fewPages = 4

type Pages = InfiniteData<{ items: Customer[]; next: string | null }>

function isPages(data: unknown): data is Pages {
  return typeof data === 'object' && data !== null && 'pages' in data
}

/** Shows a change at once wherever the customer is on screen, before the server has answered. */
export function patchCustomer(id: string, patch: Partial<Customer>): void {
  const change = (row: Customer) => (row.id === id ? { ...row, ...patch } : row)
  queries.setQueriesData<unknown>({ predicate: query => query.queryKey[0] === listCustomers.path }, (data: unknown) =>
    isPages(data) ? { ...data, pages: data.pages.map(page => ({ ...page, items: page.items.map(change) })) } : data,
  )
  queries.setQueriesData<unknown>({ predicate: query => query.queryKey[0] === getCustomer.path }, (data: unknown) =>
    typeof data === 'object' && data !== null && 'id' in data && data.id === id ? { ...data, ...patch } : data,
  )
}

/** Fetches what is on screen about customers again: after a change of many. */
export async function refreshCustomers(): Promise<void> {
  for (const query of queries.getQueryCache().findAll({ predicate: each => each.queryKey[0] === listCustomers.path })) {
    const isLong = isPages(query.state.data) && query.state.data.pages.length > fewPages
    if (isLong) await queries.resetQueries({ queryKey: query.queryKey, exact: true })
  }
  await Promise.all(['/api/v1/customer-success/customers', ...staleFigures].map(invalidate))
}
