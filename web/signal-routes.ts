import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { withTexts } from './i18n/load.ts'
import type { ChurnSearch } from './pages/churn/search.ts'
import { healthSearchOf } from './pages/health/search.ts'
import { leadsSearchOf } from './pages/leads/search.ts'
import { lifecycleSearchOf } from './pages/lifecycle/search.ts'
import { risksSearchOf } from './pages/risks/search.ts'
import type { ScorecardTab } from './pages/scorecards/search.ts'
import { settings } from './settings-route.ts'
import { workspace } from './workspace-route.tsx'

const segments = createRoute({
  getParentRoute: () => workspace,
  path: '/segments',
  component: lazyRouteComponent(
    withTexts(() => import('./pages/segments/page.tsx'), 'segments'),
    'SegmentsPage',
  ),
})

const newSegment = createRoute({
  getParentRoute: () => workspace,
  path: '/segments/new',
  component: lazyRouteComponent(
    withTexts(() => import('./pages/segments/edit-page.tsx'), 'segments', 'conditions', 'record'),
    'NewSegmentPage',
  ),
})

const segment = createRoute({
  getParentRoute: () => workspace,
  path: '/segments/$id',
  component: lazyRouteComponent(
    withTexts(() => import('./pages/segments/segment-page.tsx'), 'segments', 'conditions', 'record'),
    'SegmentPage',
  ),
})

const editSegment = createRoute({
  getParentRoute: () => workspace,
  path: '/segments/$id/edit',
  component: lazyRouteComponent(
    withTexts(() => import('./pages/segments/edit-page.tsx'), 'segments', 'conditions', 'record'),
    'EditSegmentPage',
  ),
})

const risks = createRoute({
  getParentRoute: () => workspace,
  path: '/signals',
  validateSearch: risksSearchOf,
  component: lazyRouteComponent(
    withTexts(() => import('./pages/risks/page.tsx'), 'risks', 'record'),
    'RisksPage',
  ),
})

const newRisk = createRoute({
  getParentRoute: () => workspace,
  path: '/signals/new',
  component: lazyRouteComponent(
    withTexts(() => import('./pages/risks/edit-page.tsx'), 'risks', 'conditions', 'record'),
    'NewRiskSignalPage',
  ),
})

const risk = createRoute({
  getParentRoute: () => workspace,
  path: '/signals/$id',
  component: lazyRouteComponent(
    withTexts(() => import('./pages/risks/signal-page.tsx'), 'risks', 'conditions', 'record'),
    'RiskSignalPage',
  ),
})

const editRisk = createRoute({
  getParentRoute: () => workspace,
  path: '/signals/$id/edit',
  component: lazyRouteComponent(
    withTexts(() => import('./pages/risks/edit-page.tsx'), 'risks', 'conditions', 'record'),
    'EditRiskSignalPage',
  ),
})

const lifecycle = createRoute({
  getParentRoute: () => workspace,
  path: '/lifecycle',
  validateSearch: lifecycleSearchOf,
  component: lazyRouteComponent(
    withTexts(() => import('./pages/lifecycle/page.tsx'), 'lifecycle', 'conditions', 'record'),
    'LifecyclePage',
  ),
})

const metrics = createRoute({
  getParentRoute: () => workspace,
  path: '/catalog',
  component: lazyRouteComponent(
    withTexts(() => import('./pages/metrics/page.tsx'), 'metrics', 'conditions', 'segments', 'record'),
    'MetricsPage',
  ),
})

const health = createRoute({
  getParentRoute: () => workspace,
  path: '/health',
  validateSearch: healthSearchOf,
  component: lazyRouteComponent(
    withTexts(() => import('./pages/health/page.tsx'), 'health'),
    'HealthPage',
  ),
})

const scorecards = createRoute({
  getParentRoute: () => workspace,
  path: '/health/scorecards',
  component: lazyRouteComponent(
    withTexts(() => import('./pages/scorecards/page.tsx'), 'scorecards', 'health'),
    'ScorecardsPage',
  ),
})

const scorecard = createRoute({
  getParentRoute: () => workspace,
  path: '/health/scorecards/$id',
  // The page takes of it what it knows (scorecardSearchOf), which the first page then need not load.
  validateSearch: search => search as { tab?: ScorecardTab },
  component: lazyRouteComponent(
    withTexts(() => import('./pages/scorecards/scorecard-page.tsx'), 'scorecards', 'health', 'conditions', 'record'),
    'ScorecardPage',
  ),
})

const churn = createRoute({
  getParentRoute: () => workspace,
  path: '/churn',
  component: lazyRouteComponent(
    withTexts(() => import('./pages/churn/page.tsx'), 'churn'),
    'ChurnPage',
  ),
})

const churnCustomers = createRoute({
  getParentRoute: () => workspace,
  path: '/churn/customers',
  // The page takes of it what it knows (churnSearchOf), which the first page then need not load.
  validateSearch: search => search as ChurnSearch,
  component: lazyRouteComponent(
    withTexts(() => import('./pages/churn/customers-page.tsx'), 'churn', 'record', 'customers'),
    'ChurnCustomersPage',
  ),
})

const churnModel = createRoute({
  getParentRoute: () => workspace,
  path: '/churn/models/$id',
  component: lazyRouteComponent(
    withTexts(() => import('./pages/churn/model-page.tsx'), 'churn'),
    'ChurnModelPage',
  ),
})

const churnSettings = createRoute({
  getParentRoute: () => settings,
  path: '/churn',
  component: lazyRouteComponent(
    withTexts(() => import('./pages/settings/churn/page.tsx'), 'churn', 'conditions', 'record'),
    'ChurnSettingsPage',
  ),
})

const leads = createRoute({
  getParentRoute: () => workspace,
  path: '/leads',
  validateSearch: leadsSearchOf,
  component: lazyRouteComponent(
    withTexts(() => import('./pages/leads/page.tsx'), 'leads'),
    'LeadsPage',
  ),
})

const scoring = createRoute({
  getParentRoute: () => settings,
  path: '/scoring',
  component: lazyRouteComponent(
    withTexts(() => import('./pages/settings/scoring/page.tsx'), 'leads', 'rules', 'conditions', 'record'),
    'ScoringPage',
  ),
})

const newScoringRule = createRoute({
  getParentRoute: () => settings,
  path: '/scoring/new',
  component: lazyRouteComponent(
    withTexts(() => import('./pages/settings/scoring/edit-page.tsx'), 'leads', 'conditions', 'record'),
    'NewScoringRulePage',
  ),
})

const editScoringRule = createRoute({
  getParentRoute: () => settings,
  path: '/scoring/$id',
  component: lazyRouteComponent(
    withTexts(() => import('./pages/settings/scoring/edit-page.tsx'), 'leads', 'conditions', 'record'),
    'EditScoringRulePage',
  ),
})

/** The settings of what is worked out from the facts. */
export const signalSettings = [churnSettings, scoring, newScoringRule, editScoringRule] as const

/** Health, segments, metrics: what the facts say. */
export const signalRoutes = [
  segments,
  newSegment,
  segment,
  editSegment,
  risks,
  newRisk,
  risk,
  editRisk,
  lifecycle,
  metrics,
  health,
  scorecards,
  scorecard,
  churn,
  churnCustomers,
  churnModel,
  leads,
] as const
