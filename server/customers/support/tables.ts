import type { TableScopes } from '../../platform/db/tables.ts'

export const tables = {
  ticket: 'tenant',
} as const satisfies TableScopes
