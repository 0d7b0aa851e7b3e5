/**
 * Who may do what: the one matrix that routes, screens and documents read.
 * A cell holds the record scope: `own` (what the member made or is assigned), `team` (also of the members of
 * their teams), `all` (the whole company). No cell, no permission.
 */
export const scopes = ['own', 'team', 'all'] as const
export type Scope = (typeof scopes)[number]

export const permissions = [
  'company.read',
  'company.manage',
  'members.read',
  'members.manage',
  'teams.read',
  'teams.manage',
  'api_keys.manage',
  'audit.read',
  'jobs.manage',
  'mailbox.read',
  'customers.read',
  'customers.write',
  'customers.assign',
  'customers.merge',
  'customers.export',
  'timeline.write',
  'attributes.manage',
  'tiers.manage',
  'segments.manage',
  'health.manage',
  'churn.manage',
  'alerts.manage',
  'alerts.handle',
  'tasks.handle',
  'flows.view',
  'flows.manage',
  'flows.handle',
  'onboarding.manage',
  'onboarding.handle',
  'channels.manage',
  'messages.read',
  'messages.manage',
  'leads.manage',
  'kpis.manage',
  'blueprints.manage',
  'imports.manage',
  'sources.read',
  'sources.manage',
] as const
export type Permission = (typeof permissions)[number]

export const roles = [
  'administrator',
  'head_of_cs',
  'cs_manager',
  'csm',
  'onboarding',
  'education',
  'analyst',
  'support_l1',
  'support_l2',
  'support_l3',
  'sales_marketing',
  'read_only',
  'portal_user',
] as const
export type Role = (typeof roles)[number]

type Grants = Partial<Record<Permission, Scope>>

/** What every colleague has: knowing the company and whom one works with, and one's own trace in the audit log. */
const colleague: Grants = {
  'company.read': 'all',
  'members.read': 'all',
  'teams.read': 'all',
  'audit.read': 'own',
  'customers.read': 'all',
  'timeline.write': 'all',
  'alerts.handle': 'own',
  'tasks.handle': 'own',
  'flows.view': 'all',
  'flows.handle': 'own',
  'messages.read': 'all',
}

/** What it takes to look after customers as a whole. */
const lead: Grants = {
  'customers.export': 'all',
  'attributes.manage': 'all',
  'imports.manage': 'all',
  'sources.read': 'all',
  'segments.manage': 'all',
}

export const matrix: Record<Role, Grants> = {
  administrator: Object.fromEntries(permissions.map(permission => [permission, 'all'])),
  head_of_cs: {
    ...colleague,
    ...lead,
    'teams.manage': 'all',
    'audit.read': 'all',
    'customers.write': 'all',
    'customers.assign': 'all',
    'customers.merge': 'all',
    'tiers.manage': 'all',
    'health.manage': 'all',
    'churn.manage': 'all',
    'alerts.manage': 'all',
    'alerts.handle': 'all',
    'tasks.handle': 'all',
    'flows.manage': 'all',
    'flows.handle': 'all',
    'onboarding.manage': 'all',
    'onboarding.handle': 'all',
    'channels.manage': 'all',
    'messages.manage': 'all',
    'leads.manage': 'all',
    'kpis.manage': 'all',
    'blueprints.manage': 'all',
    'sources.manage': 'all',
  },
  cs_manager: {
    ...colleague,
    ...lead,
    'teams.manage': 'team',
    'alerts.handle': 'team',
    'tasks.handle': 'team',
    'flows.handle': 'team',
    'onboarding.manage': 'all',
    'onboarding.handle': 'team',
    'audit.read': 'team',
    'customers.write': 'team',
    'customers.assign': 'team',
    'customers.merge': 'team',
    'messages.manage': 'all',
  },
  csm: { ...colleague, 'customers.write': 'own', 'customers.export': 'own', 'onboarding.handle': 'own' },
  onboarding: {
    ...colleague,
    'customers.write': 'all',
    'onboarding.manage': 'all',
    'onboarding.handle': 'all',
  },
  education: colleague,
  analyst: {
    ...colleague,
    'customers.export': 'all',
    'sources.read': 'all',
    'segments.manage': 'all',
    'churn.manage': 'all',
  },
  support_l1: colleague,
  support_l2: colleague,
  support_l3: colleague,
  sales_marketing: { ...colleague, 'segments.manage': 'all', 'leads.manage': 'all', 'messages.manage': 'all' },
  read_only: {
    'company.read': 'all',
    'members.read': 'all',
    'teams.read': 'all',
    'customers.read': 'all',
    'flows.view': 'all',
  },
  portal_user: {},
}

/**
 * The record scope in which a role holds a permission.
 * @param limit permissions an API key is narrowed to; empty means all of its role
 */
export function scopeOf(role: Role, permission: Permission, limit: readonly string[] = []): Scope | undefined {
  if (limit.length > 0 && !limit.includes(permission)) return undefined
  return matrix[role][permission]
}
