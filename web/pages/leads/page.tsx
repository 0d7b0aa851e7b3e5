import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useMemo, useState } from 'react'
import type { RouteReply } from '../../../server/platform/http/contract.ts'
import { leadStatistics, listLeads, scoreLeads } from '../../../server/signals/scoring/contract/leads.ts'
import { useCommand, useRoute, useRoutePages, wordsOf } from '../../api/hooks.ts'
import { useMay, useSession } from '../../api/session.tsx'
import { useStageName } from '../../features/record/stage-names.ts'
import { HotBadge, Points, Score, Spread } from '../../features/scoring/score.tsx'
import { Screen } from '../../frame/screen.tsx'
import { nameOf } from '../../i18n/name-of.ts'
import { useFormat, useLocale, useText } from '../../i18n/provider.tsx'
import { Button, Segments } from '../../kit/button.tsx'
import { type Column, DataTable } from '../../kit/data-table.tsx'
import { useDebounced } from '../../kit/debounced.ts'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Select, TextInput } from '../../kit/field.tsx'
import { Facts, Page, PageHead } from '../../kit/layout.tsx'
import { toastDone } from '../../kit/toast.tsx'
import './leads.css'
import type { LeadsSearch } from './search.ts'

type Lead = RouteReply<typeof listLeads>['items'][number]
type Statistics = RouteReply<typeof leadStatistics>

/** Leads, the most promising first, with what speaks for them. */
export function LeadsPage() {
  const t = useText()
  const mayManage = useMay('leads.manage')
  const { data } = useRoute(leadStatistics)
  const score = useCommand(scoreLeads, {
    stale: ['/api/v1/automation/leads'],
    onDone: ({ leads, changed }) => toastDone(t('leads.scored', { leads, changed })),
  })
  return (
    <Screen
      title={t('leads.title')}
      actions={
        <>
          {mayManage && (
            <Button
              size="small"
              icon="refresh"
              pending={score.pending}
              onClick={() => void score.run({}).catch(() => {})}
            >
              {t('leads.scoreNow')}
            </Button>
          )}
          <Link to="/settings/scoring" className="k-button" data-size="small">
            <span>{t('leads.rulesLink')}</span>
          </Link>
        </>
      }
    >
      <Page>
        {data && data.leads > 0 && <Head statistics={data} />}
        <LeadTable statistics={data} />
      </Page>
    </Screen>
  )
}

function Head({ statistics: { leads, hot, hot7, mean, distribution, hotAt, scoredAt } }: { statistics: Statistics }) {
  const t = useText()
  const format = useFormat()
  return (
    <div className="e-head">
      <PageHead text={scoredAt ? t('leads.asOf', { when: format.relative(scoredAt) }) : ''}>
        <Facts
          facts={[
            { label: t('leads.count'), value: format.number(leads) },
            { label: t('leads.hot'), value: format.number(hot) },
            { label: t('leads.hot7'), value: format.number(hot7) },
            { label: t('leads.mean'), value: mean === null ? '–' : format.number(mean, 1) },
          ]}
        />
      </PageHead>
      <Spread label={t('leads.distribution')} counts={distribution} hotAt={hotAt} />
    </div>
  )
}

function LeadTable({ statistics }: { statistics: Statistics | undefined }) {
  const t = useText()
  const { member } = useSession()
  const search = useSearch({ from: '/workspace/leads' })
  const navigate = useNavigate({ from: '/leads' })
  const change = (next: LeadsSearch) => void navigate({ search: next, replace: true })
  const { show, stage } = search
  const pages = useRoutePages(listLeads, {
    query: {
      limit: 50,
      ...(show === 'hot' && { hot: 'true' as const }),
      ...(show === 'mine' && { assignee: member.id }),
      ...(stage && { stage }),
      ...(search.search && { search: search.search }),
    },
  })
  const columns = useLeadColumns()
  const isNarrowed = Boolean(show || stage || search.search)
  return (
    <DataTable
      id="leads"
      label={t('leads.title')}
      columns={columns}
      rows={pages.rows}
      rowId={row => row.id}
      rowName={row => row.name}
      more={pages.more}
      problem={pages.problem ? { text: wordsOf(pages.problem, t), retry: pages.retry } : undefined}
      tools={<Tools search={search} stages={statistics?.stages ?? []} onChange={change} />}
      empty={
        isNarrowed ? (
          <EmptyState
            title={t('leads.none')}
            text={t('leads.noneText')}
            actions={<Button onClick={() => change({})}>{t('leads.clear')}</Button>}
          />
        ) : (
          <EmptyState
            title={t('leads.empty')}
            text={t('leads.emptyText')}
            actions={
              <Link to="/settings/scoring" className="k-button" data-kind="primary">
                {t('leads.toRules')}
              </Link>
            }
          />
        )
      }
    />
  )
}

interface ToolsProps {
  search: LeadsSearch
  stages: Statistics['stages']
  onChange: (search: LeadsSearch) => void
}

function Tools({ search, stages, onChange }: ToolsProps) {
  const t = useText()
  const stageName = useStageName()
  const [text, setText] = useState(search.search ?? '')
  const typed = useDebounced(text).trim()
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what was typed leads on; the address leads back itself
  useEffect(() => {
    if (typed !== (search.search ?? '')) onChange({ ...search, search: typed || undefined })
  }, [typed])
  const { show, ...rest } = search
  return (
    <div className="e-tools">
      <Segments
        label={t('leads.show')}
        size="small"
        value={show ?? 'all'}
        options={[
          { value: 'all', label: t('leads.all') },
          { value: 'hot', label: t('leads.onlyHot') },
          { value: 'mine', label: t('leads.mine') },
        ]}
        onChange={value => onChange(value === 'all' ? rest : { ...rest, show: value === 'hot' ? 'hot' : 'mine' })}
      />
      <TextInput
        icon="search"
        type="search"
        aria-label={t('leads.search')}
        placeholder={t('leads.search')}
        value={text}
        onChange={event => setText(event.currentTarget.value)}
      />
      {stages.length > 0 && (
        <span>
          <Select
            aria-label={t('leads.stage')}
            value={search.stage ?? ''}
            options={[
              { value: '', label: t('leads.anyStage') },
              ...stages.map(({ stage }) => ({ value: stage, label: stageName(stage) })),
            ]}
            onChange={event => onChange({ ...search, stage: event.currentTarget.value || undefined })}
          />
        </span>
      )}
    </div>
  )
}

function useLeadColumns(): readonly Column<Lead>[] {
  const t = useText()
  const format = useFormat()
  const { locale } = useLocale()
  const stageName = useStageName()
  return useMemo<Column<Lead>[]>(() => {
    const none = <span className="text-t3">–</span>
    return [
      {
        id: 'score',
        header: t('leads.score'),
        width: 192,
        cell: row => (
          <span className="e-name">
            <Score score={row.score} fit={row.fit} engagement={row.engagement} />
            {row.hot && <HotBadge />}
          </span>
        ),
      },
      {
        id: 'name',
        header: t('leads.name'),
        clip: true,
        cell: row => (
          <span className="e-name" title={row.title ? `${row.name} · ${row.title}` : row.name}>
            <Link to="/contacts/$id" params={{ id: row.id }} className="k-name">
              {row.name}
            </Link>
            {row.title && <small>{row.title}</small>}
          </span>
        ),
      },
      {
        id: 'company',
        header: t('leads.company'),
        clip: true,
        narrow: 'hide',
        cell: row => (row.company ? <span title={row.company}>{row.company}</span> : none),
      },
      {
        id: 'reasons',
        header: t('leads.reasons'),
        clip: true,
        narrow: 'hide',
        cell: row => (
          <span
            className="g-reasons"
            title={row.reasons.map(each => `${nameOf(each, locale)} ${format.change(each.points, 0)}`).join('\n')}
          >
            {row.reasons.map(each => (
              <span key={each.rule}>
                {nameOf(each, locale)} <Points points={Math.round(each.points)} />
              </span>
            ))}
          </span>
        ),
      },
      {
        id: 'change7',
        header: t('leads.change7'),
        align: 'end',
        width: 104,
        narrow: 'hide',
        cell: row => (row.change7 ? <Points points={Math.round(row.change7)} /> : none),
      },
      {
        id: 'stage',
        header: t('leads.stage'),
        width: 120,
        narrow: 'hide',
        cell: row =>
          row.stage ? (
            <span className="e-clip" title={stageName(row.stage)}>
              {stageName(row.stage)}
            </span>
          ) : (
            none
          ),
      },
      {
        id: 'owner',
        header: t('leads.owner'),
        width: 120,
        narrow: 'hide',
        cell: row =>
          row.assigneeName ? (
            <span className="e-clip" title={row.assigneeName}>
              {row.assigneeName}
            </span>
          ) : (
            none
          ),
      },
      {
        id: 'lastSeen',
        header: t('leads.lastSeen'),
        align: 'end',
        width: 112,
        narrow: 'hide',
        cell: row =>
          row.lastSeenAt ? (
            <time title={format.dateTime(row.lastSeenAt)}>{format.relative(row.lastSeenAt)}</time>
          ) : (
            none
          ),
      },
    ]
  }, [t, format, locale, stageName])
}
