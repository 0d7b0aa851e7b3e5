import { useMemo } from 'react'
import type { listAuditEntries } from '../../../../server/platform/administration/contract/audit.ts'
import type { RouteReply } from '../../../../server/platform/http/contract.ts'
import { useFormat, useText } from '../../../i18n/provider.tsx'
import { Badge } from '../../../kit/badge.tsx'
import type { Column } from '../../../kit/data-table.tsx'
import { actionWords, actorKindWords, subjectKindWords } from './words.ts'

export type AuditEntry = RouteReply<typeof listAuditEntries>['items'][number]

const look = {
  done: { tone: 'plain', icon: 'check' },
  refused: { tone: 'orange', icon: 'warning' },
  failed: { tone: 'red', icon: 'alert' },
} as const

/** Time, who, what, what with, outcome, where from. */
export function useAuditColumns(): Column<AuditEntry>[] {
  const t = useText()
  const format = useFormat()
  return useMemo(
    () => [
      {
        id: 'at',
        header: t('audit.at'),
        width: 132,
        cell: row => (
          <time dateTime={row.at} className="k-number">
            {format.dateTime(row.at)}
          </time>
        ),
      },
      {
        id: 'actor',
        header: t('audit.actor'),
        clip: true,
        narrow: 'hide',
        cell: row => <ActorName entry={row} />,
      },
      {
        id: 'action',
        header: t('audit.action'),
        clip: true,
        cell: row => <span title={row.action}>{actionWords(row.action, t)}</span>,
      },
      {
        id: 'subject',
        header: t('audit.subject'),
        clip: true,
        narrow: 'hide',
        cell: row => <SubjectName entry={row} />,
      },
      {
        id: 'outcome',
        header: t('audit.outcome'),
        width: 92,
        narrow: 'hide',
        cell: row => (
          <Badge tone={look[row.outcome].tone} icon={look[row.outcome].icon}>
            {t(`audit.outcome.${row.outcome}`)}
          </Badge>
        ),
      },
      {
        id: 'network',
        header: t('audit.network'),
        width: 120,
        narrow: 'hide',
        cell: row => <span className="k-number text-t3">{row.network ?? '–'}</span>,
      },
    ],
    [t, format],
  )
}

export function ActorName({ entry: { actor } }: { entry: AuditEntry }) {
  const t = useText()
  const kind = actorKindWords(actor.kind, t)
  if (!actor.name) return kind
  const isPerson = actor.kind === 'member' || actor.kind === 'person'
  return (
    <span title={actor.name}>
      {actor.name}
      {!isPerson && <small className="text-12 text-t3"> {kind}</small>}
    </span>
  )
}

export function SubjectName({ entry: { subject } }: { entry: AuditEntry }) {
  const t = useText()
  if (!subject) return <span className="text-t3">–</span>
  const kind = subjectKindWords(subject.kind, t)
  if (!subject.name) return kind
  return (
    <span title={subject.name}>
      {subject.name} <small className="text-12 text-t3">{kind}</small>
    </span>
  )
}
