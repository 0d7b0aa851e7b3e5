import type { TableScopes } from '../../platform/db/tables.ts'

export const tables = {
  success_profile: 'tenant',
} as const satisfies TableScopes
