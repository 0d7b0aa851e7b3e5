import type { Customer } from '../../../server/customers/accounts/contract/customers.ts'
import { CustomerHealth } from '../../features/record/health.tsx'
import { Owner } from '../../features/record/owner.tsx'
import { DaysLeft } from '../../features/record/renewal.tsx'
import { StatusBadge } from '../../features/record/status-badge.tsx'
import { useTiers } from '../../features/record/tiers.ts'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { Badge } from '../../kit/badge.tsx'
import { Facts } from '../../kit/layout.tsx'

/** Name, state and the few figures by which a customer is judged at a glance. */
export function CustomerHead({ customer }: { customer: Customer }) {
  const t = useText()
  const format = useFormat()
  const tier = useTiers().find(each => each.key === customer.tierKey)?.name
  const none = <span className="text-t3">–</span>
  return (
    <div className="u-head">
      <div className="u-title">
        <strong>{customer.name}</strong>
        <StatusBadge status={customer.status} />
        {tier && (
          <span title={t(customer.tierPinned ? 'customer.tierPinned' : 'customer.tierByRule')}>
            <Badge tone="line" icon={customer.tierPinned ? 'lock' : undefined}>
              {tier}
            </Badge>
          </span>
        )}
        {customer.tags.map(tag => (
          <Badge key={tag}>{tag}</Badge>
        ))}
      </div>
      <Facts
        facts={[
          {
            label: t('record.field.healthLevel'),
            value: <CustomerHealth customer={customer} />,
            small: customer.healthScoredAt && format.relative(customer.healthScoredAt),
          },
          {
            label: t('record.field.churnScore'),
            value: customer.churnScore === null ? none : format.number(customer.churnScore, 0),
            small: customer.churnRisk
              ? t(`record.risk.${customer.churnRisk}`)
              : customer.churnScore === null && t('customer.notScored'),
          },
          {
            label: t('record.field.arr'),
            value: customer.arr > 0 ? format.money(customer.arr, customer.currency) : none,
          },
          {
            label: t('record.field.renewalOn'),
            value: customer.renewalOn ? format.day(customer.renewalOn) : none,
            small: customer.renewalOn && <DaysLeft day={customer.renewalOn} spoken />,
          },
          {
            label: t('record.field.licenceCount'),
            value: customer.licenceCount === null ? none : format.number(customer.licenceCount),
          },
          {
            label: t('record.field.ownerId'),
            value: (
              <span className="text-13">
                <Owner name={customer.ownerName} />
              </span>
            ),
          },
        ]}
      />
    </div>
  )
}
