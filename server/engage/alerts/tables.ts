import type { TableScopes } from '../../platform/db/tables.ts'

export const tables = {
  alert_rule: 'tenant',
  alert: 'tenant',
  alert_step: 'tenant',
} as const satisfies TableScopes
