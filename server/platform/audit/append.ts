import { sql } from 'kysely'
import type { AuditRecord, Context, JsonObject } from '../context/context.ts'
import { chainHash, chainStart } from './chain.ts'

/** What a line is made of besides the record itself. */
type Surroundings = Pick<Context, 'tx' | 'tenantId' | 'actor' | 'now' | 'requestId' | 'network'>

/** Starts a tenant's chain; part of making the tenant. */
export async function startChain(ctx: Context): Promise<void> {
  await sql`insert into audit_head (tenant_id, sequence, hash) values (${ctx.tenantId}, 0, ${chainStart})`.execute(
    ctx.tx,
  )
}

/**
 * Appends lines to the tenant's log. Called by the gate as the last thing before COMMIT, because the head of the
 * chain stays locked from here to the end of the transaction.
 */
export async function appendRecords(ctx: Surroundings, records: AuditRecord[]): Promise<void> {
  if (records.length === 0) return
  const head = await sql<{ sequence: number; hash: Buffer }>`
    select sequence, hash from audit_head where tenant_id = ${ctx.tenantId} for update`.execute(ctx.tx)
  const end = head.rows[0]
  if (!end) throw new Error(`Tenant ${ctx.tenantId} has no audit chain.`)
  const at = ctx.now.toISOString()
  let { sequence, hash } = end
  const rows = records.map(line => {
    sequence += 1
    const entry = {
      sequence,
      at,
      actorKind: ctx.actor.kind,
      actorId: ctx.actor.id ?? null,
      action: line.action,
      outcome: line.outcome ?? 'done',
      subjectKind: line.subject?.kind ?? null,
      subjectId: line.subject?.id ?? null,
      details: detailsOf(ctx, line),
      requestId: ctx.requestId,
      network: ctx.network ?? null,
    }
    hash = chainHash(hash, entry)
    return { ...entry, hash: hash.toString('hex') }
  })
  const appended = await sql`
    insert into audit_entry (tenant_id, sequence, at, actor_kind, actor_id, action, outcome, subject_kind, subject_id, details, request_id, network, hash)
    select ${ctx.tenantId}, line.* from jsonb_to_recordset(${JSON.stringify(rows.map(columnsOf))}::jsonb) as line (
      sequence bigint, at timestamptz, actor_kind text, actor_id uuid, action text, outcome text, subject_kind text,
      subject_id uuid, details jsonb, request_id text, network text, hash bytea)
    on conflict do nothing`.execute(ctx.tx)
  // DO NOTHING is what a cluster asks of an INSERT .. SELECT; a line that is there already must not pass for appended.
  if (Number(appended.numAffectedRows) !== records.length) throw new Error('The audit chain is ahead of its head.')
  await sql`update audit_head set sequence = ${sequence}, hash = ${hash} where tenant_id = ${ctx.tenantId}`.execute(
    ctx.tx,
  )
}

function detailsOf(ctx: Surroundings, line: AuditRecord): JsonObject {
  return ctx.actor.kind === 'system' ? { ...line.details, by: ctx.actor.name } : (line.details ?? {})
}

function columnsOf(entry: Record<string, unknown>): Record<string, unknown> {
  const columns: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(entry))
    columns[key.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`)] = value
  columns.hash = `\\x${entry.hash}`
  return columns
}
