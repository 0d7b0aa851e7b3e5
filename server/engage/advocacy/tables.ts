import type { TableScopes } from '../../platform/db/tables.ts'

export const tables = {
  advocacy_activity: 'tenant',
} as const satisfies TableScopes
