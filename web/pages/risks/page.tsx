import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { RouteReply } from '../../../server/platform/http/contract.ts'
import { addReadyMadeSignals, listRiskSignals } from '../../../server/signals/risks/contract.ts'
import { useCommand, useRoute, wordsOf } from '../../api/hooks.ts'
import { useMay } from '../../api/session.tsx'
import { LevelBadge } from '../../features/risks/level.tsx'
import { Screen } from '../../frame/screen.tsx'
import { nameOf } from '../../i18n/name-of.ts'
import { useFormat, useLocale, useText } from '../../i18n/provider.tsx'
import { Badge } from '../../kit/badge.tsx'
import { Button, Segments } from '../../kit/button.tsx'
import { type Column, DataTable } from '../../kit/data-table.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Icon } from '../../kit/icon.tsx'
import { Page, PageHead } from '../../kit/layout.tsx'
import { toastDone } from '../../kit/toast.tsx'

type Signal = RouteReply<typeof listRiskSignals>['items'][number]
const levels = ['high', 'medium', 'low'] as const

/** Signals of risk: how many customers show each, and how that changed. */
export function RisksPage() {
  const t = useText()
  const { locale } = useLocale()
  const mayManage = useMay('health.manage')
  const { level } = useSearch({ from: '/workspace/signals' })
  const navigate = useNavigate({ from: '/signals' })
  const { data, error, refetch } = useRoute(listRiskSignals, { query: {} })
  const columns = useColumns()
  const rows = data?.items.filter(row => level === undefined || row.level === level)
  return (
    <Screen
      title={t('risks.title')}
      actions={
        mayManage && (
          <>
            {data && data.readyMade > 0 && data.items.length > 0 && <ReadyMade count={data.readyMade} />}
            <Link to="/signals/new" className="k-button" data-kind="primary" data-size="small">
              <Icon name="plus" />
              <span>{t('risks.add')}</span>
            </Link>
          </>
        )
      }
    >
      <Page>
        <PageHead text={t('risks.about')} />
        <DataTable
          id="risk-signals"
          fixed
          label={t('risks.title')}
          columns={columns}
          rows={rows}
          rowId={row => row.id}
          rowName={row => nameOf(row, locale)}
          problem={error ? { text: wordsOf(error, t), retry: () => void refetch() } : undefined}
          tools={
            data &&
            data.items.length > 0 && (
              <Segments
                label={t('risks.level')}
                size="small"
                value={level ?? 'all'}
                onChange={next => void navigate({ search: next === 'all' ? {} : { level: next }, replace: true })}
                options={[
                  { value: 'all' as const, label: t('risks.level.all') },
                  ...levels.map(value => ({
                    value,
                    label: t('risks.withCount', { label: t(`risks.level.${value}`), count: data.customers[value] }),
                  })),
                ]}
              />
            )
          }
          empty={
            data && data.items.length > 0 ? (
              <EmptyState title={t('risks.emptyLevel')} text="" />
            ) : (
              <EmptyState
                title={t('risks.empty')}
                text={t('risks.emptyText')}
                actions={mayManage && data && data.readyMade > 0 && <ReadyMade count={data.readyMade} first />}
              />
            )
          }
        />
      </Page>
    </Screen>
  )
}

function ReadyMade({ count, first }: { count: number; first?: boolean }) {
  const t = useText()
  const add = useCommand(addReadyMadeSignals, {
    stale: [listRiskSignals.path],
    onDone: ({ added }) => toastDone(t('risks.readyMadeDone', { count: added })),
  })
  return (
    <Button
      size={first ? 'normal' : 'small'}
      kind={first ? 'primary' : 'normal'}
      pending={add.pending}
      onClick={() => void add.run({})}
    >
      {t('risks.readyMade', { count })}
    </Button>
  )
}

function useColumns(): Column<Signal>[] {
  const t = useText()
  const format = useFormat()
  const { locale } = useLocale()
  return useMemo(
    () => [
      {
        id: 'name',
        header: t('risks.name'),
        clip: true,
        sort: row => nameOf(row, locale),
        cell: row => (
          <Link to="/signals/$id" params={{ id: row.id }} title={nameOf(row, locale)}>
            {nameOf(row, locale)}
          </Link>
        ),
      },
      {
        id: 'level',
        header: t('risks.level'),
        width: 96,
        sort: row => levels.indexOf(row.level),
        cell: row => <LevelBadge level={row.level} />,
      },
      {
        id: 'customers',
        header: t('risks.customers'),
        align: 'end',
        width: 104,
        sort: row => row.customers,
        cell: row => format.number(row.customers),
      },
      {
        id: 'change',
        header: t('risks.change30'),
        align: 'end',
        width: 120,
        narrow: 'hide',
        sort: row => row.customers - row.customersBefore30,
        cell: row => (
          <span className="k-number" title={t('risks.change30Hint', { came: row.came30, ended: row.ended30 })}>
            {format.change(row.customers - row.customersBefore30, 0)}
          </span>
        ),
      },
      {
        id: 'state',
        header: t('risks.state'),
        width: 136,
        narrow: 'hide',
        cell: row => <SignalState signal={row} />,
      },
      {
        id: 'evaluated',
        header: t('risks.evaluated'),
        align: 'end',
        width: 120,
        narrow: 'hide',
        cell: row =>
          row.evaluatedAt ? (
            <time title={format.dateTime(row.evaluatedAt)}>{format.relative(row.evaluatedAt)}</time>
          ) : (
            <span className="text-t3">{t('risks.never')}</span>
          ),
      },
    ],
    [t, format, locale],
  )
}

function SignalState({ signal }: { signal: Signal }) {
  const t = useText()
  if (signal.fault) {
    return (
      <span title={t('risks.fault', { fault: signal.fault })}>
        <Badge tone="red">{t(`risks.state.${signal.state}`)}</Badge>
      </span>
    )
  }
  if (signal.state === 'enabled' && !signal.judged) {
    return (
      <span title={t('risks.unjudgedHint', { events: signal.events.join(t('record.comma')) })}>
        <Badge tone="line">{t('risks.unjudged')}</Badge>
      </span>
    )
  }
  return <Badge tone={signal.state === 'enabled' ? 'green' : 'yellow'}>{t(`risks.state.${signal.state}`)}</Badge>
}
