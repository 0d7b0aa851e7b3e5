import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { listRequests } from '../../../server/engage/flows/contract/enrolments.ts'
import { deleteFlow, listFlows } from '../../../server/engage/flows/contract/flows.ts'
import type { RouteReply } from '../../../server/platform/http/contract.ts'
import { useCommand, useRoute, wordsOf } from '../../api/hooks.ts'
import { useMay } from '../../api/session.tsx'
import { Screen } from '../../frame/screen.tsx'
import { nameOf } from '../../i18n/name-of.ts'
import { useFormat, useLocale, useText } from '../../i18n/provider.tsx'
import { Badge } from '../../kit/badge.tsx'
import { Button, IconButton } from '../../kit/button.tsx'
import { type Column, DataTable } from '../../kit/data-table.tsx'
import { ConfirmDialog } from '../../kit/dialog.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Page } from '../../kit/layout.tsx'
import { Menu, MenuItem } from '../../kit/menu.tsx'
import { useShortcut } from '../../kit/shortcuts.tsx'
import { Tabs } from '../../kit/tabs.tsx'
import { toastDone } from '../../kit/toast.tsx'
import { CapDialog } from './cap-dialog.tsx'
import { ContactLog } from './contact-log.tsx'
import './flows.css'
import { NewFlowDialog } from './new-flow-dialog.tsx'
import { Requests } from './requests.tsx'
import { flowsSearchOf } from './search.ts'
import { staleFlows, stateTones } from './whole-flow.ts'
import { WinBack } from './win-back.tsx'

type Line = RouteReply<typeof listFlows>['items'][number]

/** All flows, and what they wait for people to decide. */
export function FlowsPage() {
  const t = useText()
  const mayManage = useMay('flows.manage')
  const { tab = 'flows', open } = flowsSearchOf({ ...useSearch({ from: '/workspace/flows' }) })
  const navigate = useNavigate()
  const [asked, setAsked] = useState<'new' | 'cap'>()
  const waiting = useRoute(listRequests, { query: { view: 'waiting', kind: 'approval', mine: 'true', limit: 50 } }).data
  useShortcut('n', t('flows.new'), 'general', () => mayManage && setAsked('new'))
  const count = waiting?.items.length ?? 0
  return (
    <Screen
      title={t('flows.flows')}
      actions={
        mayManage && (
          <>
            <Button kind="primary" size="small" icon="plus" onClick={() => setAsked('new')}>
              {t('flows.new')}
            </Button>
            <Menu trigger={<IconButton icon="more" label={t('flows.more')} />}>
              <MenuItem icon="settings" onSelect={() => setAsked('cap')}>
                {t('flows.capMenu')}
              </MenuItem>
            </Menu>
          </>
        )
      }
    >
      <Page>
        <Tabs
          label={t('flows.flows')}
          value={tab}
          onChange={next =>
            void navigate({ to: '/flows', search: next === 'flows' ? {} : { tab: next }, replace: true })
          }
          tabs={[
            {
              value: 'flows',
              label: t('flows.all'),
              content: <FlowTable mayManage={mayManage} onNew={() => setAsked('new')} />,
            },
            {
              value: 'requests',
              label: t('flows.requests'),
              ...(count > 0 && { count: `${count}${waiting?.next ? '+' : ''}` }),
              content: <Requests first={open} />,
            },
            { value: 'contacts', label: t('flows.contacts'), content: tab === 'contacts' && <ContactLog /> },
            { value: 'winBack', label: t('flows.winBack'), content: tab === 'winBack' && <WinBack /> },
          ]}
        />
      </Page>
      {asked === 'new' && <NewFlowDialog onClose={() => setAsked(undefined)} />}
      {asked === 'cap' && <CapDialog onClose={() => setAsked(undefined)} />}
    </Screen>
  )
}

function FlowTable({ mayManage, onNew }: { mayManage: boolean; onNew: () => void }) {
  const t = useText()
  const format = useFormat()
  const { locale } = useLocale()
  const { data, error, refetch } = useRoute(listFlows, { query: {} })
  const [removing, setRemoving] = useState<Line>()
  const remove = useCommand(deleteFlow, { stale: staleFlows, onDone: () => toastDone(t('flows.deleted')) })
  const columns = useMemo<Column<Line>[]>(
    () => [
      {
        id: 'name',
        header: t('flows.name'),
        clip: true,
        sort: row => nameOf(row, locale),
        cell: row => (
          <Link to="/flows/$id" params={{ id: row.id }} className="k-name" title={nameOf(row, locale)}>
            {nameOf(row, locale)}
          </Link>
        ),
      },
      {
        id: 'kind',
        header: t('flows.kind'),
        width: 140,
        narrow: 'hide',
        sort: row => t(`flows.kind.${row.kind}`),
        cell: row => t(`flows.kind.${row.kind}`),
      },
      {
        id: 'state',
        header: t('flows.state'),
        width: 132,
        sort: row => row.state,
        cell: row => (
          <span className="fl-states">
            <Badge tone={row.fault ? 'red' : stateTones[row.state]}>{t(`flows.state.${row.state}`)}</Badge>
            {row.changed && row.version !== null && <Badge tone="line">{t('flows.changed')}</Badge>}
          </span>
        ),
      },
      {
        id: 'active',
        header: t('flows.active'),
        align: 'end',
        width: 96,
        sort: row => row.active,
        cell: row => format.number(row.active),
      },
      {
        id: 'failed',
        header: t('flows.failed'),
        align: 'end',
        width: 88,
        narrow: 'hide',
        sort: row => row.failed,
        cell: row => (row.failed > 0 ? <b className="text-red">{format.number(row.failed)}</b> : '0'),
      },
      {
        id: 'ended',
        header: t('flows.ended'),
        align: 'end',
        width: 96,
        narrow: 'hide',
        sort: row => row.ended,
        cell: row => format.number(row.ended),
      },
      {
        id: 'published',
        header: t('flows.publishedAt'),
        align: 'end',
        width: 120,
        narrow: 'hide',
        optional: true,
        sort: row => row.publishedAt ?? '',
        cell: row =>
          row.publishedAt ? (
            <time title={format.dateTime(row.publishedAt)}>{format.relative(row.publishedAt)}</time>
          ) : (
            <span className="text-t3">–</span>
          ),
      },
      ...(mayManage
        ? [
            {
              id: 'actions',
              header: t('flows.actions'),
              actions: true,
              align: 'end' as const,
              width: 40,
              cell: (row: Line) =>
                row.version === null && (
                  <Menu trigger={<IconButton icon="more" label={`${t('flows.actions')}: ${nameOf(row, locale)}`} />}>
                    <MenuItem icon="trash" tone="danger" onSelect={() => setRemoving(row)}>
                      {t('flows.delete')}
                    </MenuItem>
                  </Menu>
                ),
            },
          ]
        : []),
    ],
    [t, format, locale, mayManage],
  )
  return (
    <>
      <DataTable
        id="flows"
        label={t('flows.flows')}
        columns={columns}
        rows={data?.items}
        rowId={row => row.id}
        rowName={row => nameOf(row, locale)}
        problem={error ? { text: wordsOf(error, t), retry: () => void refetch() } : undefined}
        empty={
          <EmptyState
            title={t('flows.none')}
            text={t('flows.noneText')}
            actions={
              mayManage && (
                <Button kind="primary" onClick={onNew}>
                  {t('flows.new')}
                </Button>
              )
            }
          />
        }
      />
      {removing && (
        <ConfirmDialog
          open
          destroys
          onClose={() => setRemoving(undefined)}
          title={t('flows.deleteTitle', { name: nameOf(removing, locale) })}
          text={t('flows.deleteText')}
          confirm={t('flows.deleteNow')}
          onConfirm={() => remove.run({ params: { id: removing.id } })}
        />
      )}
    </>
  )
}
