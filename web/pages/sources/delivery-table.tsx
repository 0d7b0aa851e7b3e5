import { useMemo, useState } from 'react'
import { listWebhookDeliveries } from '../../../server/collect/webhooks/contract.ts'
import type { RouteReply } from '../../../server/platform/http/contract.ts'
import { useRoutePages, wordsOf } from '../../api/hooks.ts'
import { useRefresh } from '../../api/refresh.ts'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { Badge } from '../../kit/badge.tsx'
import { Button } from '../../kit/button.tsx'
import { type Column, DataTable } from '../../kit/data-table.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Select } from '../../kit/field.tsx'
import { Note } from '../../kit/note.tsx'
import { readableJson } from './json-lines.ts'
import { Snippet } from './snippet.tsx'
import type { WebhookEndpoint } from './webhook-table.tsx'

type Delivery = RouteReply<typeof listWebhookDeliveries>['items'][number]

const refreshSeconds = 5
const states = ['waiting', 'done', 'refused'] as const
const look = {
  waiting: { tone: 'line', icon: 'clock' },
  done: { tone: 'green', icon: 'check' },
  refused: { tone: 'red', icon: 'close' },
} as const

/** What arrived at an address, and what became of it. */
export function DeliveryTable({ endpoint }: { endpoint: WebhookEndpoint }) {
  const t = useText()
  const format = useFormat()
  const [state, setState] = useState<(typeof states)[number]>()
  const deliveries = useRoutePages(listWebhookDeliveries, { params: { id: endpoint.id }, query: { limit: 50, state } })
  useRefresh(listWebhookDeliveries.path, refreshSeconds)
  const columns = useMemo<Column<Delivery>[]>(
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
        id: 'state',
        header: t('sources.delivery.state'),
        width: 108,
        cell: row => (
          <Badge tone={look[row.state].tone} icon={look[row.state].icon}>
            {t(`sources.delivery.${row.state}`)}
          </Badge>
        ),
      },
      {
        id: 'type',
        header: t('sources.delivery.type'),
        clip: true,
        cell: row => typeOf(row.body),
      },
      {
        id: 'fault',
        header: t('sources.delivery.fault'),
        clip: true,
        narrow: 'hide',
        cell: row => (row.fault ? <span title={row.fault}>{row.fault}</span> : <span className="text-t3">–</span>),
      },
    ],
    [t, format],
  )
  return (
    <DataTable
      id="webhook-deliveries"
      label={t('sources.webhook.deliveries')}
      columns={columns}
      rows={deliveries.rows}
      rowId={row => row.webhookId}
      rowName={row => row.webhookId}
      more={deliveries.more}
      problem={deliveries.problem ? { text: wordsOf(deliveries.problem, t), retry: deliveries.retry } : undefined}
      detail={row => (
        <div className="grid grid-cols-1 gap-4">
          {row.fault && <Note tone="red">{row.fault}</Note>}
          <Snippet label={row.webhookId} text={readableJson(row.body)} />
        </div>
      )}
      tools={
        <span className="d-tool" data-short>
          <Select
            aria-label={t('sources.delivery.state')}
            placeholder={t('sources.delivery.any')}
            value={state ?? ''}
            options={states.map(value => ({ value, label: t(`sources.delivery.${value}`) }))}
            onChange={event => {
              const chosen = event.currentTarget.value
              setState(states.find(each => each === chosen))
            }}
          />
        </span>
      }
      empty={
        <EmptyState
          title={t(state ? 'sources.delivery.none' : 'sources.delivery.empty')}
          text={t('sources.delivery.emptyText')}
          actions={state && <Button onClick={() => setState(undefined)}>{t('sources.clear')}</Button>}
        />
      }
    />
  )
}

function typeOf(body: string): string {
  const type: unknown = (() => {
    try {
      return JSON.parse(body)?.type
    } catch {
      return undefined
    }
  })()
  return typeof type === 'string' ? type : '–'
}
