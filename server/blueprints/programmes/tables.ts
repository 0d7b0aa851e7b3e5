import type { TableScopes } from '../../platform/db/tables.ts'

export const tables = {
  blueprint_item: 'tenant',
  blueprint_application: 'tenant',
} as const satisfies TableScopes
