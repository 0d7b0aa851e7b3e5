import { Link } from '@tanstack/react-router'
import type { Customer } from '../../../server/customers/accounts/contract/customers.ts'
import { listContacts } from '../../../server/customers/contacts/contract.ts'
import { getTimeline } from '../../../server/customers/timeline/contract.ts'
import { useRoute } from '../../api/hooks.ts'
import { TimelineTitle } from '../../features/record/timeline-title.tsx'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { SkeletonText } from '../../kit/skeleton.tsx'

const shown = 3

/** What one wants to know before opening a customer: what happened last, who is there, how to reach it. */
export function RowDetail({ customer }: { customer: Customer }) {
  const t = useText()
  const format = useFormat()
  const timeline = useRoute(getTimeline, { params: { id: customer.id }, query: { limit: shown } })
  const contacts = useRoute(listContacts, { query: { customerId: customer.id, limit: shown } })
  return (
    <div className="c-detail">
      <div>
        <h3>{t('customers.detail.timeline')}</h3>
        {!timeline.data && <SkeletonText width={240} />}
        <ul>
          {timeline.data?.items.map(entry => (
            <li key={entry.id}>
              <span className="text-t3">{format.shortDay(entry.at)}</span> <TimelineTitle entry={entry} />
            </li>
          ))}
        </ul>
        {timeline.data?.items.length === 0 && <p className="text-t3">{t('customers.detail.noTimeline')}</p>}
      </div>
      <div>
        <h3>{t('customers.detail.contacts')}</h3>
        {!contacts.data && <SkeletonText width={160} />}
        <ul>
          {contacts.data?.items.map(contact => (
            <li key={contact.id}>
              <Link to="/contacts/$id" params={{ id: contact.id }} className="k-link">
                {contact.name}
              </Link>{' '}
              <span className="text-t3">
                {[contact.title, contact.stakeholderRole && t(`record.stakeholder.${contact.stakeholderRole}`)]
                  .filter(Boolean)
                  .join(' · ')}
              </span>
            </li>
          ))}
        </ul>
        {contacts.data?.items.length === 0 && <p className="text-t3">{t('customers.detail.noContacts')}</p>}
      </div>
      <div>
        <h3>{t('customers.detail.contract')}</h3>
        <p>
          {customer.renewalOn
            ? t('customers.detail.renewal', { day: format.day(customer.renewalOn) })
            : t('customers.detail.noRenewal')}
        </p>
        {customer.licenceCount !== null && <p>{t('customers.detail.licences', { count: customer.licenceCount })}</p>}
        {customer.lastSeenAt && <p>{t('customers.detail.seen', { when: format.relative(customer.lastSeenAt) })}</p>}
      </div>
      <span className="flex gap-3">
        <Link
          to="/customers/$id"
          params={{ id: customer.id }}
          search={{ tab: 'timeline' }}
          className="k-button"
          data-size="small"
        >
          {t('customers.detail.log')}
        </Link>
        <Link to="/customers/$id" params={{ id: customer.id }} className="k-button" data-size="small">
          {t('customers.detail.open')}
        </Link>
      </span>
    </div>
  )
}
