import { listCustomers } from '../../server/customers/accounts/contract/customers.ts'
import { listContacts } from '../../server/customers/contacts/contract.ts'
import { call } from '../api/client.ts'
import type { Command } from '../kit/commands.ts'

interface Words {
  customers: string
  contacts: string
}

const shown = 6

/** Customers and people whose name, domain or address has a text in it, as lines of the command palette. */
export async function findRecords(
  search: string,
  words: Words,
  open: (to: '/customers/$id' | '/contacts/$id', id: string) => void,
): Promise<Command[]> {
  const [customers, contacts] = await Promise.all([
    call(listCustomers, { query: { search, limit: shown } }),
    call(listContacts, { query: { search, limit: shown } }),
  ])
  return [
    ...customers.items.map(({ id, name }) => ({
      id: `customer ${id}`,
      group: words.customers,
      label: name,
      icon: 'company' as const,
      run: () => open('/customers/$id', id),
    })),
    ...contacts.items.map(({ id, name, customerName }) => ({
      id: `contact ${id}`,
      group: words.contacts,
      label: customerName ? `${name} · ${customerName}` : name,
      icon: 'user' as const,
      run: () => open('/contacts/$id', id),
    })),
  ]
}
