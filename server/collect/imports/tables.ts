import type { TableScopes } from '../../platform/db/tables.ts'

export const tables = {
  import_mapping: 'tenant',
  data_import: 'tenant',
  import_part: 'tenant',
  import_row: 'tenant',
} as const satisfies TableScopes
