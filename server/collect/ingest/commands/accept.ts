import { randomUUID } from 'node:crypto'
import { tenantIdOf } from '../../../platform/context/context.ts'
import type { Installation } from '../../../platform/context/installation.ts'
import { AppError } from '../../../platform/errors/app-error.ts'
import { basicUser, type RawReply, type RawRequest } from '../../../platform/http/raw.ts'
import { readToken } from '../../../platform/secrets/token.ts'
import { bodyTooLarge, largestBody, readBody, type Sent } from '../body.ts'
import { type Arrival, type Message, type MessageType, readMessage } from '../message.ts'
import { type FindingCode, findingWords, type Refusal, shownBody } from '../rejection.ts'
import { admitSource, deliver, type SourceKey, unknownKey } from './queue.ts'
import type { Delivery } from './store.ts'

/** Messages of one batch. */
const mostMessages = 2_500

/**
 * Takes a request of the Segment protocol. Answers once everything in it is stored, was stored before, or is noted as
 * refused: SDKs drop what is refused with 4xx, and try again what is answered with 503 or 429.
 * @throws AppError `unauthenticated`, `malformed`, `too_large`, `rate_limited`, `unavailable`; `malformed` also for a
 *   single message that is refused
 */
export async function acceptRequest(
  installation: Installation,
  request: RawRequest,
  type: MessageType | undefined,
): Promise<RawReply> {
  const early = keyInHead(request.headers)
  const sent = await readNoted(installation, request, early)
  const key = early ?? keyOf(isObject(sent.json) ? sent.json.writeKey : undefined)
  if (!key) throw unknownKey()
  if (!early) admitSource(installation, key, request.origin.now.getTime())
  const delivery = type === undefined ? readBatch(sent, request) : readSingle(sent, request, type)
  const outcome = await deliver(installation, request.origin, key, delivery)
  const [refusal] = delivery.refusals
  if (refusal && (type !== undefined || refusal.code === 'no_batch')) {
    throw new AppError('malformed', findingWords[refusal.code])
  }
  const { accepted, duplicated, rejected } = outcome
  return { status: 200, body: { success: true, accepted, duplicated, rejected } }
}

/**
 * Refuses a request by its head alone: a key that is none, a source that sends too much.
 * @throws AppError `unauthenticated`, `rate_limited`
 */
export function admitHead(installation: Installation, headers: RawRequest['headers']): void {
  const key = keyInHead(headers)
  if (key) admitSource(installation, key, Date.now())
}

/** A body that cannot be read is noted for the debugger where the head says whose it is; else nobody may send it. */
async function readNoted(installation: Installation, request: RawRequest, key: SourceKey | undefined): Promise<Sent> {
  try {
    if (request.body.length > largestBody) throw bodyTooLarge()
    return await readBody(request.body, request.headers['content-encoding'])
  } catch (error) {
    if (!key) throw unknownKey()
    if (error instanceof AppError) {
      const code: FindingCode = error.code === 'too_large' ? 'batch_too_large' : 'not_json'
      const shown = request.headers['content-encoding'] === undefined ? request.body.subarray(0, 2_000).toString() : ''
      const body = shown.replaceAll('\u0000', '')
      const refusal: Refusal = { code, path: null, messageId: null, person: null, body }
      await deliver(installation, request.origin, key, { messages: [], refusals: [refusal], unread: 0 })
    }
    throw error
  }
}

function readSingle(sent: Sent, request: RawRequest, type: MessageType): Delivery {
  return sorted([readMessage(sent.json, type, arrivalOf(sent, request, undefined))])
}

function readBatch(sent: Sent, request: RawRequest): Delivery {
  const batch = isObject(sent.json) ? sent.json.batch : undefined
  if (!Array.isArray(batch)) {
    const refusal: Refusal = {
      code: 'no_batch',
      path: 'batch',
      messageId: null,
      person: null,
      body: shownBody(sent.json),
    }
    return { messages: [], refusals: [refusal], unread: 0 }
  }
  const arrival = arrivalOf(sent, request, (sent.json as Record<string, unknown>).sentAt)
  const delivery = sorted(batch.slice(0, mostMessages).map(message => readMessage(message, undefined, arrival)))
  const beyond = batch.length - mostMessages
  if (beyond <= 0) return delivery
  const refusal: Refusal = { code: 'too_many', path: `batch.${mostMessages}`, messageId: null, person: null, body: '' }
  return { ...delivery, refusals: [...delivery.refusals, refusal], unread: beyond - 1 }
}

function arrivalOf({ damaged, escapes }: Sent, { origin }: RawRequest, sentAt: unknown): Arrival {
  return { receivedAt: origin.now.getTime(), sentAt, nextId: randomUUID, damaged, escapes }
}

function sorted(read: (Message | Refusal)[]): Delivery {
  const delivery: Delivery = { messages: [], refusals: [], unread: 0 }
  for (const one of read) {
    if ('code' in one) delivery.refusals.push(one)
    else delivery.messages.push(one)
  }
  return delivery
}

/** @throws AppError `unauthenticated` when there is a key in the head, and it is none of ours */
function keyInHead(headers: RawRequest['headers']): SourceKey | undefined {
  const user = basicUser(headers)
  if (user === undefined || user === '') return undefined
  const key = keyOf(user)
  if (!key) throw unknownKey()
  return key
}

function keyOf(text: unknown): SourceKey | undefined {
  const token = typeof text === 'string' ? readToken('source', text) : undefined
  return token?.tenantId ? { tenantId: tenantIdOf(token.tenantId), hash: token.hash } : undefined
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
