import { Link } from '@tanstack/react-router'
import { listEnrolments } from '../../../server/engage/flows/contract/enrolments.ts'
import { listContactLog } from '../../../server/engage/flows/contract/reports.ts'
import { useRoutePages } from '../../api/hooks.ts'
import { useLocale, useText } from '../../i18n/provider.tsx'
import { Badge } from '../../kit/badge.tsx'
import { Outcome } from './contact-log.tsx'
import './flows.css'
import { MomentList } from './moment-list.tsx'
import { reasonWords } from './reasons.ts'
import { runTones } from './run-look.ts'

/** Calls, mails, meetings and offers with a customer, the latest first; nothing where there are none. */
export function CustomerContacts({ customerId }: { customerId: string }) {
  const t = useText()
  const { rows, more } = useRoutePages(listContactLog, { query: { customerId, limit: 10 } })
  return (
    <MomentList title={t('flows.contacts')} flush rows={rows} more={more} at={row => row.at}>
      {row => (
        <>
          <div>
            {t(`flows.contact.${row.way}`)} · {row.title}{' '}
            <span className="text-t3">{row.memberName ?? row.contactName}</span>
          </div>
          <Outcome contact={row} />
        </>
      )}
    </MomentList>
  )
}

/** The flows that a customer, or its people, are or were in; nothing where there are none. */
export function CustomerFlows({ customerId }: { customerId: string }) {
  const t = useText()
  const { locale } = useLocale()
  const { rows, more } = useRoutePages(listEnrolments, { query: { customerId, limit: 20 } })
  return (
    <MomentList title={t('flows.flows')} flush rows={rows} more={more} at={row => row.enteredAt}>
      {row => (
        <>
          <div>
            <Link to="/flows/$id" params={{ id: row.flowId }} search={{ tab: 'runs' }} className="k-link">
              {row.flowName[locale]}
            </Link>{' '}
            <span className="text-t3">{row.subjectId === row.customerId ? '' : row.subjectName}</span>
          </div>
          {row.reason && <span className="text-t3">{reasonWords(row.reason, t)}</span>}
          <Badge tone={runTones[row.state]}>{t(`flows.run.${row.state}`)}</Badge>
        </>
      )}
    </MomentList>
  )
}
