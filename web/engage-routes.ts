import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { withTexts } from './i18n/load.ts'
import { alertsSearchOf } from './pages/alerts/search.ts'
import type { FlowSearch, FlowsSearch } from './pages/flows/search.ts'
import { onboardingSearchOf, type TemplateSearch } from './pages/onboarding/search.ts'
import { tasksSearchOf } from './pages/tasks/search.ts'
import type { UpsellSearch } from './pages/upsell/search.ts'
import { workspace } from './workspace-route.tsx'

const alerts = createRoute({
  getParentRoute: () => workspace,
  path: '/alerts',
  validateSearch: alertsSearchOf,
  component: lazyRouteComponent(
    withTexts(() => import('./pages/alerts/page.tsx'), 'alerts', 'customers', 'record'),
    'AlertsPage',
  ),
})

const tasks = createRoute({
  getParentRoute: () => workspace,
  path: '/tasks',
  validateSearch: tasksSearchOf,
  component: lazyRouteComponent(
    withTexts(() => import('./pages/tasks/page.tsx'), 'tasks', 'customers', 'record'),
    'TasksPage',
  ),
})

/** Links of cards lead here; the token is in the fragment. */
const card = createRoute({
  getParentRoute: () => workspace,
  path: '/card',
  component: lazyRouteComponent(
    withTexts(() => import('./pages/card/page.tsx'), 'notices'),
    'CardPage',
  ),
})

const upsell = createRoute({
  getParentRoute: () => workspace,
  path: '/upsell',
  // The page takes of it what it knows (upsellSearchOf), which the first page then need not load.
  validateSearch: search => search as UpsellSearch,
  component: lazyRouteComponent(
    withTexts(() => import('./pages/upsell/page.tsx'), 'upsell', 'customers', 'record'),
    'UpsellPage',
  ),
})

const roi = createRoute({
  getParentRoute: () => workspace,
  path: '/upsell/roi',
  validateSearch: (search: Record<string, unknown>): { customer?: string } =>
    typeof search.customer === 'string' ? { customer: search.customer } : {},
  component: lazyRouteComponent(
    withTexts(() => import('./pages/upsell/return-page.tsx'), 'upsell', 'customers', 'record'),
    'ReturnPage',
  ),
})

const flowTexts = ['flows', 'tasks', 'conditions', 'customers', 'record', 'rules', 'notices', 'alerts'] as const

const flows = createRoute({
  getParentRoute: () => workspace,
  path: '/flows',
  // The page takes of it what it knows.
  validateSearch: search => search as FlowsSearch,
  component: lazyRouteComponent(
    withTexts(() => import('./pages/flows/page.tsx'), ...flowTexts),
    'FlowsPage',
  ),
})

const flow = createRoute({
  getParentRoute: () => workspace,
  path: '/flows/$id',
  validateSearch: search => search as FlowSearch,
  component: lazyRouteComponent(
    withTexts(() => import('./pages/flows/flow-page.tsx'), ...flowTexts),
    'FlowPage',
  ),
})

const messages = createRoute({
  getParentRoute: () => workspace,
  path: '/messages',
  // The page takes of it what it knows.
  validateSearch: search => search as { tab?: 'templates' | 'blocks' },
  component: lazyRouteComponent(
    withTexts(() => import('./pages/messages/page.tsx'), 'mailing'),
    'MessagesPage',
  ),
})

const campaignTexts = ['mailing', 'conditions', 'record'] as const

const newCampaign = createRoute({
  getParentRoute: () => workspace,
  path: '/messages/campaigns/new',
  component: lazyRouteComponent(
    withTexts(() => import('./pages/messages/campaign-form.tsx'), ...campaignTexts),
    'NewCampaignPage',
  ),
})

const editCampaign = createRoute({
  getParentRoute: () => workspace,
  path: '/messages/campaigns/$id/edit',
  component: lazyRouteComponent(
    withTexts(() => import('./pages/messages/campaign-form.tsx'), ...campaignTexts),
    'EditCampaignPage',
  ),
})

const campaign = createRoute({
  getParentRoute: () => workspace,
  path: '/messages/campaigns/$id',
  component: lazyRouteComponent(
    withTexts(() => import('./pages/messages/campaign-page.tsx'), ...campaignTexts),
    'CampaignPage',
  ),
})

const newTemplate = createRoute({
  getParentRoute: () => workspace,
  path: '/messages/templates/new',
  component: lazyRouteComponent(
    withTexts(() => import('./pages/messages/template-page.tsx'), 'mailing', 'record'),
    'NewTemplatePage',
  ),
})

const template = createRoute({
  getParentRoute: () => workspace,
  path: '/messages/templates/$id',
  component: lazyRouteComponent(
    withTexts(() => import('./pages/messages/template-page.tsx'), 'mailing', 'record'),
    'TemplatePage',
  ),
})

const inAppTexts = ['inApp', 'conditions', 'record'] as const

const inAppMessages = createRoute({
  getParentRoute: () => workspace,
  path: '/messages/in-app',
  component: lazyRouteComponent(
    withTexts(() => import('./pages/in-app/list-page.tsx'), ...inAppTexts),
    'InAppPage',
  ),
})

const newInApp = createRoute({
  getParentRoute: () => workspace,
  path: '/messages/in-app/new',
  component: lazyRouteComponent(
    withTexts(() => import('./pages/in-app/edit-page.tsx'), ...inAppTexts),
    'NewInAppPage',
  ),
})

const inAppMessage = createRoute({
  getParentRoute: () => workspace,
  path: '/messages/in-app/$id',
  component: lazyRouteComponent(
    withTexts(() => import('./pages/in-app/edit-page.tsx'), ...inAppTexts),
    'EditInAppPage',
  ),
})

const onboardingTexts = ['onboarding', 'customers', 'record', 'segments', 'conditions'] as const

const onboarding = createRoute({
  getParentRoute: () => workspace,
  path: '/onboarding',
  validateSearch: onboardingSearchOf,
  component: lazyRouteComponent(
    withTexts(() => import('./pages/onboarding/page.tsx'), ...onboardingTexts),
    'OnboardingPage',
  ),
})

const journey = createRoute({
  getParentRoute: () => workspace,
  path: '/onboarding/$id',
  component: lazyRouteComponent(
    withTexts(() => import('./pages/onboarding/journey-page.tsx'), ...onboardingTexts),
    'JourneyPage',
  ),
})

const onboardingTemplate = createRoute({
  getParentRoute: () => workspace,
  path: '/onboarding/templates/$id',
  validateSearch: search => search as TemplateSearch,
  component: lazyRouteComponent(
    withTexts(() => import('./pages/onboarding/template-page.tsx'), ...onboardingTexts),
    'OnboardingTemplatePage',
  ),
})

/** What follows from the facts: alerts, what there is to do, journeys of new customers, what is done by itself, what is sent. */
export const engageRoutes = [
  alerts,
  tasks,
  card,
  upsell,
  roi,
  flows,
  flow,
  messages,
  newCampaign,
  editCampaign,
  campaign,
  newTemplate,
  template,
  inAppMessages,
  newInApp,
  inAppMessage,
  onboarding,
  journey,
  onboardingTemplate,
] as const
