import type { TableScopes } from '../../platform/db/tables.ts'
import type { BoxedColumn } from '../../platform/secrets/boxed-column.ts'

export const tables = {
  in_app_message: 'tenant',
  in_app_delivery: 'tenant',
  in_app_source: 'tenant',
} as const satisfies TableScopes

export const boxes = [
  { table: 'in_app_source', column: 'secret_box', key: { source_id: 'uuid' } },
] as const satisfies BoxedColumn[]
