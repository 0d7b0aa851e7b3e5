import { sql } from 'kysely'
import { compileCondition } from '../../../catalog/conditions/queries/sql.ts'
import type { Context } from '../../../platform/context/context.ts'
import type { AlertRecipient, AlertRoute } from '../contract/rules.ts'
import { type Colleague, everybodyOf } from '../recipients.ts'

/** The members of the company with their teams and how many alerts each has open. */
export async function colleaguesOf(ctx: Context): Promise<Colleague[]> {
  const { rows } = await sql<Colleague>`
    select m.id, m.role, (select coalesce(array_agg(t.team_id::text), '{}') from team_member t
        where t.tenant_id = ${ctx.tenantId} and t.member_id = m.id) as teams,
      (select count(*)::int from alert a where a.tenant_id = ${ctx.tenantId} and a.owner_id = m.id and a.closed_at is null) as open
    from member m where m.tenant_id = ${ctx.tenantId} order by m.id`.execute(ctx.tx)
  return rows
}

/**
 * Which route counts for each customer: the first whose condition it meets.
 * @param ids customers; what has none (the whole company) takes the first route without a condition
 * @returns the place of the route by customer
 */
export async function routesOf(
  ctx: Context,
  routing: readonly AlertRoute[],
  ids: readonly string[],
): Promise<Map<string, number>> {
  const places = new Map<string, number>()
  for (const [place, { when }] of routing.entries()) {
    const left = ids.filter(id => !places.has(id))
    if (left.length === 0) break
    if (when === null) {
      for (const id of left) places.set(id, place)
      break
    }
    const { joins, where } = await compileCondition(ctx, 'customer', when, sql`select unnest(${left}::uuid[])`)
    const { rows } = await sql<{ id: string }>`
      select c.id from customer c ${joins}
      where c.tenant_id = ${ctx.tenantId} and c.id = any(${left}::uuid[]) and ${where}`.execute(ctx.tx)
    for (const { id } of rows) places.set(id, place)
  }
  return places
}

/** Whom recipients mean, for each of several customers by its CSM. */
export async function peopleFor(
  ctx: Context,
  recipients: readonly AlertRecipient[],
  owners: readonly (string | null)[],
): Promise<string[][]> {
  if (recipients.length === 0) return owners.map(() => [])
  const colleagues = await colleaguesOf(ctx)
  const known = new Map<string | null, string[]>()
  return owners.map(owner => {
    const people = known.get(owner) ?? everybodyOf(recipients, owner, colleagues)
    known.set(owner, people)
    return people
  })
}
