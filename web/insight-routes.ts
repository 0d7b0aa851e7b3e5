import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { withTexts } from './i18n/load.ts'
import type { KpiSearch } from './pages/kpis/search.ts'
import { workspace } from './workspace-route.tsx'

/** The pages take of the address what they know (kpiSearchOf): every first page would load it here. */
const whole = (search: Record<string, unknown>) => search as KpiSearch

const kpis = createRoute({
  getParentRoute: () => workspace,
  path: '/kpis',
  validateSearch: whole,
  component: lazyRouteComponent(
    withTexts(() => import('./pages/kpis/page.tsx'), 'kpis', 'customers', 'segments'),
    'KpisPage',
  ),
})

const kpi = createRoute({
  getParentRoute: () => workspace,
  path: '/kpis/$key',
  validateSearch: whole,
  component: lazyRouteComponent(
    withTexts(() => import('./pages/kpis/kpi-page.tsx'), 'kpis', 'customers', 'segments'),
    'KpiPage',
  ),
})

/** One table, not two: the portfolio is a view of the customers. */
const portfolio = createRoute({
  getParentRoute: () => workspace,
  path: '/portfolio',
  beforeLoad: () => {
    throw redirect({ to: '/customers', search: { view: 'portfolio' }, replace: true })
  },
})

/** What it adds up to: KPIs, the portfolio. */
export const insightRoutes = [kpis, kpi, portfolio] as const
