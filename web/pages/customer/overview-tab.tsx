import { Link } from '@tanstack/react-router'
import { getHierarchy } from '../../../server/customers/accounts/contract/around.ts'
import type { Customer } from '../../../server/customers/accounts/contract/customers.ts'
import { listContacts } from '../../../server/customers/contacts/contract.ts'
import { getTimeline } from '../../../server/customers/timeline/contract.ts'
import { listHealthScores } from '../../../server/signals/health/contract.ts'
import { useRoute } from '../../api/hooks.ts'
import { useMay } from '../../api/session.tsx'
import { attributeText, useAttributes } from '../../features/record/attributes.ts'
import { Composer } from '../../features/record/composer.tsx'
import { CustomerHealth } from '../../features/record/health.tsx'
import { EntryLine } from '../../features/record/timeline.tsx'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { Columns, Pairs, Section } from '../../kit/layout.tsx'
import { SkeletonRows } from '../../kit/skeleton.tsx'
import { PersonLine } from './person-line.tsx'
import { RiskSignals } from './signals.tsx'

interface TabProps {
  customer: Customer
}

/** What one needs before a call: what happened, who is there, the facts, the family. */
export function OverviewTab({ customer }: TabProps) {
  return (
    <Columns
      main={
        <>
          <RiskSignals customer={customer} />
          <Recent customer={customer} />
          <OwnFacts customer={customer} />
        </>
      }
      rail={
        <>
          <People customer={customer} />
          <Scores customer={customer} />
          <Family customer={customer} />
        </>
      }
    />
  )
}

function Recent({ customer }: TabProps) {
  const t = useText()
  const mayWrite = useMay('timeline.write')
  const timeline = useRoute(getTimeline, { params: { id: customer.id }, query: { limit: 8 } })
  return (
    <Section
      title={t('customer.recent')}
      end={
        <Link to="/customers/$id" params={{ id: customer.id }} search={{ tab: 'timeline' }} className="k-link">
          {t('customer.allEntries')}
        </Link>
      }
    >
      <div className="grid grid-cols-1 gap-4">
        {mayWrite && <Composer customerId={customer.id} />}
        {!timeline.data && <SkeletonRows rows={4} />}
        {timeline.data?.items.length === 0 && <p className="text-t3">{t('record.timeline.empty')}</p>}
        <ol className="r-timeline">
          {timeline.data?.items.map(entry => (
            <EntryLine key={entry.id} entry={entry} />
          ))}
        </ol>
      </div>
    </Section>
  )
}

function OwnFacts({ customer }: TabProps) {
  const t = useText()
  const format = useFormat()
  const attributes = useAttributes('customer')
  const none = <span className="text-t3">–</span>
  const day = (value: string | null) => (value ? format.day(value) : none)
  return (
    <Section title={t('customer.facts')}>
      <div className="u-profile">
        <Pairs
          pairs={[
            [t('record.field.externalId'), customer.externalId ?? none],
            [t('customers.column.website'), customer.website ?? none],
            [t('customers.column.domains'), customer.domains.join(', ') || none],
            [t('record.field.industry'), customer.industry ?? none],
            [t('record.field.region'), customer.region ?? none],
            [t('record.field.timeZone'), customer.timeZone ?? none],
            [
              t('record.field.employeeCount'),
              customer.employeeCount === null ? none : format.number(customer.employeeCount),
            ],
            [t('record.field.plan'), customer.plan ?? none],
            [t('record.field.segment'), customer.segment ?? none],
          ]}
        />
        <Pairs
          pairs={[
            [t('record.field.contractStart'), day(customer.contractStart)],
            [t('record.field.contractEnd'), day(customer.contractEnd)],
            [t('customers.column.mrr'), format.money(customer.mrr, customer.currency)],
            [
              t('record.field.lifetimeValue'),
              customer.lifetimeValue === null ? none : format.money(customer.lifetimeValue, customer.currency),
            ],
            [t('customers.column.executiveSponsor'), customer.executiveSponsor ?? none],
            [t('record.field.lastContactAt'), customer.lastContactAt ? format.relative(customer.lastContactAt) : none],
            [t('record.field.lastSeenAt'), customer.lastSeenAt ? format.relative(customer.lastSeenAt) : none],
            [t('customers.column.updatedAt'), format.dateTime(customer.updatedAt)],
            ...(customer.churnedOn ? [[t('record.field.churnedOn'), day(customer.churnedOn)] as const] : []),
            ...(customer.churnReason ? [[t('customer.churnReason'), customer.churnReason] as const] : []),
          ]}
        />
        {attributes.length > 0 && (
          <Pairs
            pairs={attributes.map(attribute => [
              attribute.label,
              attributeText(attribute, customer.attributes[attribute.key], t, format) || none,
            ])}
          />
        )}
      </div>
    </Section>
  )
}

function People({ customer }: TabProps) {
  const t = useText()
  const contacts = useRoute(listContacts, { query: { customerId: customer.id, limit: 6 } })
  return (
    <Section
      title={t('customer.tab.people')}
      flush
      end={
        <Link to="/customers/$id" params={{ id: customer.id }} search={{ tab: 'people' }} className="k-link">
          {t('customer.allPeople')}
        </Link>
      }
    >
      {!contacts.data && <SkeletonRows rows={3} />}
      {contacts.data?.items.length === 0 && <p className="text-t3 pt-4">{t('customers.detail.noContacts')}</p>}
      <ul className="u-lines">
        {contacts.data?.items.map(contact => (
          <PersonLine key={contact.id} contact={contact} />
        ))}
      </ul>
    </Section>
  )
}

function Scores({ customer }: TabProps) {
  const t = useText()
  const format = useFormat()
  const scores = useRoute(listHealthScores, { params: { id: customer.id }, query: { limit: 5, source: 'stored' } })
  return (
    <Section title={t('customer.scores')} flush>
      {scores.data?.items.length === 0 && <p className="text-t3 pt-4">{t('customer.noScores')}</p>}
      <ul className="u-lines">
        {scores.data?.items.map(score => (
          <li key={score.id}>
            <span className="u-grow">
              <CustomerHealth
                customer={{ healthScore: score.overallScore, healthLevel: score.level, healthTrend: score.trend }}
              />
            </span>
            <span className="text-12 text-t3">{format.shortDay(score.scoredAt)}</span>
          </li>
        ))}
      </ul>
    </Section>
  )
}

function Family({ customer }: TabProps) {
  const t = useText()
  const format = useFormat()
  const { data } = useRoute(getHierarchy, { params: { id: customer.id } })
  if (!data || data.members.length < 2) return null
  const { rollUp } = data
  return (
    <Section title={t('customer.family')} note={t('customers.count', { count: rollUp.customers })} flush>
      <ul className="u-lines u-family">
        {data.members.map(member => (
          <li key={member.id} style={{ '--depth': member.depth } as React.CSSProperties}>
            <span className="u-grow truncate" title={member.name}>
              {member.id === customer.id ? (
                <strong>{member.name}</strong>
              ) : (
                <Link to="/customers/$id" params={{ id: member.id }} className="r-name">
                  {member.name}
                </Link>
              )}
            </span>
            <span className="k-number text-12 text-t3">{format.shortMoney(member.arr, member.currency)}</span>
          </li>
        ))}
      </ul>
      <div className="pt-4">
        <Pairs
          pairs={[
            ['ARR', rollUp.revenue.map(each => format.shortMoney(each.arr, each.currency)).join(' + ') || '–'],
            [t('record.field.licenceCount'), format.number(rollUp.licences)],
            [t('customer.lowestHealth'), rollUp.lowestHealth === null ? '–' : format.number(rollUp.lowestHealth, 0)],
            [t('customer.tab.people'), format.number(rollUp.contacts)],
            [t('customer.openTickets'), format.number(rollUp.openTickets)],
          ]}
        />
      </div>
    </Section>
  )
}
