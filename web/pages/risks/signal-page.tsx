import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import type { RouteReply } from '../../../server/platform/http/contract.ts'
import {
  deleteRiskSignal,
  getRiskSignal,
  listRiskSignals,
  listSignalCustomers,
  updateRiskSignal,
} from '../../../server/signals/risks/contract.ts'
import { useCommand, useRoute, useRoutePages, wordsOf } from '../../api/hooks.ts'
import { useMay } from '../../api/session.tsx'
import { Sentence } from '../../features/conditions/live-count.tsx'
import { Owner } from '../../features/record/owner.tsx'
import { LevelBadge } from '../../features/risks/level.tsx'
import { Screen } from '../../frame/screen.tsx'
import { nameOf } from '../../i18n/name-of.ts'
import { useFormat, useLocale, useText } from '../../i18n/provider.tsx'
import { IconButton } from '../../kit/button.tsx'
import { type Column, DataTable } from '../../kit/data-table.tsx'
import { ConfirmDialog } from '../../kit/dialog.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Facts, Page, PageHead } from '../../kit/layout.tsx'
import { Menu, MenuItem } from '../../kit/menu.tsx'
import { Note } from '../../kit/note.tsx'
import { SkeletonRows } from '../../kit/skeleton.tsx'
import { Tabs } from '../../kit/tabs.tsx'
import { toastDone } from '../../kit/toast.tsx'

type Signal = RouteReply<typeof getRiskSignal>
const crumbs = (title: string) => [{ label: title, to: '/signals' as const }]

/** One signal: what it looks at, which customers show it and since when, at which it ended. */
export function RiskSignalPage() {
  const t = useText()
  const { locale } = useLocale()
  const { id } = useParams({ from: '/workspace/signals/$id' })
  const { data, error } = useRoute(getRiskSignal, { params: { id } })
  return (
    <Screen
      title={data ? nameOf(data, locale) : t('risks.title')}
      crumbs={crumbs(t('risks.title'))}
      actions={data && <Actions signal={data} />}
    >
      <Page>
        {error && <EmptyState title={t('risks.title')} text={wordsOf(error, t)} />}
        {!data && !error && <SkeletonRows rows={6} />}
        {data && <Content signal={data} />}
      </Page>
    </Screen>
  )
}

function Content({ signal }: { signal: Signal }) {
  const t = useText()
  const format = useFormat()
  const { locale } = useLocale()
  const [tab, setTab] = useState<'open' | 'ended'>('open')
  const advice = locale === 'ja' ? signal.adviceJa : signal.adviceEn
  return (
    <>
      <PageHead
        text={
          <>
            <Sentence record="customer" condition={signal.condition} />
            {advice && (
              <p className="text-t3">
                {t('risks.advice')}: {advice}
              </p>
            )}
          </>
        }
      >
        <Facts
          facts={[
            { label: t('risks.level'), value: <LevelBadge level={signal.level} /> },
            { label: t('risks.customers'), value: format.number(signal.customers) },
            {
              label: t('risks.change30'),
              value: format.change(signal.customers - signal.customersBefore30, 0),
              small: t('risks.change30Hint', { came: signal.came30, ended: signal.ended30 }),
            },
          ]}
        />
      </PageHead>
      {signal.fault && <Note tone="red">{t('risks.fault', { fault: signal.fault })}</Note>}
      {signal.state === 'enabled' && !signal.judged && (
        <Note>{t('risks.unjudgedHint', { events: signal.events.join(t('record.comma')) })}</Note>
      )}
      <Tabs
        label={t('risks.title')}
        value={tab}
        onChange={setTab}
        tabs={(['open', 'ended'] as const).map(value => ({
          value,
          label: t(`risks.tab.${value}`),
          content: <Customers key={value} signal={signal} show={value} />,
        }))}
      />
    </>
  )
}

type Shown = RouteReply<typeof listSignalCustomers>['items'][number]

function Customers({ signal, show }: { signal: Signal; show: 'open' | 'ended' }) {
  const t = useText()
  const format = useFormat()
  const customers = useRoutePages(listSignalCustomers, { params: { id: signal.id }, query: { show, limit: 50 } })
  const columns = useMemo<Column<Shown>[]>(() => {
    const day = (value: string | null) =>
      value ? (
        <time title={format.dateTime(value)} dateTime={value}>
          {format.relative(value)}
        </time>
      ) : (
        '–'
      )
    return [
      {
        id: 'name',
        header: t('risks.customer'),
        clip: true,
        cell: row => (
          <Link to="/customers/$id" params={{ id: row.id }} search={{ tab: 'health' }} title={row.name}>
            {row.name}
          </Link>
        ),
      },
      {
        id: 'owner',
        header: t('risks.owner'),
        width: 224,
        narrow: 'hide',
        cell: row => <Owner name={row.ownerName} />,
      },
      {
        id: 'arr',
        header: t('record.field.arr'),
        align: 'end',
        width: 136,
        narrow: 'hide',
        cell: row => (row.arr > 0 ? format.money(row.arr, row.currency) : <span className="text-t3">–</span>),
      },
      { id: 'since', header: t('risks.since'), align: 'end', width: 112, cell: row => day(row.since) },
      ...(show === 'ended'
        ? [
            {
              id: 'ended',
              header: t('risks.until'),
              align: 'end' as const,
              width: 112,
              cell: (row: Shown) => day(row.ended),
            },
          ]
        : []),
    ]
  }, [t, format, show])
  return (
    <DataTable
      id={`signal-${show}`}
      fixed
      label={t(`risks.tab.${show}`)}
      columns={columns}
      rows={customers.rows}
      rowId={row => `${row.id} ${row.since}`}
      rowName={row => row.name}
      more={customers.more}
      problem={customers.problem ? { text: wordsOf(customers.problem, t), retry: customers.retry } : undefined}
      empty={<EmptyState title={t(show === 'open' ? 'risks.nobody' : 'risks.nobodyEnded')} text="" />}
    />
  )
}

function Actions({ signal }: { signal: Signal }) {
  const t = useText()
  const { locale } = useLocale()
  const navigate = useNavigate()
  const mayManage = useMay('health.manage')
  const [deleting, setDeleting] = useState(false)
  const params = { id: signal.id }
  const stale = [listRiskSignals.path]
  const update = useCommand(updateRiskSignal, { stale })
  const remove = useCommand(deleteRiskSignal, {
    stale,
    onDone: () => {
      toastDone(t('risks.deleted'))
      void navigate({ to: '/signals' })
    },
  })
  const change = (state: 'enabled' | 'paused') => void update.run({ params, body: { state } })
  return (
    <>
      <Link
        to="/customers"
        search={{ filter: [{ field: 'signals', op: 'in', value: [signal.key] }] }}
        className="k-button"
        data-size="small"
      >
        {t('risks.openList')}
      </Link>
      {mayManage && (
        <Menu trigger={<IconButton icon="more" kind="normal" label={t('risks.actions')} />}>
          <MenuItem icon="note" onSelect={() => void navigate({ to: '/signals/$id/edit', params })}>
            {t('risks.edit')}
          </MenuItem>
          {signal.state === 'enabled' ? (
            <MenuItem icon="pause" onSelect={() => change('paused')}>
              {t('risks.pause')}
            </MenuItem>
          ) : (
            <MenuItem icon="play" onSelect={() => change('enabled')}>
              {t('risks.enable')}
            </MenuItem>
          )}
          <MenuItem icon="trash" tone="danger" onSelect={() => setDeleting(true)}>
            {t('risks.delete')}
          </MenuItem>
        </Menu>
      )}
      {deleting && (
        <ConfirmDialog
          open
          destroys
          onClose={() => setDeleting(false)}
          title={t('risks.deleteTitle', { name: nameOf(signal, locale) })}
          text={t('risks.deleteText')}
          confirm={t('risks.delete')}
          onConfirm={() => remove.run({ params })}
        />
      )}
    </>
  )
}
