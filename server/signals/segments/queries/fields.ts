import { sql } from 'kysely'
import type { FieldDefinition, Reader, RecordKind } from '../../../platform/context/vocabulary.ts'
import { segmentsOf } from './segments.ts'

/** Being in segments, as a field that conditions may name; its values are their ids. */
export async function segmentField(reader: Reader, record: RecordKind): Promise<FieldDefinition[]> {
  const segments = (await segmentsOf(reader)).filter(
    segment => segment.record === record && segment.state !== 'archived',
  )
  return [
    {
      id: 'segments',
      record,
      words: { ja: '所属セグメント', en: 'In segment' },
      kind: 'many_of',
      group: 'segments',
      facts: record === 'customer' ? 'customer' : 'contacts',
      value: sql`array(select x.segment_id::text from segment_member x where x.tenant_id = ${reader.tenantId} and x.record_id = c.id)`,
      holdsAny: wanted => sql`c.id in (select x.record_id from segment_member x
        where x.tenant_id = ${reader.tenantId} and x.segment_id::text = any(${wanted}::text[]))`,
      choices: segments.map(({ id, name_ja: ja, name_en: en }) => ({ value: id, words: { ja, en } })),
    },
  ]
}
