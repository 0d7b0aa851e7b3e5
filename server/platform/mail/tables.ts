import type { TableScopes } from '../db/tables.ts'

export const tables = { system_mail: 'local', mail_suppression: 'local' } as const satisfies TableScopes
