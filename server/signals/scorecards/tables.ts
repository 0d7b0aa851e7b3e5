import type { TableScopes } from '../../platform/db/tables.ts'

export const tables = {
  scorecard: 'tenant',
  scorecard_version: 'tenant',
  customer_health: 'tenant',
  health_daily: 'tenant',
  health_state: 'tenant',
  manual_measure: 'tenant',
  health_override: 'tenant',
} as const satisfies TableScopes
