import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { withTexts } from './i18n/load.ts'
import { settings } from './settings-route.ts'

const messageSettings = createRoute({
  getParentRoute: () => settings,
  path: '/messages',
  component: lazyRouteComponent(
    withTexts(() => import('./pages/settings/messages/page.tsx'), 'mailing'),
    'MessageSettingsPage',
  ),
})
const notifications = createRoute({
  getParentRoute: () => settings,
  path: '/notifications',
  component: lazyRouteComponent(
    withTexts(() => import('./pages/settings/notifications/page.tsx'), 'notices'),
    'NotificationsPage',
  ),
})

const channels = createRoute({
  getParentRoute: () => settings,
  path: '/channels',
  component: lazyRouteComponent(
    withTexts(() => import('./pages/settings/channels/page.tsx'), 'notices'),
    'ChannelsPage',
  ),
})

const blueprints = createRoute({
  getParentRoute: () => settings,
  path: '/blueprints',
  component: lazyRouteComponent(
    withTexts(() => import('./pages/settings/blueprints/page.tsx'), 'blueprints'),
    'BlueprintsPage',
  ),
})

const deliveries = createRoute({
  getParentRoute: () => settings,
  path: '/deliveries',
  component: lazyRouteComponent(
    withTexts(() => import('./pages/settings/deliveries/page.tsx'), 'notices'),
    'DeliveriesPage',
  ),
})

const alertRules = createRoute({
  getParentRoute: () => settings,
  path: '/alert-rules',
  component: lazyRouteComponent(
    withTexts(() => import('./pages/settings/alert-rules/page.tsx'), 'rules', 'alerts', 'conditions', 'record'),
    'AlertRulesPage',
  ),
})

const alertRuleTexts = ['rules', 'notices', 'alerts', 'conditions', 'record'] as const

const newAlertRule = createRoute({
  getParentRoute: () => settings,
  path: '/alert-rules/new',
  component: lazyRouteComponent(
    withTexts(() => import('./pages/settings/alert-rules/edit-page.tsx'), ...alertRuleTexts),
    'NewAlertRulePage',
  ),
})

const alertRule = createRoute({
  getParentRoute: () => settings,
  path: '/alert-rules/$id',
  component: lazyRouteComponent(
    withTexts(() => import('./pages/settings/alert-rules/edit-page.tsx'), ...alertRuleTexts),
    'EditAlertRulePage',
  ),
})

const lifecycleTexts = ['lifecycle', 'rules', 'alerts', 'conditions', 'record'] as const

const lifecycle = createRoute({
  getParentRoute: () => settings,
  path: '/lifecycle',
  component: lazyRouteComponent(
    withTexts(() => import('./pages/settings/lifecycle/page.tsx'), ...lifecycleTexts),
    'LifecycleStagesPage',
  ),
})

const newStage = createRoute({
  getParentRoute: () => settings,
  path: '/lifecycle/new',
  component: lazyRouteComponent(
    withTexts(() => import('./pages/settings/lifecycle/edit-page.tsx'), ...lifecycleTexts),
    'NewStagePage',
  ),
})

const stage = createRoute({
  getParentRoute: () => settings,
  path: '/lifecycle/$id',
  component: lazyRouteComponent(
    withTexts(() => import('./pages/settings/lifecycle/edit-page.tsx'), ...lifecycleTexts),
    'EditStagePage',
  ),
})

/** Who is told what, where it goes, and when an alert opens. */
export const engageSettings = [
  messageSettings,
  notifications,
  blueprints,
  channels,
  deliveries,
  alertRules,
  newAlertRule,
  alertRule,
  lifecycle,
  newStage,
  stage,
] as const
