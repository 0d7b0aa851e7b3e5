import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { listInAppMessages } from '../../../server/engage/in-app/contract/messages.ts'
import type { RouteReply } from '../../../server/platform/http/contract.ts'
import { useRoute, wordsOf } from '../../api/hooks.ts'
import { useMay } from '../../api/session.tsx'
import { Screen } from '../../frame/screen.tsx'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { Badge } from '../../kit/badge.tsx'
import { type Column, DataTable } from '../../kit/data-table.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Icon } from '../../kit/icon.tsx'
import { Page } from '../../kit/layout.tsx'
import { SourceModes } from './source-modes.tsx'
import './in-app.css'

type Row = RouteReply<typeof listInAppMessages>['items'][number]

const tones = { draft: 'line', enabled: 'green', paused: 'orange' } as const

/** What is shown inside the product, with how often it was seen, and where it may be shown. */
export function InAppPage() {
  const t = useText()
  const format = useFormat()
  const mayManage = useMay('messages.manage')
  const { data, error, refetch } = useRoute(listInAppMessages)
  const columns = useMemo<Column<Row>[]>(
    () => [
      {
        id: 'name',
        header: t('inApp.name'),
        clip: true,
        sort: row => row.name,
        cell: row => (
          <Link to="/messages/in-app/$id" params={{ id: row.id }} title={row.name}>
            {row.name}
          </Link>
        ),
      },
      { id: 'kind', header: t('inApp.kind'), width: 144, narrow: 'hide', cell: row => t(`inApp.kind.${row.kind}`) },
      {
        id: 'state',
        header: t('inApp.state'),
        width: 112,
        cell: row => <Badge tone={tones[row.state]}>{t(`inApp.state.${row.state}`)}</Badge>,
      },
      ...(['queued', 'shown', 'clicked', 'dismissed', 'completed'] as const).map(figure => ({
        id: figure,
        header: t(`inApp.figure.${figure}`),
        align: 'end' as const,
        width: 88,
        ...(figure !== 'shown' && { narrow: 'hide' as const }),
        sort: (row: Row) => row.figures[figure],
        cell: (row: Row) => format.number(row.figures[figure]),
      })),
      {
        id: 'updated',
        header: t('inApp.updated'),
        align: 'end',
        width: 152,
        narrow: 'hide',
        cell: row => format.dateTime(row.updatedAt),
      },
    ],
    [t, format],
  )
  return (
    <Screen
      title={t('inApp.title')}
      crumbs={[{ label: t('inApp.messages'), to: '/messages' }]}
      actions={
        mayManage && (
          <Link to="/messages/in-app/new" className="k-button" data-kind="primary" data-size="small">
            <Icon name="plus" />
            <span>{t('inApp.new')}</span>
          </Link>
        )
      }
    >
      <Page>
        <DataTable
          id="in-app-messages"
          fixed
          label={t('inApp.title')}
          columns={columns}
          rows={data?.items}
          rowId={row => row.id}
          rowName={row => row.name}
          problem={error ? { text: wordsOf(error, t), retry: () => void refetch() } : undefined}
          empty={<EmptyState title={t('inApp.none')} text={t('inApp.noneText')} />}
        />
        <SourceModes />
      </Page>
    </Screen>
  )
}
