import type { TableScopes } from '../../platform/db/tables.ts'

export const tables = {
  saved_view: 'tenant',
} as const satisfies TableScopes
