import { sql } from 'kysely'
import { needsOfAll } from '../../../catalog/conditions/needs.ts'
import type { NamedThing, Reader, VocabularyUse } from '../../../platform/context/vocabulary.ts'
import type { Words } from '../../../platform/errors/words.ts'
import type { FlowDocument } from '../contract/document.ts'
import { conditionOf, isState } from './triggers.ts'

/** What flows name: the drafts and what is published. */
export async function flowUses(reader: Reader): Promise<VocabularyUse[]> {
  const { rows } = await sql<{ id: string; name: Words; document: FlowDocument; runs: boolean }>`
    select f.id, jsonb_build_object('ja', f.name_ja, 'en', f.name_en) as name, d.document,
      d.published and f.state in ('enabled', 'paused') as runs
    from flow f
    left join flow_version v on v.tenant_id = ${reader.tenantId} and v.flow_id = f.id and v.number = f.version,
    lateral (values (f.draft, false), (v.document, true)) as d (document, published)
    where f.tenant_id = ${reader.tenantId} and f.state <> 'archived' and d.document is not null order by f.name_ja, f.id`.execute(
    reader.tx,
  )
  const keys = rows.flatMap(({ document }) => document.triggers.flatMap(t => (t.kind === 'segment' ? [t.segment] : [])))
  const segments = await segmentIds(reader, keys)
  const uses = rows.map(({ id, name, document, runs }) => {
    const { subject, triggers, entry, exits, goal, steps } = document
    const needs = needsOfAll(
      [
        ...triggers.map(trigger => (isState(trigger) ? conditionOf(trigger, subject) : null)),
        entry,
        goal?.condition,
        ...exits.map(({ condition }) => condition),
        ...steps.flatMap(step => {
          if (step.kind === 'wait_condition') return [step.condition]
          return step.kind === 'branch' ? step.cases.map(({ condition }) => condition) : []
        }),
      ],
      subject,
    )
    const named = triggers.flatMap(trigger => (trigger.kind === 'segment' ? (segments.get(trigger.segment) ?? []) : []))
    const dates = [...triggers, ...steps].flatMap(each =>
      each.kind === 'date' || each.kind === 'wait_date' ? [fieldOf(subject, each.field)] : [],
    )
    const changed = steps.flatMap(step =>
      step.kind === 'change'
        ? step.changes.flatMap(change =>
            change.kind === 'attribute' ? [{ record: subject, id: `attributes.${change.key}` }] : [],
          )
        : [],
    )
    return {
      kind: 'flow',
      id,
      name,
      segments: [...new Set([...needs.segments, ...named])],
      fields: [...needs.fields, ...dates, ...changed],
      // A draft may name what is gone: it is looked at when it is published.
      names: runs ? document.steps.flatMap(namedBy) : [],
    }
  })
  // The draft and what is published are one flow.
  return [...Map.groupBy(uses, ({ id }) => id).values()].map(([first, ...others]) => ({
    ...first!,
    segments: [...new Set([first!, ...others].flatMap(use => use.segments))],
    fields: [first!, ...others].flatMap(use => use.fields),
    names: [first!, ...others].flatMap(use => use.names),
  }))
}

function namedBy(step: FlowDocument['steps'][number]): NamedThing[] {
  switch (step.kind) {
    case 'email':
      return [{ kind: 'message_template', key: step.template }]
    case 'in_app':
      return [{ kind: 'in_app', key: step.message }]
    case 'webhook':
    case 'provision':
      return [{ kind: 'notice_channel', key: step.channel }]
    case 'notice':
      return step.channels.map(key => ({ kind: 'notice_channel', key }))
    default:
      return []
  }
}

function fieldOf(subject: FlowDocument['subject'], name: string): VocabularyUse['fields'][number] {
  return name.startsWith('customer.')
    ? { record: 'customer', id: name.slice('customer.'.length) }
    : { record: subject, id: name }
}

async function segmentIds(reader: Reader, keys: readonly string[]): Promise<Map<string, string>> {
  if (keys.length === 0) return new Map()
  const { rows } = await sql<{ id: string; key: string }>`
    select s.id, s.key from segment s where s.tenant_id = ${reader.tenantId} and s.key = any(${keys}::text[])`.execute(
    reader.tx,
  )
  return new Map(rows.map(({ id, key }) => [key, id]))
}
