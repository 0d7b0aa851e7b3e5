import { sql } from 'kysely'
import type { Context, JsonValue } from '../context/context.ts'
import { chainHash, chainStart } from './chain.ts'

export interface Verification {
  /** Lines read. */
  lines: number
  intact: boolean
  /** Sequence number of the first line that does not fit; null when the chain is whole. */
  firstFault: number | null
  /** What is wrong with it, for the operator. */
  fault: 'missing' | 'changed' | 'cut' | null
}

interface Row {
  sequence: number
  at: Date
  actor_kind: string
  actor_id: string | null
  action: string
  outcome: string
  subject_kind: string | null
  subject_id: string | null
  details: JsonValue
  request_id: string
  network: string | null
  hash: Buffer
}

const pageSize = 2_000

/** Recomputes a tenant's whole chain and compares it with what is stored, the head included. Memory stays flat. */
export async function verifyChain(ctx: Context): Promise<Verification> {
  // The head first: lines that are appended while this reads lie behind it and are not looked at.
  const head = await sql<{ sequence: number; hash: Buffer }>`
    select sequence, hash from audit_head where tenant_id = ${ctx.tenantId}`.execute(ctx.tx)
  const end = head.rows[0]
  if (!end) return broken(0, 1, 'cut')
  let hash: Buffer = chainStart
  let sequence = 0
  for (;;) {
    const page = await sql<Row>`
      select sequence, at, actor_kind, actor_id, action, outcome, subject_kind, subject_id, details, request_id, network, hash
      from audit_entry where tenant_id = ${ctx.tenantId} and sequence > ${sequence} and sequence <= ${end.sequence}
      order by sequence limit ${pageSize}`.execute(ctx.tx)
    for (const row of page.rows) {
      if (row.sequence !== sequence + 1) return broken(sequence, sequence + 1, 'missing')
      sequence = row.sequence
      hash = chainHash(hash, lineOf(row))
      if (!hash.equals(row.hash)) return broken(sequence, sequence, 'changed')
    }
    if (page.rows.length < pageSize) break
  }
  if (end.sequence !== sequence || !end.hash.equals(hash)) return broken(sequence, sequence + 1, 'cut')
  return { lines: sequence, intact: true, firstFault: null, fault: null }
}

function broken(lines: number, firstFault: number, fault: Verification['fault']): Verification {
  return { lines, intact: false, firstFault, fault }
}

function lineOf(row: Row) {
  return {
    sequence: row.sequence,
    at: row.at.toISOString(),
    actorKind: row.actor_kind,
    actorId: row.actor_id,
    action: row.action,
    outcome: row.outcome,
    subjectKind: row.subject_kind,
    subjectId: row.subject_id,
    details: row.details,
    requestId: row.request_id,
    network: row.network,
  }
}
