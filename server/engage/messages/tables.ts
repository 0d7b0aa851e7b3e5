import type { TableScopes } from '../../platform/db/tables.ts'
import type { BoxedColumn } from '../../platform/secrets/boxed-column.ts'

export const tables = {
  message_topic: 'tenant',
  topic_choice: 'tenant',
  message_suppression: 'tenant',
  message_template: 'tenant',
  message_template_version: 'tenant',
  message_block: 'tenant',
  message_sender: 'tenant',
  message_pace: 'tenant',
  message_settings: 'tenant',
  campaign: 'tenant',
  message: 'tenant',
  message_link: 'tenant',
  message_event: 'tenant',
  mail_provider: 'tenant',
  message_preview: 'tenant',
} as const satisfies TableScopes

export const boxes = [
  { table: 'message_suppression', column: 'address_box', key: { id: 'uuid' } },
  { table: 'message_sender', column: 'dkim_box', key: { id: 'uuid' } },
] as const satisfies BoxedColumn[]
