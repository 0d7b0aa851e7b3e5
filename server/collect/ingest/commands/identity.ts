import { sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'
import type { Batch } from '../batch.ts'
import { type Call, callsIn } from '../queries/calls.ts'
import { adoptable, decideClaims, followEmails, noteClaims } from './emails.ts'
import { followHistories } from './histories.ts'
import { followGroups, followMemberships, followUsers } from './records.ts'

/** Keeps contacts and customers as the calls of writes say. */
export async function followIdentity(ctx: Context, batches: readonly Batch[]): Promise<void> {
  const { calls, users, groupIds } = await callsIn(ctx, batches)
  await followCalls(ctx, calls, users, groupIds)
}

/**
 * Keeps contacts and customers as calls say, whatever the order in which these arrive: every saying carries its moment,
 * and what is kept lets a late one find its place among those that were there before. The caller holds the company's
 * lock (`lockRecords`, or the processor's own).
 * @param users more users that are named, as persons (`u:`)
 * @param groupIds more companies that are named
 */
export async function followCalls(
  ctx: Context,
  calls: readonly Call[],
  users: readonly string[],
  groupIds: readonly string[],
): Promise<void> {
  await followGroups(ctx, calls, groupIds)
  // A webhook may speak of a company and of nobody in it.
  const memberships = await followHistories(
    ctx,
    calls.filter(call => call.person !== ''),
  )
  const emails = await noteClaims(ctx, calls)
  const decided = await decideClaims(ctx, emails)
  const claimants = [...decided.owner.values(), ...decided.losers].map(claim => claim.person)
  const linked = calls.map(call => call.person).filter(person => person.startsWith('u:'))
  const all = [...new Set([...users, ...linked, ...claimants, ...memberships.map(({ user }) => user)])]
  const known = await followUsers(ctx, calls, all, await adoptable(ctx, decided.owner))
  await followMemberships(ctx, memberships, known)
  await followEmails(ctx, decided, known, sourcesOf(calls))
}

/** Waits for whoever keeps the company's records from calls at this moment. */
export async function lockRecords(ctx: Context): Promise<void> {
  await sql`
    insert into ingest_state (tenant_id, updated_at) values (${ctx.tenantId}, ${ctx.now}) on conflict do nothing`.execute(
    ctx.tx,
  )
  await sql`select 1 from ingest_state where tenant_id = ${ctx.tenantId} for update`.execute(ctx.tx)
}

/** The source that named each user, to be told of what could not be followed; webhooks have no debugger. */
function sourcesOf(calls: readonly Call[]): Map<string, string> {
  return new Map(
    calls.flatMap(call => (call.type === 'identify' && call.sourceId ? [[call.person, call.sourceId]] : [])),
  )
}
