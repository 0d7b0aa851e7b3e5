import type { TableScopes } from '../../platform/db/tables.ts'

export const tables = {
  contact: 'tenant',
  contact_change: 'tenant',
} as const satisfies TableScopes
