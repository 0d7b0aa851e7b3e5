import { Link, useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { RouteReply } from '../../../server/platform/http/contract.ts'
import { createSegment, listSegments, suggestSegments } from '../../../server/signals/segments/contract.ts'
import { useCommand, useRoute, wordsOf } from '../../api/hooks.ts'
import { useMay } from '../../api/session.tsx'
import { Screen } from '../../frame/screen.tsx'
import { nameOf } from '../../i18n/name-of.ts'
import { useFormat, useLocale, useText } from '../../i18n/provider.tsx'
import { Badge } from '../../kit/badge.tsx'
import { Button } from '../../kit/button.tsx'
import { type Column, DataTable } from '../../kit/data-table.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Icon } from '../../kit/icon.tsx'
import { Page, Section } from '../../kit/layout.tsx'
import './segments.css'

type Segment = RouteReply<typeof listSegments>['items'][number]

/** Groups of customers and people, with what came and went. */
export function SegmentsPage() {
  const t = useText()
  const mayManage = useMay('segments.manage')
  return (
    <Screen
      title={t('segments.title')}
      actions={
        mayManage && (
          <Link to="/segments/new" className="k-button" data-kind="primary" data-size="small">
            <Icon name="plus" />
            <span>{t('segments.add')}</span>
          </Link>
        )
      }
    >
      <Page>
        <SegmentTable mayManage={mayManage} />
        {mayManage && <Suggestions />}
      </Page>
    </Screen>
  )
}

function SegmentTable({ mayManage }: { mayManage: boolean }) {
  const t = useText()
  const format = useFormat()
  const { locale } = useLocale()
  const { data, error, refetch } = useRoute(listSegments, { query: {} })
  const columns = useMemo<Column<Segment>[]>(
    () => [
      {
        id: 'name',
        header: t('segments.name'),
        clip: true,
        sort: row => nameOf(row, locale),
        cell: row => (
          <Link to="/segments/$id" params={{ id: row.id }} title={row.description ?? nameOf(row, locale)}>
            {nameOf(row, locale)}
          </Link>
        ),
      },
      {
        id: 'members',
        header: t('segments.members'),
        align: 'end',
        width: 104,
        sort: row => row.members,
        cell: row => format.number(row.members),
      },
      {
        id: 'moves',
        header: t('segments.moves'),
        align: 'end',
        width: 128,
        narrow: 'hide',
        cell: row => (
          <span className="k-number">
            +{format.number(row.entered30)} / −{format.number(row.exited30)}
          </span>
        ),
      },
      {
        id: 'record',
        header: t('segments.record'),
        width: 104,
        narrow: 'hide',
        sort: row => row.record,
        cell: row => t(`segments.record.${row.record}`),
      },
      {
        id: 'kind',
        header: t('segments.kind'),
        width: 152,
        narrow: 'hide',
        sort: row => row.kind,
        cell: row => t(`segments.kind.${row.kind}`),
      },
      {
        id: 'state',
        header: t('segments.state'),
        width: 112,
        cell: row => (
          <Badge tone={row.fault ? 'red' : row.state === 'enabled' ? 'green' : 'line'}>
            {t(`segments.state.${row.state}`)}
          </Badge>
        ),
      },
      {
        id: 'refreshed',
        header: t('segments.refreshed'),
        align: 'end',
        width: 128,
        narrow: 'hide',
        cell: row =>
          row.refreshedAt ? (
            <time title={format.dateTime(row.refreshedAt)}>{format.relative(row.refreshedAt)}</time>
          ) : (
            <span className="text-t3">–</span>
          ),
      },
    ],
    [t, format, locale],
  )
  return (
    <DataTable
      id="segments"
      fixed
      label={t('segments.title')}
      columns={columns}
      rows={data?.items}
      rowId={row => row.id}
      rowName={row => nameOf(row, locale)}
      problem={error ? { text: wordsOf(error, t), retry: () => void refetch() } : undefined}
      empty={
        <EmptyState
          title={t('segments.empty')}
          text={t('segments.emptyText')}
          actions={
            mayManage && (
              <Link to="/segments/new" className="k-button" data-kind="primary">
                {t('segments.add')}
              </Link>
            )
          }
        />
      }
    />
  )
}

function Suggestions() {
  const t = useText()
  const { locale } = useLocale()
  const navigate = useNavigate()
  const { data } = useRoute(suggestSegments)
  const create = useCommand(createSegment, {
    stale: [listSegments.path],
    onDone: segment => void navigate({ to: '/segments/$id', params: { id: segment.id } }),
  })
  if (!data || data.items.length === 0) return null
  return (
    <Section title={t('segments.suggestions')} flush>
      <ul className="s-suggestions">
        {data.items.map(({ key, nameJa, nameEn, reasonJa, reasonEn, condition, members }) => (
          <li key={key}>
            <div>
              <strong>{nameOf({ nameJa, nameEn }, locale)}</strong>
              <p className="text-t3">{locale === 'ja' ? reasonJa : reasonEn}</p>
            </div>
            <span className="k-number">{t('segments.suggestionCount', { count: members })}</span>
            <Button
              size="small"
              pending={create.pending}
              onClick={() =>
                void create.run({
                  body: {
                    key,
                    record: 'customer',
                    nameJa,
                    nameEn,
                    description: locale === 'ja' ? reasonJa : reasonEn,
                    kind: 'dynamic',
                    condition,
                    state: 'enabled',
                  },
                })
              }
            >
              {t('segments.suggestionAdd')}
            </Button>
          </li>
        ))}
      </ul>
    </Section>
  )
}
