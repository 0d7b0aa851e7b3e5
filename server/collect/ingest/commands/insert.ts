import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { Context } from '../../../platform/context/context.ts'
import type { Message } from '../message.ts'
import type { Refusal } from '../rejection.ts'

/** Findings of one write that are stored; more are only counted, so that a flood of bad messages does not fill the disk. */
const mostFindings = 100

/**
 * Stores messages that are not there yet, as one statement.
 * @returns how many were new
 */
export async function insertMessages(
  ctx: Context,
  sourceId: string,
  batchId: string,
  lines: { message: Message; key: string }[],
): Promise<number> {
  const column = (value: (message: Message) => string | null) => arrayText(lines.map(({ message }) => value(message)))
  const keys = arrayText(lines.map(({ key }) => key))
  // Properties travel as one JSON text: arrays of JSON would have to be quoted, unquoted and read one by one. Of the ways
  // that were measured (arrays only, json_to_recordset, this) this is the fastest.
  const contexts = lines.some(({ message }) => message.context !== null)
  const json = `[${lines
    .map(({ message }) => `[${message.properties ?? 'null'}${contexts ? `,${message.context ?? 'null'}` : ''}]`)
    .join(',')}]`
  const { numAffectedRows } = await sql`
    with fresh as (
      insert into ingest_message (tenant_id, message_key, body_hash)
      select ${ctx.tenantId}::uuid, line.key, line.hash
      from unnest(${keys}::uuid[], ${column(message => message.bodyHash)}::bigint[]) as line (key, hash)
      on conflict do nothing returning message_key)
    insert into usage_event (tenant_id, occurred_at, batch_id, source_id, message_id, type, person, name, group_id,
      other_person, properties, context, sent_at, received_at, place)
    select ${ctx.tenantId}::uuid, line.at, ${batchId}::uuid, ${sourceId}::uuid, line.id, line.type, line.person, line.name, line.group_id,
      line.other, nullif(line.json -> 0, 'null'), nullif(line.json -> 1, 'null'), line.sent, ${ctx.now}::timestamptz, line.place
    from rows from (
      unnest(${keys}::uuid[],
        ${column(message => new Date(message.occurredAt).toISOString())}::timestamptz[],
        ${column(message => message.messageId)}::text[],
        ${column(message => message.type)}::text[],
        ${column(message => message.person)}::text[],
        ${column(message => message.name)}::text[],
        ${column(message => message.groupId)}::text[],
        ${column(message => message.otherPerson)}::text[],
        ${column(message => (message.sentAt === null ? null : new Date(message.sentAt).toISOString()))}::timestamptz[]),
      jsonb_array_elements(${json}::jsonb)
    ) with ordinality as line (key, at, id, type, person, name, group_id, other, sent, json, place)
    where line.key in (select message_key from fresh)
    on conflict do nothing`.execute(ctx.tx)
  return Number(numAffectedRows ?? 0)
}

/** Places of a batch that were stored. */
export async function storedPlaces(ctx: Context, batchId: string): Promise<Set<number>> {
  const { rows } = await sql<{ place: number }>`
    select place from usage_event where tenant_id = ${ctx.tenantId} and batch_id = ${batchId}`.execute(ctx.tx)
  return new Set(rows.map(row => row.place))
}

/** Hashes of stored messages by key. */
export async function storedHashes(ctx: Context, keys: string[]): Promise<Map<string, string>> {
  const { rows } = await sql<{ key: string; hash: string }>`
    select replace(message_key::text, '-', '') as key, body_hash::text as hash from ingest_message
    where tenant_id = ${ctx.tenantId} and message_key = any(${arrayText(keys)}::uuid[])`.execute(ctx.tx)
  return new Map(rows.map(row => [row.key, row.hash]))
}

/** Leaves a marker for the processor, and for the counts of the source. */
export async function insertBatch(
  ctx: Context,
  sourceId: string,
  batchId: string,
  counts: { accepted: number; duplicated: number; rejected: number; conflicting: number },
  stored: Message[],
): Promise<void> {
  let [first, last, identity] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, false]
  for (const { occurredAt, type } of stored) {
    if (occurredAt < first) first = occurredAt
    if (occurredAt > last) last = occurredAt
    if (type === 'identify' || type === 'group' || type === 'alias') identity = true
  }
  await sql`
    insert into ingest_batch (tenant_id, id, source_id, received_at, accepted, duplicated, rejected, conflicting, identity,
      first_at, last_at)
    values (${ctx.tenantId}, ${batchId}, ${sourceId}, ${ctx.now}, ${counts.accepted}, ${counts.duplicated}, ${counts.rejected},
      ${counts.conflicting}, ${identity}, ${stored.length > 0 ? new Date(first) : null}::timestamptz,
      ${stored.length > 0 ? new Date(last) : null}::timestamptz)`.execute(ctx.tx)
}

/** Keeps what the debugger shows. */
export async function insertFindings(
  ctx: Context,
  sourceId: string,
  findings: { kind: 'rejected' | 'conflict' | 'notice'; refusal: Refusal }[],
): Promise<void> {
  if (findings.length === 0) return
  const rows = findings.slice(0, mostFindings).map(({ kind, refusal }) => ({
    id: uuidv7(),
    kind,
    code: refusal.code,
    path: refusal.path,
    message_id: refusal.messageId,
    person: refusal.person,
    body: refusal.body,
  }))
  await sql`
    insert into ingest_finding (tenant_id, id, source_id, received_at, kind, code, path, message_id, person, body)
    select ${ctx.tenantId}, line.id, ${sourceId}::uuid, ${ctx.now}, line.kind, line.code, line.path, line.message_id, line.person, line.body
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as line (
      id uuid, kind text, code text, path text, message_id text, person text, body text)
    on conflict do nothing`.execute(ctx.tx)
}

/** An array as PostgreSQL writes it; the driver's own way looks twice at every text. */
function arrayText(values: (string | null)[]): string {
  let text = '{'
  for (let index = 0; index < values.length; index++) {
    const value = values[index]
    if (index > 0) text += ','
    if (value === null || value === undefined) text += 'NULL'
    else text += /["\\]/.test(value) ? `"${value.replace(/["\\]/g, '\\$&')}"` : `"${value}"`
  }
  return `${text}}`
}
