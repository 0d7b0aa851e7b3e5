import { Link } from '@tanstack/react-router'
import { listRefusals, listSuppressions } from '../../../server/engage/flows/contract/enrolments.ts'
import { useRoutePages } from '../../api/hooks.ts'
import { useLocale, useText } from '../../i18n/provider.tsx'
import { MomentList } from './moment-list.tsx'
import type { WholeFlow } from './whole-flow.ts'

interface HeldBackProps {
  flow: WholeFlow
  stepName: (key: string) => string
}

/** What did not happen: whom a trigger brought and who did not come in, and to whom a step did not speak, with the reasons. */
export function HeldBack({ flow, stepName }: HeldBackProps) {
  const t = useText()
  const { locale } = useLocale()
  const refusals = useRoutePages(listRefusals, { params: { id: flow.id }, query: { limit: 20 } })
  const suppressions = useRoutePages(listSuppressions, { query: { flowId: flow.id, limit: 20 } })
  return (
    <>
      <MomentList
        title={t('flows.refusals')}
        note={t('flows.refusalsNote')}
        rows={refusals.rows}
        more={refusals.more}
        at={row => row.at}
      >
        {row => (
          <>
            <Subject kind={flow.subject} id={row.subjectId} name={row.subjectName} />
            <span>{row.text[locale]}</span>
          </>
        )}
      </MomentList>
      <MomentList
        title={t('flows.heldBack')}
        note={t('flows.heldBackNote')}
        rows={suppressions.rows}
        more={suppressions.more}
        at={row => row.at}
      >
        {row => (
          <>
            <Subject kind={flow.subject} id={row.subjectId} name={row.subjectName}>
              {[flow.subject === 'customer' ? row.contactName : null, stepName(row.step)].filter(Boolean).join(' · ')}
            </Subject>
            <span>{row.text[locale]}</span>
          </>
        )}
      </MomentList>
    </>
  )
}

interface SubjectProps {
  kind: WholeFlow['subject']
  id: string
  name: string
  children?: string
}

function Subject({ kind, id, name, children }: SubjectProps) {
  return (
    <div>
      <Link to={kind === 'customer' ? '/customers/$id' : '/contacts/$id'} params={{ id }} className="k-link">
        {name}
      </Link>{' '}
      <span className="text-t3">{children}</span>
    </div>
  )
}
