import type { TableScopes } from '../../platform/db/tables.ts'

export const tables = {
  record_merge: 'tenant',
  distinct_pair: 'tenant',
} as const satisfies TableScopes
