import { sql } from 'kysely'
import { type Context, enqueue } from '../../../platform/context/context.ts'
import { messageKey } from '../message.ts'
import { retentionOf } from '../queries/sources.ts'
import { standardRetention } from './store.ts'

/** Persons of one step, and their events, about; what is left is done by the next. */
const mostPersons = 500
const mostEvents = 20_000
/** What the debugger shows is kept so long, and so much of each source. */
const findingDays = 7
const findingsPerSource = 10_000

/**
 * Removes events of use that are older than the company keeps them, and their ids; roll-ups and what says who somebody
 * is stay. Works on from person to person, step by step.
 * @param after persons up to this one are done
 */
export async function removeOldEvents(ctx: Context, after: string): Promise<void> {
  const days = await retentionOf(ctx, standardRetention)
  const horizon = new Date(ctx.now.getTime() - days * 86_400_000)
  const persons = await sql<{ person: string }>`
    select distinct person from usage_event
    where tenant_id = ${ctx.tenantId} and occurred_at < ${horizon} and person > ${after} and type in ('track', 'page', 'screen')
    order by person limit ${mostPersons}`.execute(ctx.tx)
  const names = persons.rows.map(row => row.person)
  const last = names.at(-1)
  if (last === undefined) return
  const { rows } = await sql<{ source: string; message: string }>`
    with old as (
      select batch_id, place, occurred_at from usage_event
      where tenant_id = ${ctx.tenantId} and occurred_at < ${horizon} and person = any(${names}::text[]) and type in ('track', 'page', 'screen')
      limit ${mostEvents})
    delete from usage_event e using old
    where e.tenant_id = ${ctx.tenantId} and e.batch_id = old.batch_id and e.place = old.place and e.occurred_at = old.occurred_at
    returning e.source_id as source, e.message_id as message`.execute(ctx.tx)
  const keys = rows.map(row => messageKey(row.source, row.message))
  await sql`delete from ingest_message where tenant_id = ${ctx.tenantId} and message_key = any(${keys}::uuid[])`.execute(
    ctx.tx,
  )
  // The same persons again where there was more of them than one step takes.
  const next = rows.length === mostEvents ? after : last
  enqueue(ctx, { name: 'ingest.remove_old_events', payload: { after: next } })
}

/** Removes what the debugger showed long enough. */
export async function removeOldFindings(ctx: Context): Promise<void> {
  const horizon = new Date(ctx.now.getTime() - findingDays * 86_400_000)
  await sql`delete from ingest_finding where tenant_id = ${ctx.tenantId} and received_at < ${horizon}`.execute(ctx.tx)
  await sql`
    with line as (
      select id, row_number() over (partition by source_id order by id desc) as place from ingest_finding where tenant_id = ${ctx.tenantId})
    delete from ingest_finding f using line
    where f.tenant_id = ${ctx.tenantId} and f.id = line.id and line.place > ${findingsPerSource}`.execute(ctx.tx)
}
