import { sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'
import { invalidField } from '../../../platform/errors/app-error.ts'
import { inTurn, membersOf } from '../../../platform/identity/queries/members.ts'
import { byLoad } from '../assignee.ts'
import type { Assignment } from '../contract/shapes.ts'
import { isActive } from '../queries/fields.ts'

/** What has to be given to somebody. */
export interface ToAssign {
  id: string
  customerId: string | null
  assign: Assignment
}

/**
 * Says who gets each task. Whoever gives tasks to one team or role at the same time waits for the other, so that turns and
 * loads are fair.
 * @returns the member by task; what nobody can have is null
 */
export async function assigneesFor(ctx: Context, tasks: readonly ToAssign[]): Promise<Map<string, string | null>> {
  const chosen = new Map<string, string | null>(tasks.map(({ id }) => [id, null]))
  const named = await workingMembers(
    ctx,
    tasks.flatMap(({ assign }) => (assign.kind === 'member' ? [assign.id] : [])),
  )
  for (const { id, assign } of tasks) {
    if (assign.kind === 'member' && named.has(assign.id)) chosen.set(id, assign.id)
  }
  // Who was named and has left since leaves the work to the customer's owner.
  const toOwners = tasks.filter(
    ({ assign }) => assign.kind === 'owner' || (assign.kind === 'member' && !named.has(assign.id)),
  )
  await giveToOwners(ctx, toOwners, chosen)
  const groups = Map.groupBy(
    tasks.filter(({ assign }) => assign.kind === 'team' || assign.kind === 'role'),
    ({ assign }) => JSON.stringify(assign),
  )
  // In one order, so that two who give to several groups do not wait for each other.
  for (const [, group] of [...groups].sort(([one], [other]) => (one < other ? -1 : 1))) {
    const ids = group.map(({ id }) => id)
    const members = await giveToGroup(ctx, group[0]!.assign, ids.length)
    for (const [place, id] of ids.entries()) chosen.set(id, members[place] ?? null)
  }
  return chosen
}

/** Those of the ids that are colleagues now: neither gone nor of a customer's side. */
async function workingMembers(ctx: Context, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set()
  const { rows } = await sql<{ id: string }>`
    select m.id from member m where m.tenant_id = ${ctx.tenantId} and m.id = any(${ids}::uuid[]) and m.role <> 'portal_user'`.execute(
    ctx.tx,
  )
  return new Set(rows.map(({ id }) => id))
}

async function giveToOwners(
  ctx: Context,
  tasks: readonly ToAssign[],
  chosen: Map<string, string | null>,
): Promise<void> {
  const wanted = tasks.flatMap(({ customerId }) => (customerId ? [customerId] : []))
  if (wanted.length === 0) return
  const { rows } = await sql<{ id: string; owner_id: string | null }>`
    select c.id, m.id as owner_id from customer c
    left join member m on m.tenant_id = ${ctx.tenantId} and m.id = c.owner_id and m.role <> 'portal_user'
    where c.tenant_id = ${ctx.tenantId} and c.id = any(${wanted}::uuid[])`.execute(ctx.tx)
  const owners = new Map(rows.map(row => [row.id, row.owner_id]))
  for (const { id, customerId } of tasks) {
    if (customerId) chosen.set(id, owners.get(customerId) ?? null)
  }
}

async function giveToGroup(ctx: Context, assign: Assignment, count: number): Promise<string[]> {
  if (assign.kind !== 'team' && assign.kind !== 'role') return []
  const key = assign.kind === 'team' ? `team:${assign.id}` : `role:${assign.role}`
  // The row stays locked until the transaction ends.
  const { rows } = await sql<{ last: string | null }>`
    insert into task_turn (tenant_id, key) values (${ctx.tenantId}, ${key})
    on conflict (tenant_id, key) do update set key = excluded.key returning last_member_id as last`.execute(ctx.tx)
  const members = await membersOf(ctx, [assign])
  if (members.length === 0) return []
  const last = rows[0]?.last ?? null
  const given =
    assign.by === 'turn'
      ? Array.from({ length: count }, (_, place) => inTurn(members, last)[place % members.length]!)
      : byLoad(await loadsOf(ctx, members), count)
  await sql`
    update task_turn set last_member_id = ${given.at(-1) ?? last}::uuid where tenant_id = ${ctx.tenantId} and key = ${key}`.execute(
    ctx.tx,
  )
  return given
}

async function loadsOf(ctx: Context, members: readonly string[]) {
  const { rows } = await sql<{ id: string; open: number }>`
    select line.id, (select count(*)::int from task t where t.tenant_id = ${ctx.tenantId} and t.assignee_id = line.id and ${isActive}) as open
    from unnest(${members}::uuid[]) as line (id) order by line.id`.execute(ctx.tx)
  return rows
}

/** @throws AppError `invalid_input` for a member or team that there is not, and for a CSM without a customer */
export async function admitAssignment(ctx: Context, assign: Assignment, hasCustomer: boolean): Promise<void> {
  if (assign.kind === 'owner' && !hasCustomer) {
    throw invalidField('body.assign', {
      ja: '担当CSMに割り当てるには、顧客を指定してください。',
      en: 'Name a customer to give the task to its CSM.',
    })
  }
  if (assign.kind !== 'member' && assign.kind !== 'team') return
  const { rows } = await sql`
    select 1 from ${sql.table(assign.kind)} r where r.tenant_id = ${ctx.tenantId} and r.id = ${assign.id}`.execute(
    ctx.tx,
  )
  if (rows.length > 0) return
  throw invalidField('body.assign', {
    ja: assign.kind === 'member' ? 'そのメンバーは会社にいません。' : 'そのチームはありません。',
    en: `There is no such ${assign.kind} in the company.`,
  })
}
