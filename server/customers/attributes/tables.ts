import type { TableScopes } from '../../platform/db/tables.ts'

export const tables = {
  attribute: 'tenant',
  tag: 'tenant',
  customer_tag: 'tenant',
  contact_tag: 'tenant',
} as const satisfies TableScopes
