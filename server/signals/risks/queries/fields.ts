import { sql } from 'kysely'
import type { FieldDefinition, Reader, RecordKind } from '../../../platform/context/vocabulary.ts'
import { signalsOf } from './signals.ts'

/** Fields by which conditions name signals; a signal's own condition may not use them. */
export const signalFieldIds = ['signals', 'signalsHigh'] as const

/** Which signals a customer shows, by their keys, and how many high ones. */
export async function signalFields(reader: Reader, record: RecordKind): Promise<FieldDefinition[]> {
  if (record !== 'customer') return []
  const shown = sql`customer_signal x join risk_signal s on s.tenant_id = ${reader.tenantId} and s.id = x.signal_id
    where x.tenant_id = ${reader.tenantId} and x.ended is null`
  const about = { record, group: 'health', facts: 'customer', changesByItself: true } as const
  return [
    {
      ...about,
      id: 'signals',
      words: { ja: 'リスクシグナル', en: 'Risk signals' },
      kind: 'many_of',
      value: sql`array(select s.key from ${shown} and x.customer_id = c.id)`,
      holdsAny: wanted => sql`c.id in (select x.customer_id from ${shown} and s.key = any(${wanted}::text[]))`,
      choices: (await signalsOf(reader)).map(({ key, name_ja: ja, name_en: en }) => ({
        value: key,
        words: { ja, en },
      })),
    },
    {
      ...about,
      id: 'signalsHigh',
      words: { ja: '高リスクシグナル', en: 'High risk signals' },
      kind: 'number',
      unit: 'count',
      value: sql`(select count(*) from ${shown} and s.level = 'high' and x.customer_id = c.id)`,
    },
  ]
}
