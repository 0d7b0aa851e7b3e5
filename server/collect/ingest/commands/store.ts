import { v7 as uuidv7 } from 'uuid'
import { type Context, enqueue, type Origin, type TenantId } from '../../../platform/context/context.ts'
import type { Installation } from '../../../platform/context/installation.ts'
import { OpenTransaction } from '../../../platform/tenancy/transaction.ts'
import { type Message, messageKey } from '../message.ts'
import type { Refusal } from '../rejection.ts'
import { insertBatch, insertFindings, insertMessages, storedHashes, storedPlaces } from './insert.ts'

/** Milliseconds until events that arrive are processed: what comes in the meantime is processed with them. */
const processDelay = 1_000
/** Days for which events are kept where nobody said otherwise. */
export const standardRetention = 400

/** What one request wants stored. */
export interface Delivery {
  messages: Message[]
  refusals: Refusal[]
  /** Messages that were refused without being looked at. */
  unread: number
}

/** What became of it. */
export interface Outcome {
  accepted: number
  duplicated: number
  rejected: number
  conflicting: number
}

/** A source as a write finds it. */
export interface FoundSource {
  id: string
  retention: number
  limit: number | null
}

const lookup = `
  select s.id, s.limit_per_minute as "limit", coalesce(state.retention_days, ${standardRetention}) as retention
  from source s left join ingest_state state on state.tenant_id = s.tenant_id
  where s.tenant_id = $1 and s.key_hash = $2 and s.disabled_at is null`

interface Line {
  message: Message
  key: string
  delivery: number
}

/**
 * Stores deliveries of one source in one transaction: messages that are new, a marker for the processor, and what the
 * debugger shows. Returns after COMMIT.
 * @returns what became of each delivery, and the source; undefined when there is no such source any more
 * @throws AppError `unavailable` when it is not known to be stored
 */
export async function storeDeliveries(
  installation: Installation,
  origin: Origin,
  key: { tenantId: TenantId; hash: Buffer },
  deliveries: Delivery[],
): Promise<{ outcomes: Outcome[]; source: FoundSource } | undefined> {
  const { transaction, rows } = await OpenTransaction.begin(installation, origin, key.tenantId, {
    name: 'open by write key',
    text: lookup,
    values: [key.tenantId, key.hash],
  })
  const source = rows[0] as FoundSource | undefined
  try {
    if (!source) {
      await transaction.rollback()
      return undefined
    }
    const ctx = await transaction.enter(key.tenantId, { kind: 'system', id: undefined, name: 'ingest' })
    const outcomes = await store(ctx, source, deliveries)
    await transaction.flush()
    await transaction.commit()
    return { outcomes, source }
  } catch (error) {
    await transaction.rollback()
    throw error
  }
}

async function store(ctx: Context, source: FoundSource, deliveries: Delivery[]): Promise<Outcome[]> {
  const horizon = ctx.now.getTime() - source.retention * 86_400_000
  const outcomes = deliveries.map(({ refusals, unread }) => ({
    accepted: 0,
    duplicated: 0,
    rejected: refusals.length + unread,
    conflicting: 0,
  }))
  const findings: { kind: 'rejected' | 'conflict'; refusal: Refusal }[] = []
  const refuse = (refusal: Refusal) => findings.push({ kind: 'rejected', refusal })
  const lines = new Map<string, Line>()
  const conflict = (line: Line) => {
    outcomes[line.delivery]!.conflicting++
    findings.push({ kind: 'conflict', refusal: refusalOf(line.message, 'reused_id') })
  }
  for (const [delivery, { messages, refusals }] of deliveries.entries()) {
    refusals.forEach(refuse)
    for (const message of messages) {
      const line = { message, key: messageKey(source.id, message.messageId), delivery }
      if (message.occurredAt < horizon && isUse(message)) {
        outcomes[delivery]!.rejected++
        refuse(refusalOf(message, 'too_old'))
        continue
      }
      const first = lines.get(line.key)
      if (!first) {
        lines.set(line.key, line)
        continue
      }
      outcomes[delivery]!.duplicated++
      if (first.message.bodyHash !== message.bodyHash) conflict(line)
    }
  }
  const batchId = uuidv7()
  const known = await insertNew(ctx, source, batchId, [...lines.values()])
  for (const line of lines.values()) {
    const hash = known.get(line.key)
    if (hash === undefined) {
      outcomes[line.delivery]!.accepted++
      continue
    }
    outcomes[line.delivery]!.duplicated++
    if (hash !== line.message.bodyHash) conflict(line)
  }
  await insertFindings(ctx, source.id, findings)
  const stored = [...lines.values()].filter(line => !known.has(line.key)).map(line => line.message)
  await insertBatch(ctx, source.id, batchId, total(outcomes), stored)
  // Not at once: a company that sends all the time is processed once a second, not once a request.
  enqueue(ctx, {
    name: 'ingest.process',
    payload: {},
    key: 'process',
    runAt: new Date(ctx.now.getTime() + processDelay),
  })
  return outcomes
}

/** @returns hashes of the messages that were there before, by key */
async function insertNew(
  ctx: Context,
  source: FoundSource,
  batchId: string,
  lines: Line[],
): Promise<Map<string, string>> {
  if (lines.length === 0) return new Map()
  // In one order, so that two writes with the same messages wait for each other instead of blocking each other.
  lines.sort((one, other) => (one.key < other.key ? -1 : 1))
  const inserted = await insertMessages(ctx, source.id, batchId, lines)
  if (inserted === lines.length) return new Map()
  const places = await storedPlaces(ctx, batchId)
  const repeated = lines.filter((_, place) => !places.has(place + 1)).map(line => line.key)
  return storedHashes(ctx, repeated)
}

/** Use is kept for the time of retention; what says who somebody is stays. */
function isUse({ type }: Message): boolean {
  return type === 'track' || type === 'page' || type === 'screen'
}

function refusalOf(message: Message, code: 'reused_id' | 'too_old'): Refusal {
  const { type, name, properties, groupId, occurredAt } = message
  const body = `${JSON.stringify({ type, name, groupId, occurredAt: new Date(occurredAt) }).slice(0, -1)},"properties":${properties}}`
  return { code, path: null, messageId: message.messageId, person: message.person, body: body.slice(0, 4_000) }
}

function total(outcomes: Outcome[]): Outcome {
  const sum = { accepted: 0, duplicated: 0, rejected: 0, conflicting: 0 }
  for (const outcome of outcomes) {
    sum.accepted += outcome.accepted
    sum.duplicated += outcome.duplicated
    sum.rejected += outcome.rejected
    sum.conflicting += outcome.conflicting
  }
  return sum
}
