import { sql } from 'kysely'
import type { FactKind, FieldDefinition, Reader, RecordKind } from '../../../platform/context/vocabulary.ts'
import type { Condition } from '../contract.ts'
import { needsOf } from '../needs.ts'

/** What the conditions of a company may name, and what day it is there. */
export interface ConditionVocabulary {
  fields: Readonly<Record<RecordKind, ReadonlyMap<string, FieldDefinition>>>
  zone: string
  /** YYYY-MM-DD in the company's time zone. */
  today: string
  /** With it, figures are those that were kept of that day, and `today` is that day: fields stay as they are now. */
  asOf?: string
}

/** The same vocabulary seen from a past day. */
export function onDay(vocabulary: ConditionVocabulary, day: string): ConditionVocabulary {
  return day >= vocabulary.today ? vocabulary : { ...vocabulary, today: day, asOf: day }
}

/**
 * The fields of a company: those of the modules, its attributes, its metrics, its segments.
 * @param condition with it, the company's own fields are only read where it names some
 */
export async function vocabularyOf(reader: Reader, condition?: Condition): Promise<ConditionVocabulary> {
  const { rows } = await sql<{ zone: string; today: string }>`
    select time_zone as zone, (${reader.now}::timestamptz at time zone time_zone)::date::text as today
    from tenant where id = ${reader.tenantId}`.execute(reader.tx)
  return {
    fields: {
      customer: await fieldsOf(reader, 'customer', condition),
      contact: await fieldsOf(reader, 'contact', condition),
    },
    ...rows[0]!,
  }
}

async function fieldsOf(
  reader: Reader,
  record: RecordKind,
  condition: Condition | undefined,
): Promise<ReadonlyMap<string, FieldDefinition>> {
  const fields = new Map<string, FieldDefinition>()
  for (const part of reader.installation.vocabulary) {
    for (const field of part.fields ?? []) if (field.record === record) fields.set(field.id, field)
  }
  if (condition && allFields(condition).every(id => fields.has(id))) return fields
  for (const part of reader.installation.vocabulary) {
    for (const field of (await part.ownFields?.(reader, record)) ?? []) fields.set(field.id, field)
  }
  return fields
}

/** Every field that a condition names, of whatever record. */
function allFields(condition: Condition): string[] {
  const needs = needsOf(condition)
  return [...needs.fields, ...[...needs.contacts, ...needs.customer].flatMap(allFields)]
}

/** What kinds of facts a condition is worked out from, and whether time alone may change its answer. */
export async function conditionFacts(
  reader: Reader,
  record: RecordKind,
  condition: Condition,
): Promise<{ facts: FactKind[]; time: boolean }> {
  const { fields } = await vocabularyOf(reader)
  const facts = new Set<FactKind>()
  let time = false
  const visit = (kind: RecordKind, part: Condition) => {
    const needs = needsOf(part)
    time ||= needs.time
    for (const id of needs.fields) {
      const field = fields[kind].get(id)
      if (field) facts.add(field.facts)
      // Figures look back over days.
      if (field?.isMetric || field?.changesByItself) time = true
    }
    if (needs.events.size + needs.rawEvents.size > 0) facts.add('usage')
    if (needs.contacts.length > 0 || needs.countsContacts) facts.add('contacts')
    for (const each of needs.contacts) visit('contact', each)
    for (const each of needs.customer) visit('customer', each)
  }
  visit(record, condition)
  return { facts: [...facts], time }
}
