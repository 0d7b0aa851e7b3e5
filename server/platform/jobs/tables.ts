import type { TableScopes } from '../db/tables.ts'
import type { BoxedColumn } from '../secrets/boxed-column.ts'

export const tables = { job: 'local', job_schedule: 'local' } as const satisfies TableScopes

/** Personal data of jobs of no tenant. */
export const boxes = [
  { table: 'job', column: 'payload', field: 'box', key: { tenant_id: 'uuid', id: 'bigint' }, row: 'account' },
] as const satisfies BoxedColumn[]
