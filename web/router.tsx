import { createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router'
import type { Role } from '../server/platform/permissions/contract.ts'
import { engageRoutes } from './engage-routes.ts'
import { engageSettings } from './engage-settings.ts'
import { roleOf } from './features/identity/role-options.ts'
import { BrokenScreen, MissingScreen, WaitingScreen } from './frame/problem-screen.tsx'
import { withTexts } from './i18n/load.ts'
import { insightRoutes } from './insight-routes.ts'
import { outsideRoutes, root } from './outside-routes.ts'
import { contactsSearchOf } from './pages/contacts/search.ts'
import { customerSearchOf } from './pages/customer/search.ts'
import { customersSearchOf } from './pages/customers/search.ts'
import { newImportSearchOf } from './pages/imports/search.ts'
import { auditFiltersOf } from './pages/settings/audit/filters.ts'
import { type JobState, jobStateOf } from './pages/settings/jobs/job-state.ts'
import { sourceSearchOf } from './pages/sources/search.ts'
import { settings } from './settings-route.ts'
import { signalRoutes, signalSettings } from './signal-routes.ts'
import { workspace } from './workspace-route.tsx'

const home = createRoute({
  getParentRoute: () => workspace,
  path: '/',
  component: lazyRouteComponent(() => import('./pages/home/page.tsx'), 'HomePage'),
})

const customers = createRoute({
  getParentRoute: () => workspace,
  path: '/customers',
  validateSearch: customersSearchOf,
  component: lazyRouteComponent(
    withTexts(() => import('./pages/customers/page.tsx'), 'customers', 'conditions', 'record', 'tasks'),
    'CustomersPage',
  ),
})

const customer = createRoute({
  getParentRoute: () => workspace,
  path: '/customers/$id',
  validateSearch: customerSearchOf,
  component: lazyRouteComponent(
    withTexts(
      () => import('./pages/customer/page.tsx'),
      'customer',
      'customers',
      'churn',
      'health',
      'record',
      'risks',
      'flows',
      'tasks',
      'onboarding',
    ),
    'CustomerPage',
  ),
})

const duplicates = createRoute({
  getParentRoute: () => workspace,
  path: '/customers/duplicates',
  component: lazyRouteComponent(
    withTexts(() => import('./pages/duplicates/page.tsx'), 'duplicates', 'customers', 'record'),
    'DuplicatesPage',
  ),
})

const contacts = createRoute({
  getParentRoute: () => workspace,
  path: '/contacts',
  validateSearch: contactsSearchOf,
  component: lazyRouteComponent(
    withTexts(() => import('./pages/contacts/page.tsx'), 'contacts', 'customers', 'conditions', 'record'),
    'ContactsPage',
  ),
})

const contact = createRoute({
  getParentRoute: () => workspace,
  path: '/contacts/$id',
  component: lazyRouteComponent(
    withTexts(() => import('./pages/contact/page.tsx'), 'contacts', 'customer', 'customers', 'record', 'leads'),
    'ContactPage',
  ),
})

const imports = createRoute({
  getParentRoute: () => workspace,
  path: '/imports',
  validateSearch: (search: Record<string, unknown>): { tab?: 'mappings' } =>
    search.tab === 'mappings' ? { tab: 'mappings' } : {},
  component: lazyRouteComponent(
    withTexts(() => import('./pages/imports/page.tsx'), 'imports'),
    'ImportsPage',
  ),
})

const newImport = createRoute({
  getParentRoute: () => workspace,
  path: '/imports/new',
  validateSearch: newImportSearchOf,
  component: lazyRouteComponent(
    withTexts(() => import('./pages/imports/new-page.tsx'), 'imports', 'company'),
    'NewImportPage',
  ),
})

const oneImport = createRoute({
  getParentRoute: () => workspace,
  path: '/imports/$id',
  component: lazyRouteComponent(
    withTexts(() => import('./pages/imports/import-page.tsx'), 'imports', 'record', 'company'),
    'ImportPage',
  ),
})

const sources = createRoute({
  getParentRoute: () => workspace,
  path: '/sources',
  validateSearch: (search: Record<string, unknown>): { tab?: 'webhooks' } =>
    search.tab === 'webhooks' ? { tab: 'webhooks' } : {},
  component: lazyRouteComponent(
    withTexts(() => import('./pages/sources/page.tsx'), 'sources'),
    'SourcesPage',
  ),
})

const source = createRoute({
  getParentRoute: () => workspace,
  path: '/sources/$id',
  validateSearch: sourceSearchOf,
  component: lazyRouteComponent(
    withTexts(() => import('./pages/sources/source-page.tsx'), 'sources'),
    'SourcePage',
  ),
})

const webhook = createRoute({
  getParentRoute: () => workspace,
  path: '/sources/webhooks/$id',
  component: lazyRouteComponent(
    withTexts(() => import('./pages/sources/webhook-page.tsx'), 'sources'),
    'WebhookPage',
  ),
})

const settingsStart = createRoute({
  getParentRoute: () => settings,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/settings/profile', replace: true })
  },
})

const profile = createRoute({
  getParentRoute: () => settings,
  path: '/profile',
  component: lazyRouteComponent(
    withTexts(() => import('./pages/settings/profile/page.tsx'), 'profile'),
    'ProfilePage',
  ),
})

const security = createRoute({
  getParentRoute: () => settings,
  path: '/security',
  component: lazyRouteComponent(
    withTexts(() => import('./pages/settings/security/page.tsx'), 'security', 'account'),
    'SecurityPage',
  ),
})

const company = createRoute({
  getParentRoute: () => settings,
  path: '/company',
  component: lazyRouteComponent(
    withTexts(() => import('./pages/settings/company/page.tsx'), 'company', 'profile', 'account'),
    'CompanyPage',
  ),
})

const members = createRoute({
  getParentRoute: () => settings,
  path: '/members',
  validateSearch: (search: Record<string, unknown>): { tab?: 'invitations'; role?: Role } => {
    const role = roleOf(search.role)
    return { ...(search.tab === 'invitations' && { tab: 'invitations' }), ...(role && { role }) }
  },
  component: lazyRouteComponent(
    withTexts(() => import('./pages/settings/members/page.tsx'), 'members', 'security', 'account'),
    'MembersPage',
  ),
})

const roles = createRoute({
  getParentRoute: () => settings,
  path: '/roles',
  component: lazyRouteComponent(
    withTexts(() => import('./pages/settings/roles/page.tsx'), 'permissions'),
    'RolesPage',
  ),
})

const teams = createRoute({
  getParentRoute: () => settings,
  path: '/teams',
  component: lazyRouteComponent(
    withTexts(() => import('./pages/settings/teams/page.tsx'), 'teams', 'members'),
    'TeamsPage',
  ),
})

const apiKeys = createRoute({
  getParentRoute: () => settings,
  path: '/api-keys',
  component: lazyRouteComponent(
    withTexts(() => import('./pages/settings/api-keys/page.tsx'), 'keys', 'permissions'),
    'ApiKeysPage',
  ),
})

const audit = createRoute({
  getParentRoute: () => settings,
  path: '/audit',
  validateSearch: auditFiltersOf,
  component: lazyRouteComponent(
    withTexts(() => import('./pages/settings/audit/page.tsx'), 'audit', 'members', 'permissions'),
    'AuditPage',
  ),
})

const jobs = createRoute({
  getParentRoute: () => settings,
  path: '/jobs',
  validateSearch: (search: Record<string, unknown>): { state?: JobState } => {
    const state = jobStateOf(search.state)
    return state ? { state } : {}
  },
  component: lazyRouteComponent(
    withTexts(() => import('./pages/settings/jobs/page.tsx'), 'jobs'),
    'JobsPage',
  ),
})

const mailbox = createRoute({
  getParentRoute: () => settings,
  path: '/mailbox',
  component: lazyRouteComponent(
    withTexts(() => import('./pages/settings/mailbox/page.tsx'), 'mailbox'),
    'MailboxPage',
  ),
})

const attributes = createRoute({
  getParentRoute: () => settings,
  path: '/attributes',
  component: lazyRouteComponent(
    withTexts(() => import('./pages/settings/attributes/page.tsx'), 'fields', 'record'),
    'AttributesPage',
  ),
})

const tiers = createRoute({
  getParentRoute: () => settings,
  path: '/tiers',
  component: lazyRouteComponent(
    withTexts(() => import('./pages/settings/tiers/page.tsx'), 'tiers', 'customers', 'record'),
    'TiersPage',
  ),
})

const settingsScreens = [
  ...engageSettings,
  ...signalSettings,
  profile,
  security,
  company,
  members,
  roles,
  teams,
  attributes,
  tiers,
  apiKeys,
  audit,
  jobs,
  mailbox,
] as const

/** Every component in every state: for whoever builds screens. Not linked from the navigation. */
const kit = createRoute({
  getParentRoute: () => workspace,
  path: '/kit',
  component: lazyRouteComponent(
    withTexts(() => import('./pages/kit/page.tsx'), 'gallery'),
    'KitPage',
  ),
})

const missing = createRoute({ getParentRoute: () => workspace, path: '$', component: MissingScreen })

export const router = createRouter({
  routeTree: root.addChildren([
    ...outsideRoutes,
    workspace.addChildren([
      home,
      customers,
      duplicates,
      customer,
      contacts,
      contact,
      imports,
      newImport,
      oneImport,
      sources,
      source,
      webhook,
      ...signalRoutes,
      ...engageRoutes,
      ...insightRoutes,
      settings.addChildren([settingsStart, ...settingsScreens]),
      kit,
      missing,
    ]),
  ]),
  defaultPreload: 'intent',
  defaultErrorComponent: BrokenScreen,
  defaultPendingComponent: WaitingScreen,
  defaultPendingMs: 300,
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
