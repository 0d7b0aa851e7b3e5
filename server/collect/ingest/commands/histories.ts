import { sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'
import type { Call } from '../queries/calls.ts'
import { byRoot, callsOf, linksOf } from '../queries/persons.ts'
import { byTime, divergence, type MembershipCall, spansOf, stampOf } from '../span.ts'

/** To which company a user belongs now, by all group calls of the user and its anonymous ids. */
export interface Membership {
  user: string
  groupId: string | null
  /** Of the call that says so. */
  stamp: string
}

/**
 * Notes which anonymous id is whose and who called themselves a member of what, and has the days counted anew about
 * which something else holds now.
 * @returns the users whose company may be another one now
 */
export async function followHistories(ctx: Context, calls: readonly Call[]): Promise<Membership[]> {
  const claims = earliestLinks(calls)
  const before = await linksOf(ctx, [...claims.keys()])
  const moved = await writeLinks(ctx, claims)
  const fresh = await writeCalls(ctx, calls)
  const touched = new Set<string>()
  for (const call of fresh) touched.add(call.person)
  for (const [anonymous, person] of moved) {
    for (const each of [anonymous, person, before.get(anonymous)]) if (each) touched.add(each)
  }
  if (touched.size === 0) return []
  const links = await linksOf(ctx, [...touched])
  const roots = byRoot(touched, links)
  const persons = new Set([...roots.values()].flatMap(members => [...members]))
  const known = await callsOf(ctx, persons)
  const isFresh = new Set(fresh.map(call => `${call.person} ${call.at} ${call.ref}`))
  const former = new Map([...links].filter(([anonymous]) => !moved.has(anonymous)))
  for (const [anonymous] of moved) {
    const person = before.get(anonymous)
    if (person) former.set(anonymous, person)
  }
  const formerRoots = byRoot(persons, former)
  const historyOf = (members: Iterable<string>, past: boolean): MembershipCall[] =>
    [...members].flatMap(member =>
      (known.get(member) ?? []).filter(call => !past || !isFresh.has(`${member} ${call.at} ${call.ref}`)),
    )
  const dirty: { person: string; since: number }[] = []
  const memberships: Membership[] = []
  for (const [root, members] of roots) {
    const history = historyOf(members, false)
    const spans = spansOf(history)
    for (const person of members) {
      const formerRoot = former.get(person) ?? person
      const past = spansOf(historyOf(formerRoots.get(formerRoot) ?? [person], true))
      const since = formerRoot === root ? divergence(past, spans) : Number.NEGATIVE_INFINITY
      if (since !== undefined) dirty.push({ person, since })
    }
    if (!root.startsWith('u:')) continue
    const last = [...history].sort(byTime).at(-1)
    memberships.push({ user: root, groupId: last?.groupId ?? null, stamp: last ? stampOf(last.at, last.ref) : '' })
  }
  await markDirty(ctx, dirty)
  return memberships
}

interface Claim {
  person: string
  at: number
  ref: string
}

function earliestLinks(calls: readonly Call[]): Map<string, Claim> {
  const claims = new Map<string, Claim>()
  for (const { otherPerson, person, at, ref } of calls) {
    if (otherPerson === null || !person.startsWith('u:')) continue
    const known = claims.get(otherPerson)
    if (!known || byTime({ at, ref }, known) < 0) claims.set(otherPerson, { person, at, ref })
  }
  return claims
}

/** @returns links that are new or lead to another user now */
async function writeLinks(ctx: Context, claims: ReadonlyMap<string, Claim>): Promise<Map<string, string>> {
  if (claims.size === 0) return new Map()
  const lines = [...claims].map(([anonymous, { person, at, ref }]) => ({
    anonymous,
    person,
    at: new Date(at).toISOString(),
    ref,
  }))
  const { rows } = await sql<{ anonymous: string; person: string }>`
    insert into person_link as known (tenant_id, anonymous, person, at, message_id)
    select ${ctx.tenantId}, line.* from jsonb_to_recordset(${JSON.stringify(lines)}::jsonb) as line (
      anonymous text, person text, at timestamptz, ref text)
    on conflict (tenant_id, anonymous) do update set person = excluded.person, at = excluded.at, message_id = excluded.message_id
      where excluded.at < known.at or excluded.at = known.at and excluded.message_id collate "C" < known.message_id collate "C"
    returning anonymous, person`.execute(ctx.tx)
  return new Map(rows.map(row => [row.anonymous, row.person]))
}

interface FreshCall {
  person: string
  at: number
  ref: string
}

/** @returns group calls that were not there */
async function writeCalls(ctx: Context, calls: readonly Call[]): Promise<FreshCall[]> {
  const lines = calls
    .filter(call => call.type === 'group')
    .map(({ person, at, ref, groupId }) => ({ person, at: new Date(at).toISOString(), ref, group: groupId }))
  if (lines.length === 0) return []
  const { rows } = await sql<{ person: string; at: Date; ref: string }>`
    insert into membership_call (tenant_id, person, at, message_id, group_id)
    select ${ctx.tenantId}, line.person, line.at, line.ref, line.group
    from jsonb_to_recordset(${JSON.stringify(lines)}::jsonb) as line (person text, at timestamptz, ref text, "group" text)
    on conflict do nothing returning person, at, message_id as ref`.execute(ctx.tx)
  return rows.map(row => ({ ...row, at: row.at.getTime() }))
}

async function markDirty(ctx: Context, persons: { person: string; since: number }[]): Promise<void> {
  if (persons.length === 0) return
  const lines = persons.map(({ person, since }) => ({
    person,
    since: since === Number.NEGATIVE_INFINITY ? '-infinity' : new Date(since).toISOString(),
  }))
  // A day more, whatever the time zone.
  await sql`
    insert into usage_dirty (tenant_id, person, day)
    select distinct ${ctx.tenantId}::uuid, daily.person, daily.day
    from jsonb_to_recordset(${JSON.stringify(lines)}::jsonb) as line (person text, since timestamptz)
    join usage_daily daily on daily.tenant_id = ${ctx.tenantId} and daily.person = line.person
      and daily.day >= (line.since at time zone 'UTC')::date - 1
    on conflict do nothing`.execute(ctx.tx)
}
