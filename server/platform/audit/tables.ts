import type { TableScopes } from '../db/tables.ts'

export const tables = { audit_head: 'tenant', audit_entry: 'tenant' } as const satisfies TableScopes
