import type { TableScopes } from '../../platform/db/tables.ts'

export const tables = {
  business_review: 'tenant',
} as const satisfies TableScopes
