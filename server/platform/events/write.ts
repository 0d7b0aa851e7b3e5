import { sql } from 'kysely'
import type pg from 'pg'
import { v7 as uuidv7 } from 'uuid'
import type { Context, JobRequest } from '../context/context.ts'
import type { Reactions } from '../context/installation.ts'

/** Channel on which servers learn what happened, for live screens. */
export const liveChannel = 'kizuna_live'

/** What live screens are told: names only, since what a screen may see is decided where it asks for the data. */
export interface Notice {
  tenant: string
  type: string
  subject: string | null
}

/**
 * Writes the events that a command announced.
 * @returns the jobs of the modules that react, and what to tell live screens once the transaction has committed
 */
export async function writeEvents(
  ctx: Context,
  reactions: Reactions,
): Promise<{ jobs: JobRequest[]; notices: Notice[] }> {
  const { events } = ctx.pending
  if (events.length === 0) return { jobs: [], notices: [] }
  const rows = events.map(event => ({
    id: uuidv7(),
    type: event.type,
    subject_kind: event.subject?.kind ?? null,
    subject_id: event.subject?.id ?? null,
    payload: event.payload,
  }))
  await sql`
    insert into event (tenant_id, occurred_at, id, type, subject_kind, subject_id, payload)
    select ${ctx.tenantId}, ${ctx.now}, line.* from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as line (
      id uuid, type text, subject_kind text, subject_id uuid, payload jsonb)
    on conflict do nothing`.execute(ctx.tx)
  return {
    jobs: rows.flatMap(row => (reactions.get(row.type) ?? []).map(name => ({ name, payload: { event: row } }))),
    notices: rows.map(row => ({ tenant: ctx.tenantId, type: row.type, subject: row.subject_id })),
  }
}

/**
 * Tells the servers after COMMIT: a NOTIFY inside a transaction makes all commits of the database queue behind it. A
 * notice that is lost costs a screen one refresh, so nobody waits for it.
 */
export function sendNotices(pool: pg.Pool, notices: Notice[]): void {
  // A notice holds 8,000 bytes at most.
  for (let index = 0; index < notices.length; index += 40) {
    pool
      .query('select pg_notify($1, $2)', [liveChannel, JSON.stringify(notices.slice(index, index + 40))])
      .catch(() => {})
  }
}
