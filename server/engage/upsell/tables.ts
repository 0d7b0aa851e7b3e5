import type { TableScopes } from '../../platform/db/tables.ts'

export const tables = { upsell_settings: 'tenant', upsell_opportunity: 'tenant' } as const satisfies TableScopes
