import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { listSources } from '../../../server/collect/ingest/contract/sources.ts'
import { useRoutePages, wordsOf } from '../../api/hooks.ts'
import { useRefresh } from '../../api/refresh.ts'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { Badge } from '../../kit/badge.tsx'
import { Button } from '../../kit/button.tsx'
import { type Column, DataTable } from '../../kit/data-table.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { HourLine } from './hour-line.tsx'
import { type Source, stateLook, stateOf } from './source-state.ts'

/** Seconds between two looks: no event tells of each message. */
const refreshSeconds = 10

export function SourceTable({ onCreate }: { onCreate: (() => void) | undefined }) {
  const t = useText()
  const format = useFormat()
  const sources = useRoutePages(listSources, { query: { limit: 100 } })
  useRefresh(listSources.path, refreshSeconds)
  const columns = useMemo<Column<Source>[]>(() => {
    const count = (id: 'accepted' | 'duplicated' | 'rejected', bad = false): Column<Source> => ({
      id,
      header: t(`sources.count.${id}`),
      align: 'end',
      width: 112,
      narrow: id === 'duplicated' ? 'hide' : undefined,
      sort: row => row.day[id],
      cell: row => (
        <span className={row.day[id] === 0 ? 'text-t3' : bad ? 'text-red' : undefined}>
          {format.number(row.day[id])}
        </span>
      ),
    })
    return [
      {
        id: 'name',
        header: t('sources.name'),
        clip: true,
        sort: row => row.name,
        cell: row => (
          <Link to="/sources/$id" params={{ id: row.id }} className="d-name" title={row.name}>
            {row.name}
          </Link>
        ),
      },
      {
        id: 'kind',
        header: t('sources.kind'),
        width: 104,
        narrow: 'hide',
        cell: row => t(`sources.kind.${row.kind}`),
      },
      {
        id: 'state',
        header: t('sources.state'),
        width: 116,
        cell: row => {
          const state = stateOf(row)
          return (
            <Badge tone={stateLook[state].tone} icon={stateLook[state].icon}>
              {t(`sources.state.${state}`)}
            </Badge>
          )
        },
      },
      {
        id: 'seen',
        header: t('sources.lastSeen'),
        align: 'end',
        width: 116,
        narrow: 'hide',
        sort: row => row.lastSeenAt,
        cell: row =>
          row.lastSeenAt ? (
            <span title={format.dateTime(row.lastSeenAt)}>{format.relative(row.lastSeenAt)}</span>
          ) : (
            <span className="text-t3">{t('sources.never')}</span>
          ),
      },
      {
        id: 'hours',
        header: t('sources.hours'),
        width: 100,
        narrow: 'hide',
        cell: row => <HourLine hours={row.day.hours} label={t('sources.hoursOf', { count: row.day.accepted })} />,
      },
      count('accepted'),
      count('duplicated'),
      count('rejected', true),
    ]
  }, [t, format])
  return (
    <DataTable
      id="sources"
      label={t('sources.events')}
      columns={columns}
      rows={sources.rows}
      rowId={row => row.id}
      rowName={row => row.name}
      more={sources.more}
      problem={sources.problem ? { text: wordsOf(sources.problem, t), retry: sources.retry } : undefined}
      tools={<p className="d-intro">{t('sources.intro')}</p>}
      empty={
        <EmptyState
          title={t('sources.empty')}
          text={t('sources.emptyText')}
          actions={
            <>
              {onCreate && (
                <Button kind="primary" onClick={onCreate}>
                  {t('sources.create')}
                </Button>
              )}
              <Link to="/sources" search={{ tab: 'webhooks' }} className="k-button">
                {t('sources.toWebhooks')}
              </Link>
            </>
          }
        />
      }
    />
  )
}
