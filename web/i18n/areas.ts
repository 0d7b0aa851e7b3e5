/**
 * Areas whose texts come with the pages that need them (see withTexts in load.ts), so that they cost nothing on the
 * first page. Each dictionary is exported under the name of its area.
 */
export const areas = {
  account: { en: () => import('./en/account.ts'), ja: () => import('./ja/account.ts') },
  security: { en: () => import('./en/security.ts'), ja: () => import('./ja/security.ts') },
  company: { en: () => import('./en/company.ts'), ja: () => import('./ja/company.ts') },
  permissions: { en: () => import('./en/permissions.ts'), ja: () => import('./ja/permissions.ts') },
  members: { en: () => import('./en/members.ts'), ja: () => import('./ja/members.ts') },
  teams: { en: () => import('./en/teams.ts'), ja: () => import('./ja/teams.ts') },
  profile: { en: () => import('./en/profile.ts'), ja: () => import('./ja/profile.ts') },
  blueprints: { en: () => import('./en/blueprints.ts'), ja: () => import('./ja/blueprints.ts') },
  notices: { en: () => import('./en/notices.ts'), ja: () => import('./ja/notices.ts') },
  rules: { en: () => import('./en/rules.ts'), ja: () => import('./ja/rules.ts') },
  flows: { en: () => import('./en/flows.ts'), ja: () => import('./ja/flows.ts') },
  mailing: { en: () => import('./en/mailing.ts'), ja: () => import('./ja/mailing.ts') },
  inApp: { en: () => import('./en/in-app.ts'), ja: () => import('./ja/in-app.ts') },
  tasks: { en: () => import('./en/tasks.ts'), ja: () => import('./ja/tasks.ts') },
  onboarding: { en: () => import('./en/onboarding.ts'), ja: () => import('./ja/onboarding.ts') },
  upsell: { en: () => import('./en/upsell.ts'), ja: () => import('./ja/upsell.ts') },
  alerts: { en: () => import('./en/alerts.ts'), ja: () => import('./ja/alerts.ts') },
  docs: { en: () => import('./en/docs.ts'), ja: () => import('./ja/docs.ts') },
  mailbox: { en: () => import('./en/mailbox.ts'), ja: () => import('./ja/mailbox.ts') },
  keys: { en: () => import('./en/keys.ts'), ja: () => import('./ja/keys.ts') },
  jobs: { en: () => import('./en/jobs.ts'), ja: () => import('./ja/jobs.ts') },
  audit: { en: () => import('./en/audit.ts'), ja: () => import('./ja/audit.ts') },
  contacts: { en: () => import('./en/contacts.ts'), ja: () => import('./ja/contacts.ts') },
  customer: { en: () => import('./en/customer.ts'), ja: () => import('./ja/customer.ts') },
  customers: { en: () => import('./en/customers.ts'), ja: () => import('./ja/customers.ts') },
  duplicates: { en: () => import('./en/duplicates.ts'), ja: () => import('./ja/duplicates.ts') },
  fields: { en: () => import('./en/fields.ts'), ja: () => import('./ja/fields.ts') },
  gallery: { en: () => import('./en/gallery.ts'), ja: () => import('./ja/gallery.ts') },
  imports: { en: () => import('./en/imports.ts'), ja: () => import('./ja/imports.ts') },
  record: { en: () => import('./en/record.ts'), ja: () => import('./ja/record.ts') },
  sources: { en: () => import('./en/sources.ts'), ja: () => import('./ja/sources.ts') },
  conditions: { en: () => import('./en/conditions.ts'), ja: () => import('./ja/conditions.ts') },
  lifecycle: { en: () => import('./en/lifecycle.ts'), ja: () => import('./ja/lifecycle.ts') },
  risks: { en: () => import('./en/risks.ts'), ja: () => import('./ja/risks.ts') },
  segments: { en: () => import('./en/segments.ts'), ja: () => import('./ja/segments.ts') },
  churn: { en: () => import('./en/churn.ts'), ja: () => import('./ja/churn.ts') },
  metrics: { en: () => import('./en/metrics.ts'), ja: () => import('./ja/metrics.ts') },
  health: { en: () => import('./en/health.ts'), ja: () => import('./ja/health.ts') },
  scorecards: { en: () => import('./en/scorecards.ts'), ja: () => import('./ja/scorecards.ts') },
  kpis: { en: () => import('./en/kpis.ts'), ja: () => import('./ja/kpis.ts') },
  leads: { en: () => import('./en/leads.ts'), ja: () => import('./ja/leads.ts') },
  tiers: { en: () => import('./en/tiers.ts'), ja: () => import('./ja/tiers.ts') },
}

export type LazyArea = keyof typeof areas

type Module<Area extends LazyArea> = Awaited<ReturnType<(typeof areas)[Area]['en']>>

/** The English dictionaries of these areas, as types. */
export type LazyEnglish = { [Area in LazyArea]: Module<Area>[Area & keyof Module<Area>] }
