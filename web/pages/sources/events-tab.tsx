import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { listSourceEvents } from '../../../server/collect/ingest/contract/sources.ts'
import type { RouteReply } from '../../../server/platform/http/contract.ts'
import { invalidate, useLongList, wordsOf } from '../../api/hooks.ts'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { Badge } from '../../kit/badge.tsx'
import { Button } from '../../kit/button.tsx'
import { type Column, DataTable } from '../../kit/data-table.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Select } from '../../kit/field.tsx'
import { Refresh } from './refresh.tsx'
import { messageTypes } from './search.ts'
import { Snippet } from './snippet.tsx'
import type { Source } from './source-state.ts'
import { TextFilter } from './text-filter.tsx'

type SourceEvent = RouteReply<typeof listSourceEvents>['items'][number]

const refreshSeconds = 3

/** What arrives, as it arrives: filtered, paused, each message with all that it says. */
export function EventsTab({ source }: { source: Source }) {
  const t = useText()
  const format = useFormat()
  const { type, name, person } = useSearch({ from: '/workspace/sources/$id' })
  const navigate = useNavigate({ from: '/sources/$id' })
  const [live, setLive] = useState(true)
  const events = useLongList(listSourceEvents, {
    params: { id: source.id },
    query: { limit: 50, type, name, person },
  })
  const narrow = (next: { type?: (typeof messageTypes)[number]; name?: string; person?: string }) =>
    void navigate({ search: { tab: 'events', type, name, person, ...next }, replace: true, resetScroll: false })
  const isNarrowed = Boolean(type || name || person)
  const columns = useMemo<Column<SourceEvent>[]>(
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
        id: 'type',
        header: t('sources.event.type'),
        width: 92,
        cell: row => <Badge tone="line">{row.type}</Badge>,
      },
      {
        id: 'name',
        header: t('sources.event.name'),
        clip: true,
        cell: row => <span title={row.name ?? row.groupId ?? ''}>{row.name ?? row.groupId ?? '–'}</span>,
      },
      {
        id: 'person',
        header: t('sources.event.person'),
        clip: true,
        narrow: 'hide',
        cell: row => <PersonName person={row.person} />,
      },
      {
        id: 'occurred',
        header: t('sources.event.occurred'),
        align: 'end',
        width: 150,
        narrow: 'hide',
        cell: row => format.dateTime(row.occurredAt),
      },
    ],
    [t, format],
  )
  return (
    <>
      {live && <Refresh path={listSourceEvents.path} seconds={refreshSeconds} />}
      <DataTable
        id="source-events"
        label={t('sources.tab.events')}
        columns={columns}
        rows={events.rows}
        rowId={row => `${row.batchId} ${row.place}`}
        rowName={row => `${row.type} ${row.name ?? ''}`}
        // Further pages would be fetched again with each look.
        more={
          events.more && {
            pending: events.more.pending,
            load: () => {
              setLive(false)
              events.more?.load()
            },
          }
        }
        problem={events.problem ? { text: wordsOf(events.problem, t), retry: events.retry } : undefined}
        detail={row => <EventDetail event={row} />}
        tools={
          <>
            <span className="d-tool" data-short>
              <Select
                aria-label={t('sources.event.type')}
                placeholder={t('sources.event.anyType')}
                value={type ?? ''}
                options={messageTypes.map(value => ({ value, label: value }))}
                onChange={event => {
                  const chosen = event.currentTarget.value
                  narrow({ type: messageTypes.find(each => each === chosen) })
                }}
              />
            </span>
            <TextFilter label={t('sources.event.nameFilter')} value={name} onChange={next => narrow({ name: next })} />
            <TextFilter
              label={t('sources.event.personFilter')}
              value={person}
              onChange={next => narrow({ person: next })}
            />
            <Button
              size="small"
              icon={live ? 'pause' : 'play'}
              aria-pressed={!live}
              onClick={() => {
                if (!live) void invalidate(listSourceEvents.path)
                setLive(!live)
              }}
            >
              {t(live ? 'sources.event.pause' : 'sources.event.resume')}
            </Button>
            <span className="d-live" data-on={live || undefined} role="status">
              {t(live ? 'sources.event.live' : 'sources.event.paused')}
            </span>
          </>
        }
        empty={
          isNarrowed ? (
            <EmptyState
              title={t('sources.event.none')}
              text={t('sources.event.noneText')}
              actions={
                <Button onClick={() => narrow({ type: undefined, name: undefined, person: undefined })}>
                  {t('sources.clear')}
                </Button>
              }
            />
          ) : (
            <EmptyState
              title={t('sources.event.empty')}
              text={t('sources.event.emptyText')}
              actions={
                <Link to="/sources/$id" params={{ id: source.id }} className="k-button" data-kind="primary">
                  {t('sources.event.setUp')}
                </Link>
              }
            />
          )
        }
      />
    </>
  )
}

/** A user by id, or somebody whose name is not known. */
export function PersonName({ person }: { person: string }) {
  const t = useText()
  const id = person.slice(2)
  return person.startsWith('u:') ? (
    <span title={id}>{id}</span>
  ) : (
    <span title={id}>
      <span className="text-t3">{t('sources.event.anonymous')}</span> {id}
    </span>
  )
}

function EventDetail({ event }: { event: SourceEvent }) {
  const t = useText()
  const { contactId, batchId: _batch, place: _place, ...said } = event
  return (
    <div className="grid grid-cols-1 gap-4">
      {contactId && (
        <Link to="/contacts/$id" params={{ id: contactId }} className="k-link">
          {t('sources.event.contact')}
        </Link>
      )}
      <Snippet label={t('sources.event.message')} text={JSON.stringify(said, null, 2)} />
    </div>
  )
}
