import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { healthOverview, recalculate } from '../../../server/signals/scorecards/contract/health.ts'
import { useCommand, useRoute, wordsOf } from '../../api/hooks.ts'
import { useMay } from '../../api/session.tsx'
import { AboutKpi } from '../../features/kpis/about.tsx'
import { Screen } from '../../frame/screen.tsx'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { Button, Segments } from '../../kit/button.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Facts, Page, PageHead } from '../../kit/layout.tsx'
import { SkeletonRows } from '../../kit/skeleton.tsx'
import { toastDone } from '../../kit/toast.tsx'
import { BandTable } from './band-table.tsx'
import { GroupTables } from './group-tables.tsx'
import { Movers } from './movers.tsx'
import type { Overview } from './overview.ts'
import { TrendChart } from './trend-chart.tsx'
import '../../features/scorecards/scorecards.css'

/** The health of the whole portfolio: how it is spread, how it went, who moved and why. */
export function HealthPage() {
  const t = useText()
  const { mine, moved } = useSearch({ from: '/workspace/health' })
  const navigate = useNavigate({ from: '/health' })
  const { data, error, refetch } = useRoute(healthOverview, { query: { mine } })
  return (
    <Screen
      title={t('health.title')}
      actions={
        <Link to="/health/scorecards" className="k-button" data-size="small">
          {t('health.scorecards')}
        </Link>
      }
    >
      <Page>
        <PageHead text={data && <OverviewFacts overview={data} />}>
          <Segments
            label={t('health.whose')}
            size="small"
            value={mine ?? 'all'}
            onChange={next =>
              void navigate({
                search: { ...(next !== 'all' && { mine: next }), ...(moved && { moved }) },
                resetScroll: false,
              })
            }
            options={[
              { value: 'all', label: t('health.whose.all') },
              { value: 'team', label: t('health.whose.team') },
              { value: 'own', label: t('health.whose.own') },
            ]}
          />
        </PageHead>
        {error && !data ? (
          <EmptyState
            title={t('health.failed')}
            text={wordsOf(error, t)}
            actions={<Button onClick={() => void refetch()}>{t('kit.table.retry')}</Button>}
          />
        ) : !data ? (
          <SkeletonRows rows={10} />
        ) : data.scored === 0 ? (
          <NothingScored customers={data.customers} />
        ) : (
          <>
            <div className="s-two mb-6">
              <BandTable overview={data} mine={mine} />
              <TrendChart overview={data} />
            </div>
            <Movers mine={mine} />
            <GroupTables overview={data} mine={mine} />
          </>
        )}
      </Page>
    </Screen>
  )
}

function OverviewFacts({ overview }: { overview: Overview }) {
  const t = useText()
  const format = useFormat()
  const { customers, scored, mean, coverage, computedAt } = overview
  return (
    <Facts
      facts={[
        {
          label: t('health.mean'),
          value: mean === null ? '–' : format.number(mean, 1),
          small: (
            <>
              {t('health.of100')} <AboutKpi kpi="mean_health" name={t('health.mean')} />
            </>
          ),
        },
        {
          label: t('health.scored'),
          value: t('health.customers', { count: scored }),
          small: t('health.ofCustomers', { count: customers }),
        },
        {
          label: t('health.coverage'),
          value: coverage === null ? '–' : format.percent(coverage),
        },
        { label: t('health.computed'), value: computedAt === null ? '–' : format.relative(computedAt) },
      ]}
    />
  )
}

function NothingScored({ customers }: { customers: number }) {
  const t = useText()
  const mayWrite = useMay('customers.write')
  const again = useCommand(recalculate, { stale: ['/api/v1/health'] })
  const run = async () => {
    await again.run({ body: {} })
    toastDone(t('health.started'))
  }
  return (
    <EmptyState
      title={t(customers === 0 ? 'health.noCustomers' : 'health.noScores')}
      text={t(customers === 0 ? 'health.noCustomersText' : 'health.noScoresText')}
      actions={
        <>
          <Link to="/health/scorecards" className="k-button" data-kind="primary">
            {t('health.openScorecards')}
          </Link>
          {customers > 0 && mayWrite && (
            <Button pending={again.pending} onClick={() => void run().catch(() => {})}>
              {t('health.recalculate')}
            </Button>
          )}
        </>
      }
    />
  )
}
