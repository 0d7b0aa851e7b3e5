import { Link } from '@tanstack/react-router'
import { listEnrolments } from '../../../server/engage/flows/contract/enrolments.ts'
import { listContactLog } from '../../../server/engage/flows/contract/reports.ts'
import { useRoutePages } from '../../api/hooks.ts'
import { useFormat, useLocale, useText } from '../../i18n/provider.tsx'
import { Badge } from '../../kit/badge.tsx'
import { Button } from '../../kit/button.tsx'
import { Section } from '../../kit/layout.tsx'
import { Outcome } from './contact-log.tsx'
import './flows.css'
import { reasonWords } from './reasons.ts'
import { runTones } from './run-look.ts'

/** Calls, mails, meetings and offers with a customer, the latest first; nothing where there are none. */
export function CustomerContacts({ customerId }: { customerId: string }) {
  const t = useText()
  const format = useFormat()
  const { rows, more } = useRoutePages(listContactLog, { query: { customerId, limit: 10 } })
  if (!rows || rows.length === 0) return null
  return (
    <Section title={t('flows.contacts')} flush>
      <ul className="fl-requests">
        {rows.map(row => (
          <li key={row.id}>
            <div>
              {t(`flows.contact.${row.way}`)} · {row.title}{' '}
              <span className="text-t3">{row.memberName ?? row.contactName}</span>
            </div>
            <Outcome contact={row} />
            <time className="text-t3" title={format.dateTime(row.at)}>
              {format.relative(row.at)}
            </time>
          </li>
        ))}
      </ul>
      {more && (
        <Button size="small" kind="quiet" pending={more.pending} onClick={more.load}>
          {t('tasks.loadMore')}
        </Button>
      )}
    </Section>
  )
}

/** The flows that a customer, or its people, are or were in; nothing where there are none. */
export function CustomerFlows({ customerId }: { customerId: string }) {
  const t = useText()
  const format = useFormat()
  const { locale } = useLocale()
  const { rows, more } = useRoutePages(listEnrolments, { query: { customerId, limit: 20 } })
  if (!rows || rows.length === 0) return null
  return (
    <Section title={t('flows.flows')} flush>
      <ul className="fl-requests">
        {rows.map(row => (
          <li key={row.id}>
            <div>
              <Link to="/flows/$id" params={{ id: row.flowId }} search={{ tab: 'runs' }} className="k-link">
                {row.flowName[locale]}
              </Link>{' '}
              <span className="text-t3">{row.subjectId === row.customerId ? '' : row.subjectName}</span>
            </div>
            {row.reason && <span className="text-t3">{reasonWords(row.reason, t)}</span>}
            <Badge tone={runTones[row.state]}>{t(`flows.run.${row.state}`)}</Badge>
            <time className="text-t3" title={format.dateTime(row.enteredAt)}>
              {format.relative(row.enteredAt)}
            </time>
          </li>
        ))}
      </ul>
      {more && (
        <Button size="small" kind="quiet" pending={more.pending} onClick={more.load}>
          {t('tasks.loadMore')}
        </Button>
      )}
    </Section>
  )
}
