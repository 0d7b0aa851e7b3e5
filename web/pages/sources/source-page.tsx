import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useEffect } from 'react'
import { getSource } from '../../../server/collect/ingest/contract/sources.ts'
import { useRoute, wordsOf } from '../../api/hooks.ts'
import { useMay } from '../../api/session.tsx'
import { Screen } from '../../frame/screen.tsx'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { Badge } from '../../kit/badge.tsx'
import { Button } from '../../kit/button.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Facts, Page } from '../../kit/layout.tsx'
import { SkeletonRows } from '../../kit/skeleton.tsx'
import { Tabs } from '../../kit/tabs.tsx'
import { DebuggerTab } from './debugger-tab.tsx'
import { EventsTab } from './events-tab.tsx'
import { OverviewTab } from './overview-tab.tsx'
import { SettingsTab } from './settings-tab.tsx'
import { type Source, stateLook, stateOf } from './source-state.ts'
import './sources.css'

const refreshSeconds = 10

export function SourcePage() {
  const t = useText()
  const { id } = useParams({ from: '/workspace/sources/$id' })
  const source = useRoute(getSource, { params: { id } })
  const { refetch } = source
  // Of the source alone: its paths begin those of its events, which may be paused.
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') void refetch()
    }, refreshSeconds * 1_000)
    return () => clearInterval(timer)
  }, [refetch])
  return (
    <Screen title={source.data?.name ?? t('sources.one')} crumbs={[{ label: t('sources.title'), to: '/sources' }]}>
      <Page>
        {source.data ? (
          <SourceBody key={id} source={source.data} />
        ) : source.error ? (
          <EmptyState
            title={t('sources.missing')}
            text={wordsOf(source.error, t)}
            actions={
              <>
                <Button onClick={() => void source.refetch()}>{t('kit.table.retry')}</Button>
                <Link to="/sources" className="k-button" data-kind="quiet">
                  {t('sources.back')}
                </Link>
              </>
            }
          />
        ) : (
          <SkeletonRows rows={8} />
        )}
      </Page>
    </Screen>
  )
}

function SourceBody({ source }: { source: Source }) {
  const t = useText()
  const mayManage = useMay('sources.manage')
  const search = useSearch({ from: '/workspace/sources/$id' })
  const navigate = useNavigate({ from: '/sources/$id' })
  const tab = search.tab === 'settings' && !mayManage ? 'overview' : (search.tab ?? 'overview')
  const tabs = [
    { value: 'overview' as const, content: <OverviewTab source={source} /> },
    { value: 'events' as const, content: <EventsTab source={source} /> },
    { value: 'debugger' as const, content: <DebuggerTab source={source} /> },
    ...(mayManage ? [{ value: 'settings' as const, content: <SettingsTab source={source} /> }] : []),
  ]
  return (
    <>
      <SourceFacts source={source} />
      <div className="pt-5">
        <Tabs
          label={t('sources.tabs')}
          value={tab}
          onChange={next => void navigate({ search: next === 'overview' ? {} : { tab: next }, resetScroll: false })}
          tabs={tabs.map(each => ({ ...each, label: t(`sources.tab.${each.value}`) }))}
        />
      </div>
    </>
  )
}

function SourceFacts({ source }: { source: Source }) {
  const t = useText()
  const format = useFormat()
  const state = stateOf(source)
  const { day } = source
  return (
    <Facts
      facts={[
        {
          label: t('sources.state'),
          value: (
            <Badge tone={stateLook[state].tone} icon={stateLook[state].icon}>
              {t(`sources.state.${state}`)}
            </Badge>
          ),
        },
        {
          label: t('sources.lastSeen'),
          value: source.lastSeenAt ? format.relative(source.lastSeenAt) : t('sources.never'),
        },
        { label: t('sources.count.accepted'), value: format.number(day.accepted) },
        { label: t('sources.count.duplicated'), value: format.number(day.duplicated) },
        {
          label: t('sources.count.rejected'),
          value: <span className={day.rejected > 0 ? 'text-red' : undefined}>{format.number(day.rejected)}</span>,
        },
      ]}
    />
  )
}
