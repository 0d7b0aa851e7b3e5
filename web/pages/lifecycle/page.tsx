import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { listStages, useStandardStages } from '../../../server/signals/lifecycle/contract/stages.ts'
import { useCommand, useRoute, wordsOf } from '../../api/hooks.ts'
import { useMay } from '../../api/session.tsx'
import { Screen } from '../../frame/screen.tsx'
import { useText } from '../../i18n/provider.tsx'
import { Button } from '../../kit/button.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Page } from '../../kit/layout.tsx'
import { SkeletonRows } from '../../kit/skeleton.tsx'
import { Tabs } from '../../kit/tabs.tsx'
import { toastDone } from '../../kit/toast.tsx'
import { Board } from './board.tsx'
import { Funnel } from './funnel.tsx'
import { Moves } from './moves.tsx'
import { staleLifecycle } from './stages.ts'
import './lifecycle.css'

const tabs = ['board', 'funnel', 'moves'] as const

/** How far leads have come: by stage, as a funnel, and move by move. */
export function LifecyclePage() {
  const t = useText()
  const mayManage = useMay('leads.manage')
  const { tab = 'board' } = useSearch({ from: '/workspace/lifecycle' })
  const navigate = useNavigate({ from: '/lifecycle' })
  const { data, error, refetch } = useRoute(listStages)
  const contents = {
    board: <Board stages={data?.items ?? []} unstaged={data?.unstaged ?? 0} />,
    funnel: <Funnel />,
    moves: <Moves />,
  }
  return (
    <Screen
      title={t('lifecycle.title')}
      actions={
        mayManage && (
          <Link to="/settings/lifecycle" className="k-button" data-size="small">
            {t('lifecycle.define')}
          </Link>
        )
      }
    >
      <Page>
        {error && !data ? (
          <EmptyState
            title={t('lifecycle.failed')}
            text={wordsOf(error, t)}
            actions={<Button onClick={() => void refetch()}>{t('kit.table.retry')}</Button>}
          />
        ) : !data ? (
          <SkeletonRows rows={8} />
        ) : data.items.length === 0 ? (
          <NoStages />
        ) : (
          <Tabs
            label={t('lifecycle.tabs')}
            value={tab}
            onChange={next => void navigate({ search: before => ({ ...before, tab: next }), resetScroll: false })}
            tabs={tabs.map(value => ({ value, label: t(`lifecycle.tab.${value}`), content: contents[value] }))}
          />
        )}
      </Page>
    </Screen>
  )
}

function NoStages() {
  const t = useText()
  const mayManage = useMay('leads.manage')
  const make = useCommand(useStandardStages, {
    stale: staleLifecycle,
    onDone: () => toastDone(t('lifecycle.usedStandard')),
  })
  return (
    <EmptyState
      title={t('lifecycle.empty')}
      text={t(mayManage ? 'lifecycle.emptyText' : 'lifecycle.emptyReader')}
      actions={
        mayManage && (
          <>
            <Button
              kind="primary"
              pending={make.pending}
              onClick={() => void make.run({ body: { actNow: false } }).catch(() => {})}
            >
              {t('lifecycle.useStandard')}
            </Button>
            <Link to="/settings/lifecycle/new" className="k-button">
              {t('lifecycle.settings.new')}
            </Link>
          </>
        )
      }
    />
  )
}
