import type { TableScopes } from '../../platform/db/tables.ts'

export const tables = {
  contract: 'tenant',
  contract_term: 'tenant',
  revenue_movement: 'tenant',
} as const satisfies TableScopes
