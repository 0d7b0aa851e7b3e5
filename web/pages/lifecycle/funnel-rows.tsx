import { Link } from '@tanstack/react-router'
import type { RouteReply } from '../../../server/platform/http/contract.ts'
import { funnelRows, type lifecycleFunnel } from '../../../server/signals/lifecycle/contract/funnel.ts'
import { useRoutePages, wordsOf } from '../../api/hooks.ts'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { Button } from '../../kit/button.tsx'
import { Drawer } from '../../kit/dialog.tsx'
import { SkeletonRows } from '../../kit/skeleton.tsx'

export type FunnelReply = RouteReply<typeof lifecycleFunnel>

export interface OpenNumber {
  stageId: string
  stage: string
  number: 'entered' | 'advanced' | 'lost' | 'cohort'
  month?: string
}

interface FunnelRowsProps extends OpenNumber {
  from: string
  to: string
  onClose: () => void
}

/** The leads behind a number of the funnel. */
export function FunnelRows({ stageId, stage, number, month, from, to, onClose }: FunnelRowsProps) {
  const t = useText()
  const format = useFormat()
  const { rows, problem, more } = useRoutePages(funnelRows, { query: { from, to, stageId, number, month, limit: 50 } })
  const words = t(`lifecycle.number.${number}`, { month: month ? format.month(`${month}-01T12:00:00Z`) : '' })
  return (
    <Drawer open onClose={onClose} title={t('lifecycle.funnel.rows', { stage, number: words })}>
      {problem ? (
        <p className="text-red">{wordsOf(problem, t)}</p>
      ) : !rows ? (
        <SkeletonRows rows={6} />
      ) : (
        <ul className="y-history">
          {rows.map(lead => (
            <li key={lead.id}>
              <Link to="/contacts/$id" params={{ id: lead.id }} className="k-name">
                {lead.name}
              </Link>
              <small>
                {[lead.company, lead.leadScore === null ? null : t('lifecycle.score', { score: lead.leadScore })]
                  .filter(Boolean)
                  .join(' · ')}
              </small>
              <small>{format.dateTime(lead.at)}</small>
            </li>
          ))}
        </ul>
      )}
      {more && (
        <Button size="small" wide kind="quiet" pending={more.pending} onClick={more.load}>
          {t('lifecycle.more')}
        </Button>
      )}
    </Drawer>
  )
}
