import type { TableScopes } from '../../platform/db/tables.ts'

export const tables = {
  onboarding_template: 'tenant',
  onboarding_template_version: 'tenant',
  onboarding_journey: 'tenant',
  onboarding_phase: 'tenant',
  onboarding_task: 'tenant',
  onboarding_warning: 'tenant',
  onboarding_step: 'tenant',
  onboarding_link: 'tenant',
  certificate: 'tenant',
} as const satisfies TableScopes
