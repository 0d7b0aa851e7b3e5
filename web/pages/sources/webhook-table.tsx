import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { listWebhookEndpoints } from '../../../server/collect/webhooks/contract.ts'
import type { RouteReply } from '../../../server/platform/http/contract.ts'
import { useRoutePages, wordsOf } from '../../api/hooks.ts'
import { useRefresh } from '../../api/refresh.ts'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { Badge } from '../../kit/badge.tsx'
import { Button } from '../../kit/button.tsx'
import { type Column, DataTable } from '../../kit/data-table.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { stateLook, stateOf } from './source-state.ts'

export type WebhookEndpoint = RouteReply<typeof listWebhookEndpoints>['items'][number]

const refreshSeconds = 10

/** Sign-ups are rare in a small product: silence is nothing to warn of. */
export function webhookStateOf(endpoint: WebhookEndpoint) {
  const state = stateOf(endpoint)
  return state === 'quiet' ? 'receiving' : state
}

export function WebhookTable({ onCreate }: { onCreate: (() => void) | undefined }) {
  const t = useText()
  const format = useFormat()
  const endpoints = useRoutePages(listWebhookEndpoints, { query: { limit: 100 } })
  useRefresh(listWebhookEndpoints.path, refreshSeconds)
  const columns = useMemo<Column<WebhookEndpoint>[]>(
    () => [
      {
        id: 'name',
        header: t('sources.name'),
        clip: true,
        sort: row => row.name,
        cell: row => (
          <Link to="/sources/webhooks/$id" params={{ id: row.id }} className="d-name" title={row.name}>
            {row.name}
          </Link>
        ),
      },
      {
        id: 'state',
        header: t('sources.state'),
        width: 116,
        cell: row => {
          const state = webhookStateOf(row)
          return (
            <Badge tone={stateLook[state].tone} icon={stateLook[state].icon}>
              {t(`sources.state.${state}`)}
            </Badge>
          )
        },
      },
      {
        id: 'path',
        header: t('sources.webhook.address'),
        clip: true,
        narrow: 'hide',
        cell: row => (
          <code className="k-mono text-t2" title={location.origin + row.path}>
            {row.path}
          </code>
        ),
      },
      {
        id: 'secrets',
        header: t('sources.webhook.secrets'),
        align: 'end',
        width: 132,
        narrow: 'hide',
        cell: row => t('sources.webhook.secretCount', { count: row.secrets.length }),
      },
      {
        id: 'seen',
        header: t('sources.lastSeen'),
        align: 'end',
        width: 116,
        cell: row =>
          row.lastSeenAt ? (
            <span title={format.dateTime(row.lastSeenAt)}>{format.relative(row.lastSeenAt)}</span>
          ) : (
            <span className="text-t3">{t('sources.never')}</span>
          ),
      },
    ],
    [t, format],
  )
  return (
    <DataTable
      id="webhooks"
      label={t('sources.webhooks')}
      columns={columns}
      rows={endpoints.rows}
      rowId={row => row.id}
      rowName={row => row.name}
      more={endpoints.more}
      problem={endpoints.problem ? { text: wordsOf(endpoints.problem, t), retry: endpoints.retry } : undefined}
      tools={<p className="d-intro">{t('sources.webhook.intro')}</p>}
      empty={
        <EmptyState
          title={t('sources.webhook.empty')}
          text={t('sources.webhook.emptyText')}
          actions={
            onCreate && (
              <Button kind="primary" onClick={onCreate}>
                {t('sources.webhook.create')}
              </Button>
            )
          }
        />
      }
    />
  )
}
