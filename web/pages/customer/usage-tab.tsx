import { customerUsage } from '../../../server/collect/ingest/contract/usage.ts'
import type { Customer } from '../../../server/customers/accounts/contract/customers.ts'
import { useRoute, wordsOf } from '../../api/hooks.ts'
import { UsageView } from '../../features/record/usage.tsx'
import { useText } from '../../i18n/provider.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { SkeletonRows } from '../../kit/skeleton.tsx'

/** How the customer uses the product. */
export function UsageTab({ customer }: { customer: Customer }) {
  const t = useText()
  const usage = useRoute(customerUsage, { params: { id: customer.id }, query: { days: 30 } })
  if (usage.error) return <EmptyState title={t('record.usage.failed')} text={wordsOf(usage.error, t)} />
  if (!usage.data) return <SkeletonRows rows={6} />
  return <UsageView usage={usage.data} licences={customer.licenceCount} />
}
