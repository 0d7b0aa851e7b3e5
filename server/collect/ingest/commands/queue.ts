import type { Origin, TenantId } from '../../../platform/context/context.ts'
import type { Installation } from '../../../platform/context/installation.ts'
import { AppError } from '../../../platform/errors/app-error.ts'
import { type Delivery, type FoundSource, type Outcome, storeDeliveries } from './store.ts'

/** Writes of one source at a time; what arrives meanwhile shares the next. */
const writesAtOnce = 2
/** Messages that share a write, at most, beyond the first delivery. */
const mostTogether = 1_500
/** Messages of one source that may wait; more are refused, to be sent again. */
const mostWaiting = 40_000

export interface SourceKey {
  tenantId: TenantId
  hash: Buffer
}

interface Waiting {
  delivery: Delivery
  origin: Origin
  resolve(outcome: Outcome): void
  reject(error: unknown): void
}

interface SourceQueue {
  waiting: Waiting[]
  messages: number
  writing: number
  /** What a minute has seen, where the source has a limit. */
  minute: { began: number; messages: number; limit: number } | undefined
}

/** Queues by the hash of the write key, of every installation that runs in this process. */
const queues = new WeakMap<Installation, Map<string, SourceQueue>>()
/** Sources that are remembered; more than that are forgotten, with the count of their minute. */
const mostSources = 10_000

/**
 * Stores a delivery and waits for its COMMIT. Deliveries of one source that arrive while others are being written
 * share a transaction; each is told of its own messages, and only once they are stored.
 * @throws AppError `unauthenticated` when there is no such source, `rate_limited`, `unavailable`
 */
export async function deliver(
  installation: Installation,
  origin: Origin,
  key: SourceKey,
  delivery: Delivery,
): Promise<Outcome> {
  const queue = queueOf(installation, key)
  refuseOverLimit(queue, origin.now.getTime())
  return new Promise((resolve, reject) => {
    queue.waiting.push({ delivery, origin, resolve, reject })
    queue.messages += delivery.messages.length
    pump(installation, key, queue)
  })
}

/**
 * Whether a source may send now; costs nothing, so that it can be asked before a body is read.
 * @throws AppError `rate_limited`
 */
export function admitSource(installation: Installation, key: SourceKey, now: number): void {
  const queue = queues.get(installation)?.get(key.hash.toString('base64'))
  if (queue) refuseOverLimit(queue, now)
}

/** Messages of all sources that wait to be written in this process. */
function queueOf(installation: Installation, key: SourceKey): SourceQueue {
  let known = queues.get(installation)
  if (!known) {
    known = new Map()
    queues.set(installation, known)
  }
  const name = key.hash.toString('base64')
  let queue = known.get(name)
  if (!queue) {
    queue = { waiting: [], messages: 0, writing: 0, minute: undefined }
    if (known.size >= mostSources) known.delete(known.keys().next().value!)
    known.set(name, queue)
  }
  return queue
}

function refuseOverLimit(queue: SourceQueue, now: number): void {
  if (queue.messages > mostWaiting) throw tooFast(1)
  const { minute } = queue
  if (!minute) return
  const left = minute.began + 60_000 - now
  if (left > 0 && minute.messages >= minute.limit) throw tooFast(left / 1_000)
}

function pump(installation: Installation, key: SourceKey, queue: SourceQueue): void {
  while (queue.writing < writesAtOnce && queue.waiting.length > 0) {
    const together = [queue.waiting.shift()!]
    let messages = together[0]!.delivery.messages.length
    while (queue.waiting.length > 0 && messages + queue.waiting[0]!.delivery.messages.length <= mostTogether) {
      const next = queue.waiting.shift()!
      messages += next.delivery.messages.length
      together.push(next)
    }
    queue.messages -= messages
    queue.writing++
    write(installation, key, queue, together).finally(() => {
      queue.writing--
      pump(installation, key, queue)
    })
  }
}

/** Writes deliveries together; when that fails for what they hold, one by one, so that none suffers from another. */
async function write(
  installation: Installation,
  key: SourceKey,
  queue: SourceQueue,
  together: Waiting[],
): Promise<void> {
  try {
    const deliveries = together.map(({ delivery }) => delivery)
    const result = await storeDeliveries(installation, together[0]!.origin, key, deliveries)
    if (result) {
      count(queue, result.source, deliveries, together[0]!.origin.now.getTime())
      for (const [index, { resolve }] of together.entries()) resolve(result.outcomes[index]!)
    } else for (const { reject } of together) reject(unknownKey())
  } catch (error) {
    if (!isUnstorable(error)) for (const { reject } of together) reject(error)
    else if (together.length > 1) for (const one of together) await write(installation, key, queue, [one])
    else await writeInHalves(installation, key, queue, together[0]!)
  }
}

/** Finds the messages that the database cannot store: they alone are refused. */
async function writeInHalves(
  installation: Installation,
  key: SourceKey,
  queue: SourceQueue,
  { delivery, origin, resolve, reject }: Waiting,
): Promise<void> {
  const { messages, refusals, unread } = delivery
  const half = messages.length >> 1
  const parts: Delivery[] =
    messages.length > 1
      ? [
          { messages: messages.slice(0, half), refusals, unread },
          { messages: messages.slice(half), refusals: [], unread: 0 },
        ]
      : [{ messages: [], refusals: [...refusals, unstorable(delivery)], unread }]
  try {
    const outcomes: Outcome[] = []
    for (const part of parts) {
      outcomes.push(
        await new Promise<Outcome>((done, failed) => {
          void write(installation, key, queue, [{ delivery: part, origin, resolve: done, reject: failed }])
        }),
      )
    }
    resolve(outcomes.reduce(sum))
  } catch (error) {
    reject(error)
  }
}

function sum(one: Outcome, other: Outcome): Outcome {
  return {
    accepted: one.accepted + other.accepted,
    duplicated: one.duplicated + other.duplicated,
    rejected: one.rejected + other.rejected,
    conflicting: one.conflicting + other.conflicting,
  }
}

function unstorable({ messages }: Delivery) {
  const { messageId, person, properties } = messages[0]!
  return { code: 'unstorable' as const, path: null, messageId, person, body: (properties ?? '').slice(0, 4_000) }
}

/** PostgreSQL's class of data errors, and its limit of nesting. */
function isUnstorable(error: unknown): boolean {
  return /^(22|54)/.test((error as { code?: string } | undefined)?.code ?? '')
}

function count(queue: SourceQueue, { limit }: FoundSource, deliveries: Delivery[], now: number): void {
  if (limit === null) {
    queue.minute = undefined
    return
  }
  if (!queue.minute || now - queue.minute.began >= 60_000) queue.minute = { began: now, messages: 0, limit }
  queue.minute.limit = limit
  for (const { messages, refusals, unread } of deliveries) {
    queue.minute.messages += messages.length + refusals.length + unread
  }
}

/** @param seconds until the source may send again */
function tooFast(seconds: number): AppError {
  const wait = Math.max(1, Math.ceil(seconds))
  return new AppError(
    'rate_limited',
    {
      ja: `送信数が上限を超えています。${wait}秒後に再送してください。`,
      en: `The source sends too much. Send again in ${wait} seconds.`,
    },
    { retryAfter: wait },
  )
}

export function unknownKey(): AppError {
  return new AppError('unauthenticated', {
    ja: '書き込みキーが正しくないか、無効になっています。Basic認証のユーザー名に指定してください。',
    en: 'The write key is wrong or disabled. Send it as the user of Basic authentication.',
  })
}
