import type { JsonObject, JsonValue } from '../../platform/context/context.ts'

/** What conditions and recipients name by an id that means something in one company only. */
export type ReferenceKind = 'segment' | 'scorecard' | 'member' | 'team'

/** Fields of conditions whose values are ids. */
const fields: Readonly<Record<string, ReferenceKind>> = {
  segments: 'segment',
  scorecard: 'scorecard',
  ownerId: 'member',
}

/** How recipients name people and teams in a company, and in a blueprint. */
const recipients = { member: 'email', team: 'name' } as const

/** Fields that hold the id of a member, and what they are called in a blueprint, where they hold an address. */
const memberFields = [
  ['ownerId', 'owner'],
  ['responsibleId', 'responsible'],
] as const

/** Finds the other name of something; undefined where there is none. */
export type Lookup = (kind: ReferenceKind, name: string) => string | undefined

/** Ids become what things are called everywhere: keys, addresses, names. What nobody knows any more keeps its id. */
export function toPortable(value: JsonValue, nameOf: Lookup): JsonValue {
  return mapped(value, (kind, id) => nameOf(kind, id) ?? id, 'id')
}

/**
 * What things are called becomes the ids that they have here.
 * @param missing told of every name that nothing has
 */
export function toStored(
  value: JsonValue,
  idOf: Lookup,
  missing: (kind: ReferenceKind, name: string) => void,
): JsonValue {
  const find = (kind: ReferenceKind, name: string) => {
    const id = idOf(kind, name)
    if (id === undefined) missing(kind, name)
    return id ?? name
  }
  return mapped(value, find, 'name')
}

function mapped(value: JsonValue, find: (kind: ReferenceKind, name: string) => string, from: 'id' | 'name'): JsonValue {
  if (Array.isArray(value)) return value.map(each => mapped(each, find, from))
  if (value === null || typeof value !== 'object') return value
  const kind = typeof value.field === 'string' && 'op' in value ? fields[value.field] : undefined
  if (kind !== undefined && value.value !== undefined) {
    const named = value.value
    const found = Array.isArray(named)
      ? named.map(each => (typeof each === 'string' ? find(kind, each) : each))
      : typeof named === 'string'
        ? find(kind, named)
        : named
    return { ...value, value: found }
  }
  if (value.kind === 'member' || value.kind === 'team') {
    const other = recipients[value.kind]
    const [old, fresh] = from === 'id' ? ['id', other] : [other, 'id']
    const { [old]: named, ...rest } = value
    if (typeof named === 'string') return { ...rest, [fresh]: find(value.kind, named) }
  }
  const parts: JsonObject = {}
  for (const [key, part] of Object.entries(value)) {
    if (part === undefined) continue
    const field = memberFields.find(names => names[from === 'id' ? 0 : 1] === key)
    if (field) parts[field[from === 'id' ? 1 : 0]] = typeof part === 'string' ? find('member', part) : part
    else parts[key] = mapped(part, find, from)
  }
  return parts
}
