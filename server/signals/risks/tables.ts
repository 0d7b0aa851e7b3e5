import type { TableScopes } from '../../platform/db/tables.ts'

export const tables = { risk_signal: 'tenant', customer_signal: 'tenant' } as const satisfies TableScopes
