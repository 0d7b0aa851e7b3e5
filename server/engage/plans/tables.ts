import type { TableScopes } from '../../platform/db/tables.ts'

export const tables = {
  success_plan: 'tenant',
  success_plan_milestone: 'tenant',
} as const satisfies TableScopes
