import { sql } from 'kysely'
import type { Context, JsonObject } from '../../../platform/context/context.ts'
import { AppError } from '../../../platform/errors/app-error.ts'
import type { Words } from '../../../platform/errors/words.ts'
import { cardsOf } from '../../../signals/scorecards/queries/cards.ts'
import { segmentsOf } from '../../../signals/segments/queries/segments.ts'
import type { Managed } from '../changes.ts'
import { type SectionName, sectionShapes } from '../contract/document.ts'
import { type Lookup, type ReferenceKind, toPortable, toStored } from '../references.ts'
import type { StoredItem } from './section.ts'
import { sections } from './sections.ts'

/** What the company has: in the form of a blueprint, and as its modules know it. */
export interface Current {
  items: Map<SectionName, Map<string, JsonObject>>
  stored: Map<SectionName, Map<string, StoredItem>>
}

/** Reads everything that blueprints may configure. */
export async function currentOf(ctx: Context): Promise<Current> {
  const { nameOf } = await lookups(ctx)
  const current: Current = { items: new Map(), stored: new Map() }
  for (const section of sections) {
    const stored = await section.stored(ctx)
    current.stored.set(section.name, new Map(stored.map(each => [each.key, each])))
    current.items.set(
      section.name,
      new Map(stored.map(({ key, item }) => [key, canonical(section.name, toPortable(item, nameOf) as JsonObject)])),
    )
  }
  return current
}

/** An item with everything that its shape fills in, so that equal things have equal forms. */
export function canonical(section: SectionName, item: JsonObject): JsonObject {
  const shape = sectionShapes[section]
  const parsed: unknown = 'element' in shape ? shape.element.parse(item) : shape.parse(item)
  return JSON.parse(JSON.stringify(parsed)) as JsonObject
}

/**
 * An item of a blueprint as its module takes it: with the ids of this company.
 * @throws AppError `invalid_input` that says which segment, person or team is not there
 */
export async function storedForm(ctx: Context, item: JsonObject): Promise<JsonObject> {
  const missing: Words[] = []
  const { idOf } = await lookups(ctx)
  const stored = toStored(item, idOf, (kind, name) => {
    const { ja, en } = kindWords[kind]
    missing.push({ ja: `${ja}「${name}」`, en: `the ${en} "${name}"` })
  })
  if (missing.length === 0) return stored as JsonObject
  throw new AppError('invalid_input', {
    ja: `${missing.map(({ ja }) => ja).join('、')}がありません。先に追加するか、ブループリントから外してください。`,
    en: `There is no such thing as ${missing.map(({ en }) => en).join(', ')}. Add it first, or take it out of the blueprint.`,
  })
}

const kindWords: Readonly<Record<ReferenceKind, Words>> = {
  segment: { ja: 'セグメント', en: 'segment' },
  scorecard: { ja: 'スコアカード', en: 'scorecard' },
  member: { ja: 'メンバー', en: 'member' },
  team: { ja: 'チーム', en: 'team' },
}

async function lookups(ctx: Context): Promise<{ nameOf: Lookup; idOf: Lookup }> {
  const { rows } = await sql<{ kind: ReferenceKind; id: string; name: string }>`
    select 'member' as kind, m.id, u.email as name from member m join app_user u on u.id = m.user_id where m.tenant_id = ${ctx.tenantId}
    union all
    select 'team', t.id, t.name from team t where t.tenant_id = ${ctx.tenantId}`.execute(ctx.tx)
  const all = [
    ...rows,
    ...(await segmentsOf(ctx)).map(({ id, key: name }) => ({ kind: 'segment' as const, id, name })),
    ...(await cardsOf(ctx)).map(({ id, key: name }) => ({ kind: 'scorecard' as const, id, name })),
  ]
  const names = new Map(all.map(({ kind, id, name }) => [`${kind} ${id}`, name]))
  const ids = new Map(all.map(({ kind, id, name }) => [`${kind} ${name.toLowerCase()}`, id]))
  return {
    nameOf: (kind, id) => names.get(`${kind} ${id}`),
    idOf: (kind, name) => ids.get(`${kind} ${name.toLowerCase()}`),
  }
}

/** What blueprints made here, and how it was then. */
export async function managedOf(ctx: Context): Promise<Managed[]> {
  const { rows } = await sql<Managed>`
    select section, key, blueprint, item from blueprint_item where tenant_id = ${ctx.tenantId} order by section, key`.execute(
    ctx.tx,
  )
  return rows
}
