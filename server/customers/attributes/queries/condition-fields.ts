import { sql } from 'kysely'
import type { FieldDefinition, Reader, RecordKind } from '../../../platform/context/vocabulary.ts'
import { attributesOf } from './attributes.ts'

/** The company's own fields, as conditions name them: `attributes.<key>`. */
export async function attributeFields(reader: Reader, record: RecordKind): Promise<FieldDefinition[]> {
  const attributes = await attributesOf(reader, record)
  return attributes.map(({ key, label, type, options }) => {
    const text = sql`c.attributes ->> ${key}`
    const value = {
      text,
      one_of: text,
      number: sql`(${text})::float8`,
      boolean: sql`(${text})::boolean`,
      date: sql`(${text})::date`,
      many_of: sql`array(select jsonb_array_elements_text(
        case when jsonb_typeof(c.attributes -> ${key}::text) = 'array' then c.attributes -> ${key}::text else '[]' end))`,
    }[type]
    return {
      id: `attributes.${key}`,
      record,
      words: { ja: label, en: label },
      kind: type,
      group: 'attributes',
      facts: record === 'customer' ? 'customer' : 'contacts',
      value,
      ...(options.length > 0 && {
        choices: options.map(option => ({ value: option, words: { ja: option, en: option } })),
      }),
    }
  })
}
