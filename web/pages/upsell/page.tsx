import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { listUpsell, type UpsellOpportunity } from '../../../server/engage/upsell/contract/opportunities.ts'
import { useRoutePages, wordsOf } from '../../api/hooks.ts'
import { useMay } from '../../api/session.tsx'
import { Owner } from '../../features/record/owner.tsx'
import { Screen } from '../../frame/screen.tsx'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { Badge } from '../../kit/badge.tsx'
import { Button } from '../../kit/button.tsx'
import { type Column, DataTable } from '../../kit/data-table.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Page, PageHead } from '../../kit/layout.tsx'
import { ActionsForChosen } from './actions.tsx'
import { Filters } from './filters.tsx'
import { type UpsellSearch, upsellSearchOf } from './search.ts'
import { SettingsDialog } from './settings-dialog.tsx'
import './upsell.css'

/** Customers to whom a larger plan can be offered: why, why now, and what it would be worth. */
export function UpsellPage() {
  const t = useText()
  const format = useFormat()
  const search = upsellSearchOf({ ...useSearch({ from: '/workspace/upsell' }) })
  const navigate = useNavigate({ from: '/upsell' })
  const mayManage = useMay('tiers.manage')
  const [setting, setSetting] = useState(false)
  const change = (next: UpsellSearch) =>
    void navigate({ search: upsellSearchOf({ ...next }), replace: true, resetScroll: false })
  const pages = useRoutePages(listUpsell, { query: { ...search, limit: 50 } })
  const columns = useColumns()
  const { first } = pages
  return (
    <Screen
      title={t('upsell.title')}
      crumbs={[{ to: '/customers', label: t('customers.title') }]}
      actions={
        <>
          <Link to="/upsell/roi" className="k-button" data-size="small">
            {t('upsell.roi')}
          </Link>
          {mayManage && (
            <Button size="small" icon="settings" onClick={() => setSetting(true)}>
              {t('upsell.prices')}
            </Button>
          )}
        </>
      }
    >
      <Page>
        <PageHead
          text={
            first && first.total > 0
              ? t('upsell.sum', { count: first.total, sum: format.shortMoney(first.estimatedArr, first.currency) })
              : t('upsell.about')
          }
        />
        <DataTable
          id="upsell"
          label={t('upsell.title')}
          columns={columns}
          rows={pages.rows}
          rowId={row => row.id}
          rowName={row => row.customerName}
          total={first?.total}
          more={pages.more}
          bulk={(ids, clear) => (
            <ActionsForChosen rows={(pages.rows ?? []).filter(({ id }) => ids.includes(id))} onDone={clear} />
          )}
          problem={pages.problem ? { text: wordsOf(pages.problem, t), retry: pages.retry } : undefined}
          tools={<Filters search={search} onChange={change} />}
          empty={
            Object.keys(search).length > 0 ? (
              <EmptyState
                title={t('upsell.none')}
                text={t('upsell.noneText')}
                actions={<Button onClick={() => change({})}>{t('upsell.clear')}</Button>}
              />
            ) : (
              <EmptyState title={t('upsell.empty')} text={t('upsell.emptyText')} />
            )
          }
        />
      </Page>
      {setting && <SettingsDialog onClose={() => setSetting(false)} />}
    </Screen>
  )
}

const tones = { open: 'accent', working: 'yellow', won: 'green', lost: 'plain', expired: 'plain' } as const

function useColumns(): readonly Column<UpsellOpportunity>[] {
  const t = useText()
  const format = useFormat()
  return useMemo<Column<UpsellOpportunity>[]>(
    () => [
      {
        id: 'customer',
        header: t('upsell.customer'),
        width: 200,
        clip: true,
        cell: row => (
          <Link to="/customers/$id" params={{ id: row.customerId }} title={row.customerName}>
            {row.customerName}
          </Link>
        ),
      },
      {
        id: 'kind',
        header: t('upsell.plans'),
        width: 168,
        clip: true,
        narrow: 'hide',
        cell: row => (
          <span title={t(`upsell.kind.${row.kind}`)}>{t('record.fromTo', { from: row.plan, to: row.nextPlan })}</span>
        ),
      },
      {
        id: 'why',
        header: t('upsell.why'),
        clip: true,
        narrow: 'hide',
        cell: row => {
          const text = format.list(
            row.signals.map(({ key, value, event }) => t(`upsell.signal.${key}`, { value, event: event ?? '' })),
          )
          return <span title={text}>{text}</span>
        },
      },
      {
        id: 'timing',
        header: t('upsell.timing'),
        width: 168,
        narrow: 'hide',
        cell: row => (
          <span className="up-badges">
            {row.timing.map(each => (
              <Badge key={each}>{t(`upsell.timing.${each}`)}</Badge>
            ))}
          </span>
        ),
      },
      {
        id: 'users',
        header: t('upsell.users'),
        align: 'end',
        width: 72,
        narrow: 'hide',
        cell: row => format.number(row.users),
      },
      {
        id: 'uses',
        header: t('upsell.uses'),
        align: 'end',
        width: 88,
        narrow: 'hide',
        cell: row => format.number(row.uses),
      },
      {
        id: 'arr',
        header: t('upsell.arr'),
        align: 'end',
        width: 112,
        cell: row => (
          <span title={t('upsell.arrOf', { users: row.users, plan: row.nextPlan })}>
            {format.money(row.estimatedArr, row.currency)}
          </span>
        ),
      },
      {
        id: 'status',
        header: t('upsell.status'),
        width: 88,
        cell: row => <Badge tone={tones[row.status]}>{t(`upsell.status.${row.status}`)}</Badge>,
      },
      {
        id: 'owner',
        header: t('upsell.owner'),
        width: 120,
        clip: true,
        narrow: 'hide',
        cell: row => <Owner name={row.ownerName} />,
      },
      {
        id: 'contactBy',
        header: t('upsell.contactBy'),
        align: 'end',
        width: 96,
        optional: true,
        narrow: 'hide',
        cell: row => (row.contactBy ? format.day(row.contactBy) : <span className="text-t3">–</span>),
      },
      {
        id: 'roi',
        header: t('upsell.roiShort'),
        width: 80,
        narrow: 'hide',
        cell: row => (
          <Link to="/upsell/roi" search={{ customer: row.customerId }} className="k-link">
            {t('upsell.roiShort')}
            <span className="k-hidden"> {row.customerName}</span>
          </Link>
        ),
      },
    ],
    [t, format],
  )
}
