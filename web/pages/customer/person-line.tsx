import { Link } from '@tanstack/react-router'
import type { Contact } from '../../../server/customers/contacts/contract.ts'
import { useText } from '../../i18n/provider.tsx'
import { Avatar, Badge } from '../../kit/badge.tsx'

const tones = { POSITIVE: 'green', NEUTRAL: 'plain', NEGATIVE: 'red' } as const

/** A person at a customer: who, what for us, how they feel; struck through where they have left. */
export function PersonLine({ contact }: { contact: Contact }) {
  const t = useText()
  const about = [contact.title, contact.stakeholderRole && t(`record.stakeholder.${contact.stakeholderRole}`)]
  return (
    <li>
      <Avatar name={contact.name} size="large" />
      <span className="u-grow">
        <Link
          to="/contacts/$id"
          params={{ id: contact.id }}
          className={contact.leftOn ? 'r-name r-gone' : 'r-name'}
          title={contact.email ?? undefined}
        >
          {contact.name}
        </Link>
        <br />
        <span className="text-12 text-t3">{about.filter(Boolean).join(' · ')}</span>
      </span>
      {contact.leftOn ? (
        <Badge tone="red">{t('customer.left')}</Badge>
      ) : (
        contact.sentiment && <Badge tone={tones[contact.sentiment]}>{t(`record.sentiment.${contact.sentiment}`)}</Badge>
      )}
    </li>
  )
}
