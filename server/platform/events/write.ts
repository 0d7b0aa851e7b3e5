import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { Context, JobRequest } from '../context/context.ts'
import type { Reactions } from '../context/installation.ts'

/** Channel on which servers learn what happened, for live screens. */
export const liveChannel = 'kizuna_live'

/**
 * Writes the events that a command announced and tells live screens (on commit).
 * @returns the jobs of the modules that react
 */
export async function writeEvents(ctx: Context, reactions: Reactions): Promise<JobRequest[]> {
  const { events } = ctx.pending
  if (events.length === 0) return []
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
  // Names only: a notice travels to every server, and what a screen may see is decided where it asks for the data.
  const notice = rows.map(row => ({ tenant: ctx.tenantId, type: row.type, subject: row.subject_id }))
  for (let index = 0; index < notice.length; index += 40) {
    await sql`select pg_notify(${liveChannel}, ${JSON.stringify(notice.slice(index, index + 40))})`.execute(ctx.tx)
  }
  return rows.flatMap(row => (reactions.get(row.type) ?? []).map(name => ({ name, payload: { event: row } })))
}
