import type { TableScopes } from '../../platform/db/tables.ts'

export const tables = {
  communication: 'tenant',
} as const satisfies TableScopes
