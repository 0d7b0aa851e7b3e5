import type { TableScopes } from '../../platform/db/tables.ts'

export const tables = {
  contact: 'tenant',
} as const satisfies TableScopes
