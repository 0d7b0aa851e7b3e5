import type { TableScopes } from '../../platform/db/tables.ts'

export const tables = { kpi_target: 'tenant', kpi_month: 'tenant' } as const satisfies TableScopes
