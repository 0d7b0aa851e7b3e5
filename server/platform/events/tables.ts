import type { TableScopes } from '../db/tables.ts'

export const tables = { event: 'tenant' } as const satisfies TableScopes
