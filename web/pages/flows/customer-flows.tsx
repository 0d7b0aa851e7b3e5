import { Link } from '@tanstack/react-router'
import { listEnrolments } from '../../../server/engage/flows/contract/enrolments.ts'
import { useRoutePages } from '../../api/hooks.ts'
import { useFormat, useLocale, useText } from '../../i18n/provider.tsx'
import { Badge } from '../../kit/badge.tsx'
import { Button } from '../../kit/button.tsx'
import { Section } from '../../kit/layout.tsx'
import './flows.css'
import { reasonWords } from './reasons.ts'
import { runTones } from './run-look.ts'

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
