import type { Customer } from '../../../server/customers/accounts/contract/customers.ts'
import { TicketTable } from '../../features/record/ticket-table.tsx'

/** Support cases of the customer. */
export function TicketsTab({ customer }: { customer: Customer }) {
  return <TicketTable of={{ customerId: customer.id }} />
}
