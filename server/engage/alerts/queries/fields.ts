import { sql } from 'kysely'
import type { FieldDefinition, Reader, RecordKind } from '../../../platform/context/vocabulary.ts'

/** What alerts say of a customer, as a field that conditions and lists may name: how many are open. */
export async function alertFields(reader: Reader, record: RecordKind): Promise<FieldDefinition[]> {
  if (record !== 'customer') return []
  return [
    {
      id: 'openAlerts',
      record,
      kind: 'number',
      words: { ja: '未対応のアラート', en: 'Open alerts' },
      group: 'customer',
      facts: 'customer',
      unit: 'count',
      changesByItself: true,
      value: sql`(select count(*) from alert a
        where a.tenant_id = ${reader.tenantId} and a.customer_id = c.id and a.closed_at is null)`,
    },
  ]
}
