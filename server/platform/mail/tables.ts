import type { TableScopes } from '../db/tables.ts'
import type { BoxedColumn } from '../secrets/boxed-column.ts'

export const tables = { system_mail: 'local', mail_suppression: 'local' } as const satisfies TableScopes

export const boxes = [
  { table: 'system_mail', column: 'recipient_box', key: { id: 'uuid' } },
  { table: 'system_mail', column: 'content_box', key: { id: 'uuid' } },
] as const satisfies BoxedColumn[]
