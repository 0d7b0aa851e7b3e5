import type { Customer } from '../../../server/customers/accounts/contract/customers.ts'
import { useText } from '../../i18n/provider.tsx'
import { Badge } from '../../kit/badge.tsx'

const tones = { ACTIVE: 'plain', ONBOARDING: 'accent', AT_RISK: 'orange', CHURNED: 'red', PAUSED: 'yellow' } as const

/** The status of a customer as a word in its tone. */
export function StatusBadge({ status }: { status: Customer['status'] }) {
  const t = useText()
  return <Badge tone={tones[status]}>{t(`record.status.${status}`)}</Badge>
}
