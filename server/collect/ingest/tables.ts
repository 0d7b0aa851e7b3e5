import type { TableScopes } from '../../platform/db/tables.ts'
import type { BoxedColumn } from '../../platform/secrets/boxed-column.ts'

export const tables = {
  source: 'tenant',
  source_hour: 'tenant',
  ingest_state: 'tenant',
  ingest_message: 'tenant',
  usage_event: 'tenant',
  ingest_batch: 'tenant',
  ingest_finding: 'tenant',
  person_link: 'tenant',
  membership_call: 'tenant',
  email_claim: 'tenant',
  usage_daily: 'tenant',
  usage_dirty: 'tenant',
  customer_feature: 'tenant',
} as const satisfies TableScopes

export const boxes = [{ table: 'source', column: 'key_box', key: { id: 'uuid' } }] as const satisfies BoxedColumn[]
