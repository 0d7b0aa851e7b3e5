import type { TableScopes } from '../../platform/db/tables.ts'

export const tables = {
  tier_model: 'tenant',
  customer: 'tenant',
  customer_domain: 'tenant',
  fact_change: 'tenant',
  customer_history: 'tenant',
  search_piece: 'tenant',
} as const satisfies TableScopes
