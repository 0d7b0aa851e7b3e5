import type { TableScopes } from '../../platform/db/tables.ts'

export const tables = {
  invoice: 'tenant',
  payment: 'tenant',
} as const satisfies TableScopes
