import { sql } from 'kysely'
import type { z } from 'zod'
import type { Context } from '../../context/context.ts'
import { notFound } from '../../errors/app-error.ts'
import type { RouteReply } from '../../http/contract.ts'
import type { JsonText } from '../../http/implement.ts'
import { jsonPage, readCursor } from '../../http/paging.ts'
import type { ColleagueChoice } from '../contract/colleague.ts'
import type { getMember, listMembers } from '../contract/company.ts'

type MemberQuery = Pick<z.output<typeof listMembers.query>, 'limit' | 'cursor' | 'role' | 'search'> & { id?: string }

/** A page of members as JSON text that PostgreSQL has built. */
export async function readMembers(ctx: Context, query: MemberQuery): Promise<JsonText> {
  const after = readCursor(query.cursor, 2)
  const { rows } = await sql<{ item: string }>`
    select row_to_json(item)::text as item from (
      select m.id, u.name, u.email, m.role, u.second_factor_confirmed_at is not null as "secondFactor",
        coalesce(teams.list, '[]'::json) as teams, m.created_at as "joinedAt"
      from member m join app_user u on u.id = m.user_id
      left join (
        select tm.member_id, json_agg(json_build_object('id', t.id, 'name', t.name) order by t.name) as list
        from team_member tm join team t on t.tenant_id = tm.tenant_id and t.id = tm.team_id
        where tm.tenant_id = ${ctx.tenantId} and t.tenant_id = ${ctx.tenantId} group by tm.member_id
      ) teams on teams.member_id = m.id
      where m.tenant_id = ${ctx.tenantId}
        ${query.id ? sql`and m.id = ${query.id}` : sql``}
        ${query.role ? sql`and m.role = ${query.role}` : sql``}
        ${query.search ? sql`and (u.name ilike ${like(query.search)} or u.email ilike ${like(query.search)})` : sql``}
        ${after ? sql`and (m.created_at, m.id) > (${after[0]}::timestamptz, ${after[1]}::uuid)` : sql``}
      order by m.created_at, m.id limit ${sql.lit(query.limit + 1)}
    ) item`.execute(ctx.tx)
  return jsonPage(rows, query.limit, ['joinedAt', 'id'])
}

/** @throws AppError `not_found` */
export async function readMember(ctx: Context, id: string): Promise<RouteReply<typeof getMember>> {
  const page = JSON.parse((await readMembers(ctx, { id, limit: 1 })).text) as RouteReply<typeof listMembers>
  const [member] = page.items
  if (!member) throw notFound()
  return member
}

/** The pattern that finds a text anywhere; what the user typed has no special meaning in it. */
function like(text: string): string {
  return `%${text.replace(/[\\%_]/g, '\\$&')}%`
}

/** The members whom a choice of colleagues means, each once, in a lasting order; those who left are nobody. */
export async function membersOf(ctx: Context, choices: readonly ColleagueChoice[]): Promise<string[]> {
  if (choices.length === 0) return []
  const ids = (kind: 'member' | 'team') => choices.flatMap(each => (each.kind === kind ? [each.id] : []))
  const roles = choices.flatMap(each => (each.kind === 'role' ? [each.role] : []))
  const { rows } = await sql<{ id: string }>`
    select m.id from member m where m.tenant_id = ${ctx.tenantId} and (
      m.id = any(${ids('member')}::uuid[]) or m.role = any(${roles}::text[])
      or m.id in (select t.member_id from team_member t where t.tenant_id = ${ctx.tenantId} and t.team_id = any(${ids('team')}::uuid[])))
    order by m.id`.execute(ctx.tx)
  return rows.map(row => row.id)
}

/** Members in the order of their turn: beginning with the one after whom it was last. */
export function inTurn(members: readonly string[], last: string | null): string[] {
  const first = last === null ? 0 : members.filter(id => id <= last).length
  return [...members.slice(first), ...members.slice(0, first)]
}
