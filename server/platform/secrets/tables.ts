import type { TableScopes } from '../db/tables.ts'

export const tables = { encryption_key: 'local' } as const satisfies TableScopes
