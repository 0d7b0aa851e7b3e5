import type { LinkProps } from '@tanstack/react-router'
import type { Permission } from '../../server/platform/permissions/contract.ts'
import type { TextKey } from '../i18n/text.ts'
import type { IconName } from '../kit/icon.tsx'

export interface NavigationEntry {
  to: LinkProps['to']
  label: TextKey
  /** For the bottom bar of a phone. */
  shortLabel?: TextKey
  icon: IconName
  /** `g` and a letter. */
  keys?: string
  /** Without it the entry is not shown. */
  permission?: Permission
  /** Shown in the demo company only. */
  demoOnly?: boolean
  /** A number beside it that says how much there is to do. */
  counts?: 'alerts' | 'tasks'
  /** What the screen is a part of, for the command palette. */
  of?: TextKey
}

type SettingsScreen =
  | 'profile'
  | 'security'
  | 'company'
  | 'members'
  | 'roles'
  | 'teams'
  | 'attributes'
  | 'tiers'
  | 'api-keys'
  | 'audit'
  | 'jobs'
  | 'mailbox'
  | 'notifications'
  | 'alert-rules'
  | 'scoring'
  | 'churn'
  | 'lifecycle'
  | 'channels'
  | 'messages'
  | 'blueprints'
  | 'deliveries'

export interface SettingsEntry extends NavigationEntry {
  screen: SettingsScreen
  group: 'account' | 'company' | 'operation'
}

interface NavigationGroup {
  /** The stage; the first group has none. */
  label?: TextKey
  entries: readonly NavigationEntry[]
}

/** The side navigation, by stage. A screen is entered here when it exists; a group without entries is not shown. */
export const navigation: readonly NavigationGroup[] = [
  {
    entries: [
      { to: '/', label: 'frame.nav.home', shortLabel: 'frame.nav.home.short', icon: 'today', keys: 'g h' },
      { to: '/customers', label: 'frame.nav.customers', icon: 'company', keys: 'g c', permission: 'customers.read' },
      {
        to: '/alerts',
        label: 'frame.nav.alerts',
        icon: 'alert',
        keys: 'g a',
        permission: 'customers.read',
        counts: 'alerts',
      },
      {
        to: '/tasks',
        label: 'frame.nav.tasks',
        icon: 'task',
        keys: 'g t',
        permission: 'customers.read',
        counts: 'tasks',
      },
      { to: '/onboarding', label: 'frame.nav.onboarding', icon: 'plan', keys: 'g o', permission: 'customers.read' },
      { to: '/contacts', label: 'frame.nav.contacts', icon: 'users', keys: 'g p', permission: 'customers.read' },
      { to: '/imports', label: 'frame.nav.imports', icon: 'upload', keys: 'g i', permission: 'imports.manage' },
      { to: '/sources', label: 'frame.nav.sources', icon: 'bolt', keys: 'g d', permission: 'sources.read' },
    ],
  },
  {
    label: 'frame.nav.signals',
    entries: [
      { to: '/health', label: 'frame.nav.health', icon: 'model', keys: 'g u', permission: 'customers.read' },
      { to: '/churn', label: 'frame.nav.churn', icon: 'bolt', keys: 'g x', permission: 'customers.read' },
      { to: '/signals', label: 'frame.nav.risks', icon: 'warning', keys: 'g r', permission: 'customers.read' },
      { to: '/segments', label: 'frame.nav.segments', icon: 'filter', keys: 'g e', permission: 'customers.read' },
      { to: '/leads', label: 'frame.nav.leads', icon: 'star', keys: 'g l', permission: 'customers.read' },
      { to: '/lifecycle', label: 'frame.nav.lifecycle', icon: 'flow', keys: 'g f', permission: 'customers.read' },
      { to: '/catalog', label: 'frame.nav.metrics', icon: 'metrics', keys: 'g m', permission: 'customers.read' },
    ],
  },
  {
    label: 'frame.nav.engage',
    entries: [
      { to: '/flows', label: 'frame.nav.flows', icon: 'flow', keys: 'g w', permission: 'flows.view' },
      { to: '/messages', label: 'frame.nav.messages', icon: 'mail', keys: 'g b', permission: 'messages.read' },
    ],
  },
  {
    label: 'frame.nav.insights',
    entries: [{ to: '/kpis', label: 'frame.nav.kpis', icon: 'report', keys: 'g k', permission: 'customers.read' }],
  },
]

/** The way to the settings; it leads on to the first of them. */
export const settingsEntry: NavigationEntry = {
  to: '/settings',
  label: 'frame.nav.settings',
  icon: 'settings',
  keys: 'g s',
}

/** The screens behind "Settings", in the order of their navigation. A screen is entered here when it exists. */
export const settings: readonly SettingsEntry[] = [
  {
    screen: 'profile',
    group: 'account',
    to: '/settings/profile',
    label: 'settings.nav.profile',
    icon: 'user',
    of: 'frame.nav.settings',
  },
  {
    screen: 'security',
    group: 'account',
    to: '/settings/security',
    label: 'settings.nav.security',
    icon: 'lock',
    of: 'frame.nav.settings',
  },
  {
    screen: 'notifications',
    group: 'account',
    to: '/settings/notifications',
    label: 'settings.nav.notifications',
    icon: 'bell',
    permission: 'company.read',
    of: 'frame.nav.settings',
  },
  {
    screen: 'company',
    group: 'company',
    to: '/settings/company',
    label: 'settings.nav.company',
    icon: 'company',
    permission: 'company.read',
    of: 'frame.nav.settings',
  },
  {
    screen: 'members',
    group: 'company',
    to: '/settings/members',
    label: 'settings.nav.members',
    icon: 'users',
    permission: 'members.read',
    of: 'frame.nav.settings',
  },
  {
    screen: 'roles',
    group: 'company',
    to: '/settings/roles',
    label: 'settings.nav.roles',
    icon: 'shield',
    permission: 'company.read',
    of: 'frame.nav.settings',
  },
  {
    screen: 'teams',
    group: 'company',
    to: '/settings/teams',
    label: 'settings.nav.teams',
    icon: 'branch',
    permission: 'teams.read',
    of: 'frame.nav.settings',
  },
  {
    screen: 'attributes',
    group: 'company',
    to: '/settings/attributes',
    label: 'settings.nav.attributes',
    icon: 'tag',
    permission: 'customers.read',
    of: 'frame.nav.settings',
  },
  {
    screen: 'tiers',
    group: 'company',
    to: '/settings/tiers',
    label: 'settings.nav.tiers',
    icon: 'rows',
    permission: 'customers.read',
    of: 'frame.nav.settings',
  },
  {
    screen: 'alert-rules',
    group: 'company',
    to: '/settings/alert-rules',
    label: 'settings.nav.alertRules',
    icon: 'alert',
    permission: 'customers.read',
    of: 'frame.nav.settings',
  },
  {
    screen: 'lifecycle',
    group: 'company',
    to: '/settings/lifecycle',
    label: 'frame.nav.lifecycle',
    icon: 'flow',
    permission: 'customers.read',
    of: 'frame.nav.settings',
  },
  {
    screen: 'churn',
    group: 'company',
    to: '/settings/churn',
    label: 'frame.nav.churn',
    icon: 'model',
    permission: 'customers.read',
    of: 'frame.nav.settings',
  },
  {
    screen: 'scoring',
    group: 'company',
    to: '/settings/scoring',
    label: 'settings.nav.scoring',
    icon: 'star',
    permission: 'customers.read',
    of: 'frame.nav.settings',
  },
  {
    screen: 'channels',
    group: 'company',
    to: '/settings/channels',
    label: 'settings.nav.channels',
    icon: 'chat',
    permission: 'channels.manage',
    of: 'frame.nav.settings',
  },
  {
    screen: 'messages',
    group: 'company',
    to: '/settings/messages',
    label: 'frame.nav.messages',
    icon: 'mail',
    permission: 'messages.read',
    of: 'frame.nav.settings',
  },
  {
    screen: 'blueprints',
    group: 'company',
    to: '/settings/blueprints',
    label: 'settings.nav.blueprints',
    icon: 'rows',
    permission: 'blueprints.manage',
    of: 'frame.nav.settings',
  },
  {
    screen: 'api-keys',
    group: 'company',
    to: '/settings/api-keys',
    label: 'settings.nav.keys',
    icon: 'key',
    permission: 'api_keys.manage',
    of: 'frame.nav.settings',
  },
  {
    screen: 'audit',
    group: 'operation',
    to: '/settings/audit',
    label: 'settings.nav.audit',
    icon: 'report',
    permission: 'audit.read',
    of: 'frame.nav.settings',
  },
  {
    screen: 'deliveries',
    group: 'operation',
    to: '/settings/deliveries',
    label: 'settings.nav.deliveries',
    icon: 'inbox',
    permission: 'channels.manage',
    of: 'frame.nav.settings',
  },
  {
    screen: 'jobs',
    group: 'operation',
    to: '/settings/jobs',
    label: 'settings.nav.jobs',
    icon: 'refresh',
    permission: 'jobs.manage',
    of: 'frame.nav.settings',
  },
  {
    screen: 'mailbox',
    group: 'operation',
    to: '/settings/mailbox',
    label: 'settings.nav.mailbox',
    icon: 'mail',
    permission: 'mailbox.read',
    demoOnly: true,
    of: 'frame.nav.settings',
  },
]
