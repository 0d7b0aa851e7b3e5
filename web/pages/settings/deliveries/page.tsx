import { useMemo, useState } from 'react'
import {
  deliveryStates,
  deliveryWays,
  listDeliveries,
  retryDelivery,
} from '../../../../server/engage/notices/contract/deliveries.ts'
import { type Topic, topics } from '../../../../server/engage/notices/contract/shapes.ts'
import type { RouteReply } from '../../../../server/platform/http/contract.ts'
import { useCommand, useRoutePages, wordsOf } from '../../../api/hooks.ts'
import type { Format } from '../../../i18n/format.ts'
import { useFormat, useLocale, useText } from '../../../i18n/provider.tsx'
import type { Text } from '../../../i18n/text.ts'
import { Badge } from '../../../kit/badge.tsx'
import { Button } from '../../../kit/button.tsx'
import { type Column, DataTable } from '../../../kit/data-table.tsx'
import { EmptyState } from '../../../kit/empty-state.tsx'
import { Select } from '../../../kit/field.tsx'
import { toastDone } from '../../../kit/toast.tsx'
import { SettingsScreen } from '../layout.tsx'
import { Permitted } from '../permitted.tsx'
import './deliveries.css'

type Delivery = RouteReply<typeof listDeliveries>['items'][number]

const looks = {
  waiting: { tone: 'line', icon: 'clock' },
  held: { tone: 'line', icon: 'hold' },
  sending: { tone: 'accent', icon: 'right' },
  sent: { tone: 'green', icon: 'check' },
  failed: { tone: 'red', icon: 'alert' },
  skipped: { tone: 'plain', icon: 'close' },
} as const

export function DeliveriesPage() {
  const t = useText()
  return (
    <SettingsScreen title={t('notices.deliveries')} wide>
      <Permitted permission="channels.manage">
        <p className="text-t2 mb-5">{t('notices.deliveriesText')}</p>
        <DeliveryTable />
      </Permitted>
    </SettingsScreen>
  )
}

interface Filter {
  topic?: Topic
  state?: (typeof deliveryStates)[number]
  way?: (typeof deliveryWays)[number]
}

function DeliveryTable() {
  const t = useText()
  const format = useFormat()
  const { locale } = useLocale()
  const [filter, setFilter] = useState<Filter>({})
  const deliveries = useRoutePages(listDeliveries, { query: { limit: 100, ...filter } })
  const { run } = useCommand(retryDelivery, { onDone: () => toastDone(t('notices.sentAgain')) })
  const columns = useMemo<Column<Delivery>[]>(
    () => [
      {
        id: 'at',
        header: t('notices.at'),
        width: 88,
        cell: row => <time title={format.dateTime(row.createdAt)}>{format.relative(row.createdAt)}</time>,
      },
      {
        id: 'title',
        header: t('notices.notice'),
        clip: true,
        cell: row => <span title={row.title[locale]}>{row.title[locale]}</span>,
      },
      { id: 'way', header: t('notices.way'), width: 72, narrow: 'hide', cell: row => t(`notices.way.${row.way}`) },
      {
        id: 'recipient',
        header: t('notices.recipient'),
        width: 128,
        clip: true,
        narrow: 'hide',
        cell: row => row.recipientName ?? <span className="text-t3">{t('notices.gone')}</span>,
      },
      {
        id: 'state',
        header: t('notices.deliveryState'),
        width: 108,
        cell: row => (
          <Badge tone={looks[row.state].tone} icon={looks[row.state].icon}>
            {t(`notices.deliveryState.${row.state}`)}
          </Badge>
        ),
      },
      {
        id: 'why',
        header: t('notices.why'),
        clip: true,
        narrow: 'hide',
        cell: row => {
          const text = whyOf(row, t, format)
          return <span title={text}>{text}</span>
        },
      },
      {
        id: 'actions',
        header: t('notices.actions'),
        actions: true,
        align: 'end',
        width: 88,
        cell: row =>
          row.way === 'channel' &&
          (row.state === 'failed' || row.state === 'skipped') && (
            <Button size="small" onClick={() => void run({ params: { id: row.id } }).catch(() => {})}>
              {t('notices.again')}
            </Button>
          ),
      },
    ],
    [t, format, locale, run],
  )
  const isNarrowed = Object.values(filter).some(value => value !== undefined)
  return (
    <DataTable
      id="notice-deliveries"
      label={t('notices.deliveries')}
      columns={columns}
      rows={deliveries.rows}
      rowId={row => row.id}
      rowName={row => row.title[locale]}
      more={deliveries.more}
      problem={deliveries.problem ? { text: wordsOf(deliveries.problem, t), retry: deliveries.retry } : undefined}
      tools={
        <div className="n-filters">
          <Select
            aria-label={t('notices.topic')}
            placeholder={t('notices.anyTopic')}
            value={filter.topic ?? ''}
            options={topics.map(value => ({ value, label: t(`notices.topic.${value}`) }))}
            onChange={event => setFilter({ ...filter, topic: topics.find(each => each === event.currentTarget.value) })}
          />
          <Select
            aria-label={t('notices.deliveryState')}
            placeholder={t('notices.anyState')}
            value={filter.state ?? ''}
            options={deliveryStates.map(value => ({ value, label: t(`notices.deliveryState.${value}`) }))}
            onChange={event =>
              setFilter({ ...filter, state: deliveryStates.find(each => each === event.currentTarget.value) })
            }
          />
          <Select
            aria-label={t('notices.way')}
            placeholder={t('notices.anyWay')}
            value={filter.way ?? ''}
            options={deliveryWays.map(value => ({ value, label: t(`notices.way.${value}`) }))}
            onChange={event =>
              setFilter({ ...filter, way: deliveryWays.find(each => each === event.currentTarget.value) })
            }
          />
        </div>
      }
      empty={
        <EmptyState
          title={t(isNarrowed ? 'notices.deliveriesNone' : 'notices.deliveriesEmpty')}
          text={t('notices.deliveriesEmptyText')}
          actions={isNarrowed && <Button onClick={() => setFilter({})}>{t('notices.clear')}</Button>}
        />
      }
    />
  )
}

function whyOf({ state, reason, heldUntil, error, attempts }: Delivery, t: Text, format: Format): string {
  if (error) return t('notices.attempts', { error, count: attempts })
  if (!reason) return ''
  const words = t(`notices.reason.${reason}`)
  return state === 'held' && heldUntil
    ? t('notices.heldUntil', { reason: words, when: format.dateTime(heldUntil) })
    : words
}
