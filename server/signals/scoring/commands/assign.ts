import { sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'
import { inTurn, membersOf } from '../../../platform/identity/queries/members.ts'
import type { StoredSettings } from '../queries/definition.ts'

/**
 * Gives leads to colleagues in turn: to the one after whom it was last, round and round. A lead that is somebody's
 * already stays theirs while they are among those who are meant.
 * @returns the member by lead
 */
export async function assignInTurn(
  ctx: Context,
  leads: readonly string[],
  { assign, lastAssignee }: Pick<StoredSettings, 'assign' | 'lastAssignee'>,
): Promise<Map<string, string>> {
  const members = await membersOf(ctx, assign)
  if (members.length === 0) return new Map()
  const turn = inTurn(members, lastAssignee)
  const { rows } = await sql<{ id: string; assignee: string; last: string | null }>`
    with lead as (
      select line.id, line.place, s.assignee_id = any(${members}::uuid[]) as is_theirs
      from unnest(${leads}::uuid[]) with ordinality as line (id, place)
      join lead_score_state s on s.tenant_id = ${ctx.tenantId} and s.contact_id = line.id),
    given as (
      select id, (${turn}::uuid[])[1 + (row_number() over (order by place)::int - 1) % ${members.length}::int] as member, place
      from lead where is_theirs is not true),
    moved as (
      update lead_score_state s set assignee_id = given.member from given
      where s.tenant_id = ${ctx.tenantId} and s.contact_id = given.id returning 1),
    turned as (
      update scoring_settings set last_assignee = (select member from given order by place desc limit 1)
      where tenant_id = ${ctx.tenantId} and exists (select 1 from given) returning 1)
    select lead.id, coalesce(given.member, s.assignee_id) as assignee from lead
    join lead_score_state s on s.tenant_id = ${ctx.tenantId} and s.contact_id = lead.id
    left join given on given.id = lead.id
    where (select count(*) from moved) >= 0 and (select count(*) from turned) >= 0`.execute(ctx.tx)
  return new Map(rows.map(({ id, assignee }) => [id, assignee]))
}
