import { hash } from 'node:crypto'
import { hazardIn, type Suspicion } from './inspect.ts'
import { type FindingCode, type Refusal, shownBody } from './rejection.ts'

export const messageTypes = ['track', 'identify', 'group', 'page', 'screen', 'alias'] as const
export type MessageType = (typeof messageTypes)[number]

/** A message that is fit to be stored. Written by hand, not by a schema: 20,000 a second pass here. */
export interface Message {
  messageId: string
  type: MessageType
  /** `u:<user id>` or `a:<anonymous id>` */
  person: string
  name: string | null
  groupId: string | null
  /** The anonymous id that an identify or alias call names beside the user. */
  otherPerson: string | null
  /** Properties or traits, as JSON. */
  properties: string | null
  context: string | null
  /** Milliseconds. */
  occurredAt: number
  sentAt: number | null
  /** First 64 bits of SHA-256 over what it says, as a signed number. */
  bodyHash: string
}

/** What is known of the request that brought a message. */
export interface Arrival extends Suspicion {
  /** Milliseconds. */
  receivedAt: number
  /** When the sender says that it sent the batch. */
  sentAt: unknown
  /** An id for a message that has none. */
  nextId: () => string
}

/** A moment further in the future is the fault of a clock. */
const mostAhead = 86_400_000
const longestId = 255
const longestName = 200

type Fields = Record<string, unknown>

/**
 * Checks one message and brings it into the form in which it is stored.
 * @param type what the address says it is; in a batch the message says so itself
 */
export function readMessage(message: unknown, type: MessageType | undefined, arrival: Arrival): Message | Refusal {
  if (!isObject(message)) return refusal('not_an_object', null, message)
  const hazard = hazardIn(message, arrival)
  if (hazard) return refusal(hazard, null, message)
  const kind = type ?? (message.type as MessageType)
  if (!messageTypes.includes(kind)) return refusal('unknown_type', 'type', message)
  for (const name of ['userId', 'anonymousId', 'messageId', 'groupId', 'previousId']) {
    if (!isId(message[name])) return refusal('bad_id', name, message)
  }
  const fault = (code: FindingCode, path: string) => refusal(code, path, message)
  const userId = text(message.userId)
  const anonymousId = text(message.anonymousId)
  const context = isObject(message.context) ? message.context : {}
  if (kind === 'alias' && userId === null) return fault('no_user', 'userId')
  if (kind === 'alias' && text(message.previousId) === null) return fault('no_previous', 'previousId')
  if (userId === null && anonymousId === null) return fault('no_person', 'userId')
  if (kind === 'group' && text(message.groupId) === null) return fault('no_group', 'groupId')
  const name = nameOf(kind, message, context)
  if (name === undefined) return kind === 'track' ? fault('no_event_name', 'event') : fault('bad_name', 'name')
  const said = saidIn(kind, message, context)
  if (said === undefined)
    return fault('bad_properties', kind === 'identify' || kind === 'group' ? 'traits' : 'properties')
  const stated = message.timestamp ?? message.originalTimestamp
  const at = stated === undefined || stated === null ? null : momentOf(stated)
  if (at === undefined) return fault('bad_timestamp', 'timestamp')
  const sentAt = momentOf(message.sentAt ?? arrival.sentAt) ?? null
  const properties = said === null ? null : JSON.stringify(said)
  const person = userId === null ? `a:${anonymousId}` : `u:${userId}`
  const other = otherOf(kind, userId, anonymousId, text(message.previousId))
  const groupId = text(kind === 'group' ? message.groupId : isId(context.groupId) ? context.groupId : undefined)
  return {
    messageId: text(message.messageId) ?? arrival.nextId(),
    type: kind,
    person,
    name,
    groupId,
    otherPerson: other,
    properties,
    context: shownContext(context),
    occurredAt: occurred(at, sentAt, arrival.receivedAt),
    sentAt,
    bodyHash: hashOf(`${kind}\n${person}\n${other}\n${name}\n${groupId}\n${at}\n${properties}`),
  }
}

/** The message says when by the sender's clock; how wrong that is shows in when it says that it was sent. */
function occurred(at: number | null, sentAt: number | null, receivedAt: number): number {
  if (at === null) return receivedAt
  const moment = sentAt === null ? at : receivedAt - (sentAt - at)
  return moment > receivedAt + mostAhead ? receivedAt : moment
}

/** Milliseconds; undefined for what is no moment between the years 1 and 9999. */
function momentOf(value: unknown): number | undefined {
  const moment = typeof value === 'string' ? Date.parse(value) : typeof value === 'number' ? value : Number.NaN
  return moment > -62_135_596_800_000 && moment < 253_402_300_800_000 ? Math.trunc(moment) : undefined
}

/** @returns undefined where there must be a name and is none, or it is none */
function nameOf(type: MessageType, message: Fields, context: Fields): string | null | undefined {
  if (type === 'track') return isName(message.event) && message.event !== '' ? message.event : undefined
  if (type !== 'page' && type !== 'screen') return null
  if (message.name !== undefined && message.name !== null && !isName(message.name)) return undefined
  if (isName(message.name) && message.name !== '') return message.name
  const place = isObject(message.properties) ? message.properties.path : undefined
  const page = isObject(context.page) ? context.page.path : undefined
  return typeof place === 'string'
    ? place.slice(0, longestName)
    : typeof page === 'string'
      ? page.slice(0, longestName)
      : ''
}

/** Properties or traits. RudderStack puts the traits of identify calls into the context. @returns undefined: no object */
function saidIn(type: MessageType, message: Fields, context: Fields): Fields | null | undefined {
  if (type === 'alias') return null
  const said = type === 'identify' || type === 'group' ? (message.traits ?? context.traits) : message.properties
  if (said === undefined || said === null) return null
  return isObject(said) ? said : undefined
}

function otherOf(type: MessageType, userId: string | null, anonymousId: string | null, previousId: string | null) {
  if (type === 'alias') return `a:${previousId}`
  return type === 'identify' && userId !== null && anonymousId !== null ? `a:${anonymousId}` : null
}

const shownPage = ['path', 'url', 'title', 'referrer']

/** The small part of the context that is worth keeping; null for what a server sends. */
function shownContext(context: Fields): string | null {
  const shown: Fields = {}
  if (isObject(context.page)) {
    const page = context.page
    shown.page = Object.fromEntries(shownPage.filter(name => name in page).map(name => [name, page[name]]))
  }
  for (const name of ['locale', 'timezone', 'userAgent']) {
    if (typeof context[name] === 'string') shown[name] = context[name]
  }
  if (isObject(context.app)) shown.app = { name: context.app.name, version: context.app.version }
  return Object.keys(shown).length > 0 ? JSON.stringify(shown) : null
}

function refusal(code: FindingCode, path: string | null, message: unknown): Refusal {
  const hostile = code === 'bad_text' || code === 'bad_key' || code === 'too_deep'
  const fields = isObject(message) && !hostile ? message : {}
  const id = (value: unknown) => (isId(value) ? text(value) : null)
  const userId = id(fields.userId)
  const anonymousId = id(fields.anonymousId)
  const person = userId !== null ? `u:${userId}` : anonymousId === null ? null : `a:${anonymousId}`
  return { code, path, messageId: id(fields.messageId), person, body: shownBody(message) }
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A text, a number, or nothing. */
function isId(value: unknown): boolean {
  if (typeof value === 'string') return value.length <= longestId
  return value === undefined || value === null || typeof value === 'number'
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value.length <= longestName
}

function text(value: unknown): string | null {
  if (typeof value === 'string') return value === '' ? null : value
  return typeof value === 'number' ? String(value) : null
}

function hashOf(said: string): string {
  return BigInt.asIntN(64, BigInt(`0x${hash('sha256', said, 'hex').slice(0, 16)}`)).toString()
}

/** Under which a message is known: first 128 bits of SHA-256 over source and message id. */
export function messageKey(sourceId: string, messageId: string): string {
  return hash('sha256', `${sourceId}\n${messageId}`, 'hex').slice(0, 32)
}
