import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import { type Context, enqueue, type JsonObject } from '../../../platform/context/context.ts'
import { insertBatch, insertMessages, storedPlaces } from '../../ingest/commands/insert.ts'
import { createSource } from '../../ingest/commands/sources.ts'
import { standardRetention } from '../../ingest/commands/store.ts'
import { type Interpreted, interpret, missingOf } from '../interpretation.ts'
import { isReadable, problemOf, type RawRow } from '../row.ts'
import type { ChunkWish, RowResult } from './chunk.ts'
import { blame, resolveContacts, resolveCustomers } from './references.ts'

type Line = Parameters<typeof insertMessages>[3][number]

/** Under which the debugger shows what came by file. */
const sourceName = 'Imports'
/** Events of one batch; its places are small numbers. */
const mostInBatch = 2_000

/**
 * Works off rows about use: each becomes an event, or as many as its count says, with an id made of what it says, so that
 * the same row again finds it there.
 */
export async function workOffUsage(
  ctx: Context,
  wish: ChunkWish,
  rows: RawRow[],
): Promise<{ results: RowResult[]; entries: Interpreted[] }> {
  const { plan } = wish
  const entries = rows.map(raw => interpret(plan, raw))
  const results = entries.map(
    (entry): RowResult => ({
      row: entry.row,
      outcome: 'failed',
      recordId: null,
      problems: entry.problems,
      changes: null,
    }),
  )
  await resolveCustomers(ctx, plan, entries)
  await resolveContacts(ctx, plan, entries)
  const groups = await groupsOf(ctx, entries)
  const horizon = ctx.now.getTime() - (await retentionOf(ctx)) * 86_400_000
  const lines: { line: Line; index: number }[] = []
  const sourceId = wish.seen ? 'none' : await sourceOf(ctx)
  for (const [index, entry] of entries.entries()) {
    const { values } = entry
    const group = groups.get(values.customerId as string)
    if (
      entry.usable &&
      values.contactExternalId === undefined &&
      values.contactEmail === undefined &&
      group === undefined
    ) {
      blame(plan, entry, ['customerExternalId', 'customerDomain', 'customerName'], 'no_customer')
    }
    const missing = missingOf(plan, entry)
    entry.problems.push(...missing)
    if (!entry.usable || missing.length > 0) continue
    const at = Date.parse(values.occurredAt as string)
    if (at < horizon) {
      entry.problems.push(
        problemOf(
          null,
          'out_of_range',
          values.occurredAt as string,
          `≥ ${new Date(horizon).toISOString().slice(0, 10)}`,
        ),
      )
      continue
    }
    const properties = propertiesOf(plan.rest, rows[index]!)
    for (let count = 0; count < Number(values.count ?? 1); count++) {
      lines.push({ line: lineOf(sourceId, entry, { group, at, properties, count }), index })
    }
    results[index]!.outcome = 'unchanged'
  }
  const fresh = await store(ctx, wish, sourceId, lines)
  for (const index of fresh) results[index]!.outcome = 'created'
  return { results, entries }
}

/** @returns which of the rows brought something new */
async function store(
  ctx: Context,
  wish: ChunkWish,
  sourceId: string,
  lines: { line: Line; index: number }[],
): Promise<Set<number>> {
  const fresh = new Set<number>()
  const unique = new Map(lines.map(entry => [entry.line.key, entry]))
  const sorted = [...unique.values()].sort((one, other) => (one.line.key < other.line.key ? -1 : 1))
  if (wish.seen) {
    for (const { line, index } of sorted) {
      if (!wish.seen.has(line.key)) fresh.add(index)
      wish.seen.add(line.key)
    }
    return fresh
  }
  for (let start = 0; start < sorted.length; start += mostInBatch) {
    const part = sorted.slice(start, start + mostInBatch)
    const batchId = uuidv7()
    const accepted = await insertMessages(
      ctx,
      sourceId,
      batchId,
      part.map(({ line }) => line),
    )
    if (accepted === 0) continue
    const places = await storedPlaces(ctx, batchId)
    const stored = part.filter((_, place) => places.has(place + 1))
    for (const { index } of stored) fresh.add(index)
    const counts = { accepted, duplicated: part.length - accepted, rejected: 0, conflicting: 0 }
    await insertBatch(
      ctx,
      sourceId,
      batchId,
      counts,
      stored.map(({ line }) => line.message),
    )
  }
  if (fresh.size > 0)
    enqueue(ctx, { name: 'ingest.process', payload: {}, key: 'process', runAt: new Date(ctx.now.getTime() + 1_000) })
  return fresh
}

function lineOf(
  sourceId: string,
  { values }: Interpreted,
  { group, at, properties, count }: { group: string | undefined; at: number; properties: JsonObject; count: number },
): Line {
  const user = values.contactExternalId ?? values.contactEmail
  const person = user === undefined ? `a:import ${group}` : `u:${user}`
  const said = JSON.stringify([person, group ?? null, values.event, at, properties, values.externalId ?? null])
  const id = values.externalId ?? createHash('sha256').update(said).digest('base64url').slice(0, 32)
  const messageId = count === 0 ? `import:${id}` : `import:${id}:${count}`
  const hash = createHash('sha256').update(said).digest()
  return {
    key: createHash('sha256').update(`${sourceId}\n${messageId}`).digest('hex').slice(0, 32),
    message: {
      messageId,
      type: 'track',
      person,
      name: values.event as string,
      groupId: group ?? null,
      otherPerson: null,
      properties: Object.keys(properties).length > 0 ? JSON.stringify(properties) : null,
      context: null,
      occurredAt: at,
      sentAt: null,
      bodyHash: hash.readBigInt64BE(0).toString(),
    },
  }
}

/** Columns that are no field are properties of the event. */
function propertiesOf(rest: ChunkWish['plan']['rest'], { cells }: RawRow): JsonObject {
  const properties: JsonObject = {}
  for (const { name, place } of rest.slice(0, 50)) {
    const text = cells[place]?.trim()
    if (text && isReadable(text)) properties[name] = text.slice(0, 1_000)
  }
  return properties
}

/** External ids of the customers that rows are about: by these, events know their customer. */
async function groupsOf(ctx: Context, entries: Interpreted[]): Promise<Map<string, string>> {
  const ids = [
    ...new Set(entries.flatMap(({ values }) => (typeof values.customerId === 'string' ? [values.customerId] : []))),
  ]
  const { rows } = await sql<{ id: string; external_id: string }>`
    select c.id, c.external_id from customer c
    where c.tenant_id = ${ctx.tenantId} and c.id = any(${ids}::uuid[]) and c.external_id is not null`.execute(ctx.tx)
  return new Map(rows.map(row => [row.id, row.external_id]))
}

async function retentionOf(ctx: Context): Promise<number> {
  const { rows } = await sql<{ days: number }>`
    select retention_days as days from ingest_state where tenant_id = ${ctx.tenantId}`.execute(ctx.tx)
  return rows[0]?.days ?? standardRetention
}

async function sourceOf(ctx: Context): Promise<string> {
  const { rows } = await sql<{ id: string }>`
    select id from source where tenant_id = ${ctx.tenantId} and name = ${sourceName} order by created_at limit 1`.execute(
    ctx.tx,
  )
  return rows[0]?.id ?? (await createSource(ctx, { name: sourceName, kind: 'server' })).id
}
