import { useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import { listFindings } from '../../../server/collect/ingest/contract/sources.ts'
import type { RouteReply } from '../../../server/platform/http/contract.ts'
import { useRoutePages, wordsOf } from '../../api/hooks.ts'
import { useRefresh } from '../../api/refresh.ts'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { Badge } from '../../kit/badge.tsx'
import { Button } from '../../kit/button.tsx'
import { type Column, DataTable } from '../../kit/data-table.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Select } from '../../kit/field.tsx'
import { Pairs } from '../../kit/layout.tsx'
import { PersonName } from './events-tab.tsx'
import { readableJson } from './json-lines.ts'
import { type FindingKind, findingKinds } from './search.ts'
import { Snippet } from './snippet.tsx'
import type { Source } from './source-state.ts'

type Finding = RouteReply<typeof listFindings>['items'][number]

const refreshSeconds = 5
const look = {
  rejected: { tone: 'red', icon: 'close' },
  conflict: { tone: 'orange', icon: 'branch' },
  notice: { tone: 'line', icon: 'info' },
} as const

/** What was refused or could not be followed wholly: why, where in the message, and the message itself. */
export function DebuggerTab({ source }: { source: Source }) {
  const t = useText()
  const format = useFormat()
  const { kind } = useSearch({ from: '/workspace/sources/$id' })
  const navigate = useNavigate({ from: '/sources/$id' })
  const findings = useRoutePages(listFindings, { params: { id: source.id }, query: { limit: 50, kind } })
  useRefresh(listFindings.path, refreshSeconds)
  const narrow = (next: FindingKind | undefined) =>
    void navigate({ search: { tab: 'debugger', kind: next }, replace: true, resetScroll: false })
  const columns = useMemo<Column<Finding>[]>(
    () => [
      {
        id: 'received',
        header: t('sources.event.received'),
        width: 132,
        cell: row => (
          <time className="k-number" title={format.dateTime(row.receivedAt)}>
            {format.relative(row.receivedAt)}
          </time>
        ),
      },
      {
        id: 'kind',
        header: t('sources.finding.kind'),
        width: 116,
        cell: row => (
          <Badge tone={look[row.kind].tone} icon={look[row.kind].icon}>
            {t(`sources.finding.${row.kind}`)}
          </Badge>
        ),
      },
      {
        id: 'reason',
        header: t('sources.finding.reason'),
        clip: true,
        cell: row => <span title={row.reason}>{row.reason}</span>,
      },
      {
        id: 'path',
        header: t('sources.finding.path'),
        width: 140,
        narrow: 'hide',
        cell: row => (row.path ? <code className="k-mono">{row.path}</code> : <span className="text-t3">–</span>),
      },
      {
        id: 'person',
        header: t('sources.event.person'),
        width: 180,
        clip: true,
        narrow: 'hide',
        cell: row => (row.person ? <PersonName person={row.person} /> : <span className="text-t3">–</span>),
      },
    ],
    [t, format],
  )
  return (
    <DataTable
      id="source-findings"
      label={t('sources.tab.debugger')}
      columns={columns}
      rows={findings.rows}
      rowId={row => row.id}
      rowName={row => row.reason}
      more={findings.more}
      problem={findings.problem ? { text: wordsOf(findings.problem, t), retry: findings.retry } : undefined}
      detail={row => <FindingDetail finding={row} />}
      tools={
        <>
          <span className="d-tool">
            <Select
              aria-label={t('sources.finding.kind')}
              placeholder={t('sources.finding.any')}
              value={kind ?? ''}
              options={findingKinds.map(value => ({ value, label: t(`sources.finding.${value}`) }))}
              onChange={event => {
                const chosen = event.currentTarget.value
                narrow(findingKinds.find(each => each === chosen))
              }}
            />
          </span>
          <p className="d-intro">{t('sources.finding.intro')}</p>
        </>
      }
      empty={
        kind ? (
          <EmptyState
            title={t('sources.finding.none')}
            text={t('sources.finding.noneText')}
            actions={<Button onClick={() => narrow(undefined)}>{t('sources.clear')}</Button>}
          />
        ) : (
          <EmptyState title={t('sources.finding.empty')} text={t('sources.finding.emptyText')} />
        )
      }
    />
  )
}

function FindingDetail({ finding }: { finding: Finding }) {
  const t = useText()
  const { reason, code, path, messageId, body } = finding
  return (
    <div className="grid grid-cols-1 gap-4">
      <p>{reason}</p>
      <Pairs
        align="start"
        pairs={[
          [t('sources.finding.code'), <code key="code">{code}</code>],
          ...(path ? [[t('sources.finding.path'), <code key="path">{path}</code>] as const] : []),
          ...(messageId ? [[t('sources.finding.messageId'), <code key="id">{messageId}</code>] as const] : []),
        ]}
      />
      {body && <Snippet label={t('sources.finding.body')} text={readableJson(body)} />}
    </div>
  )
}
