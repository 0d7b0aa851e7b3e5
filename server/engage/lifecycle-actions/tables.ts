import type { TableScopes } from '../../platform/db/tables.ts'

export const tables = {
  lifecycle_action: 'tenant',
} as const satisfies TableScopes
