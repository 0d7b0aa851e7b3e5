import type { Customer } from '../../../server/customers/accounts/contract/customers.ts'
import { Timeline } from '../../features/record/timeline.tsx'

/** One timeline for everything, with the place to write. */
export function TimelineTab({ customer }: { customer: Customer }) {
  return <Timeline customerId={customer.id} />
}
