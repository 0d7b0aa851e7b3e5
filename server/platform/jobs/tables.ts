import type { TableScopes } from '../db/tables.ts'

export const tables = { job: 'local', job_schedule: 'local' } as const satisfies TableScopes
