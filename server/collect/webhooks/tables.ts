import type { TableScopes } from '../../platform/db/tables.ts'
import type { BoxedColumn } from '../../platform/secrets/boxed-column.ts'

export const tables = {
  webhook_endpoint: 'tenant',
  webhook_secret: 'tenant',
  webhook_delivery: 'tenant',
} as const satisfies TableScopes

export const boxes = [{ table: 'webhook_secret', column: 'box', key: { id: 'uuid' } }] as const satisfies BoxedColumn[]
