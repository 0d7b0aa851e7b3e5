import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import { type Alert, listAlerts } from '../../../server/engage/alerts/contract/alerts.ts'
import { useRoutePages, wordsOf } from '../../api/hooks.ts'
import { useSession } from '../../api/session.tsx'
import { Screen } from '../../frame/screen.tsx'
import { useText } from '../../i18n/provider.tsx'
import { BulkBar } from '../../kit/bulk-bar.tsx'
import { Button } from '../../kit/button.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Page } from '../../kit/layout.tsx'
import { Note } from '../../kit/note.tsx'
import { useShortcut } from '../../kit/shortcuts.tsx'
import { SkeletonRows } from '../../kit/skeleton.tsx'
import { AlertDrawer } from './alert-drawer.tsx'
import './alerts.css'
import { ActionDialog, type Asked } from './dialogs.tsx'
import { Filters } from './filters.tsx'
import type { AlertsSearch } from './search.ts'
import { AlertTable } from './table.tsx'
import { useAlertActions } from './use-actions.ts'

/** The inbox: what needs somebody, the gravest first. */
export function AlertsPage() {
  const t = useText()
  const navigate = useNavigate()
  const search = useSearch({ from: '/workspace/alerts' })
  const { member } = useSession()
  const scope = member.grants['alerts.handle']
  // Who comes by a link to an alert or a rule wants to see it, whoever's it is.
  const [first] = useState(() => (search.open || search.rule ? 'all' : (scope ?? 'all')))
  const mine = search.mine ?? first
  const change = (next: AlertsSearch) => void navigate({ to: '/alerts', search: next, replace: true })
  const { view, severity, rule } = search
  const pages = useRoutePages(listAlerts, {
    query: { limit: 100, view, severity, ruleId: rule, ...(mine !== 'all' && { mine }) },
  })
  return (
    <Screen
      title={t('alerts.title')}
      actions={
        <Link to="/settings/alert-rules" className="k-button" data-size="small">
          <span>{t('alerts.rulesLink')}</span>
        </Link>
      }
    >
      <Page>
        <Filters search={search} mine={mine} onChange={change} />
        {pages.problem && (
          <Note tone="red" alert>
            {wordsOf(pages.problem, t)}{' '}
            <button type="button" className="k-link" onClick={pages.retry}>
              {t('kit.table.retry')}
            </button>
          </Note>
        )}
        {pages.rows === undefined && !pages.problem && <SkeletonRows rows={8} />}
        {pages.rows && (
          <Inbox
            rows={pages.rows}
            more={pages.more}
            open={search.open}
            onOpen={open => change({ ...search, open })}
            isNarrowed={Boolean(view || severity || rule || mine !== 'all')}
            onClear={() => change({ mine: 'all' })}
          />
        )}
      </Page>
    </Screen>
  )
}

interface InboxProps {
  rows: readonly Alert[]
  more: { load: () => void; pending: boolean } | undefined
  open: string | undefined
  onOpen: (id: string | undefined) => void
  isNarrowed: boolean
  onClear: () => void
}

function Inbox({ rows, more, open, onOpen, isNarrowed, onClear }: InboxProps) {
  const t = useText()
  const table = useRef<HTMLTableElement>(null)
  const { act, pending } = useAlertActions()
  const [active, setActive] = useState<string>()
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const [asked, setAsked] = useState<{ what: Asked; ids: string[] }>()
  const shown = new Set(rows.map(({ id }) => id))
  const ticked = [...chosen].filter(id => shown.has(id))
  const current = rows.find(({ id }) => id === active)

  const move = (step: number) => {
    const at = rows.findIndex(({ id }) => id === active)
    const next = rows[Math.max(0, Math.min(rows.length - 1, at < 0 ? 0 : at + step))]
    if (!next) return
    setActive(next.id)
    table.current?.querySelector<HTMLElement>(`[data-alert="${next.id}"]`)?.focus()
  }
  /** The ticked ones, else the one at the keyboard. */
  const meant = () => (ticked.length > 0 ? ticked : current?.mayHandle ? [current.id] : [])
  const ask = (what: Asked, ids = meant()) => ids.length > 0 && setAsked({ what, ids })
  const acknowledge = (ids = meant()) => {
    if (ids.length > 0)
      void act({ action: 'acknowledge', ids }).then(
        () => setChosen(new Set()),
        () => {},
      )
  }
  useShortcut('j', t('alerts.next'), 'general', () => move(1))
  useShortcut('k', t('alerts.previous'), 'general', () => move(-1))
  useShortcut('a', t('alerts.acknowledge'), 'general', () => acknowledge())
  useShortcut('s', t('alerts.snoozeDots'), 'general', () => ask('snooze'))
  useShortcut('r', t('alerts.resolveDots'), 'general', () => ask('resolve'))
  useShortcut('x', t('alerts.chooseKey'), 'general', () => {
    if (!current?.mayHandle) return
    const next = new Set(chosen)
    if (!next.delete(current.id)) next.add(current.id)
    setChosen(next)
  })

  return (
    <>
      {rows.length === 0 ? (
        <EmptyState
          title={t(isNarrowed ? 'alerts.none' : 'alerts.calm')}
          text={t(isNarrowed ? 'alerts.noneText' : 'alerts.calmText')}
          actions={
            isNarrowed ? (
              <Button onClick={onClear}>{t('alerts.mine.all', { count: 0 }).replace(/\s*0$/, '')}</Button>
            ) : (
              <Link to="/settings/alert-rules" className="k-button">
                {t('alerts.toRules')}
              </Link>
            )
          }
        />
      ) : (
        <>
          <AlertTable
            rows={rows}
            active={active}
            chosen={chosen}
            onChoose={setChosen}
            onActive={setActive}
            onOpen={onOpen}
            table={table}
          />
          <div className="k-table-foot">
            <span className="text-t3 a-keys">{t('alerts.keysHint')}</span>
            {more && (
              <Button size="small" pending={more.pending} onClick={more.load}>
                {t('alerts.more')}
              </Button>
            )}
          </div>
        </>
      )}
      {ticked.length > 0 && (
        <BulkBar text={t('alerts.chosen', { count: ticked.length })} onClear={() => setChosen(new Set())}>
          <Button size="small" pending={pending} onClick={() => acknowledge(ticked)}>
            {t('alerts.acknowledge')}
          </Button>
          <Button size="small" onClick={() => ask('assign', ticked)}>
            {t('alerts.assignDots')}
          </Button>
          <Button size="small" onClick={() => ask('snooze', ticked)}>
            {t('alerts.snoozeDots')}
          </Button>
          <Button size="small" onClick={() => ask('resolve', ticked)}>
            {t('alerts.resolveDots')}
          </Button>
        </BulkBar>
      )}
      {open && <AlertDrawer id={open} act={act} onAsk={what => ask(what, [open])} onClose={() => onOpen(undefined)} />}
      {asked && (
        <ActionDialog
          asked={asked.what}
          ids={asked.ids}
          act={async action => {
            await act(action)
            setChosen(new Set())
          }}
          onClose={() => setAsked(undefined)}
        />
      )}
    </>
  )
}
