import type { TableScopes } from '../../platform/db/tables.ts'

export const tables = {
  health_score: 'tenant',
} as const satisfies TableScopes
