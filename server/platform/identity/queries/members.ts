import { sql } from 'kysely'
import type { z } from 'zod'
import type { Context } from '../../context/context.ts'
import { isoText } from '../../db/moment.ts'
import { notFound } from '../../errors/app-error.ts'
import type { RouteReply } from '../../http/contract.ts'
import { JsonText } from '../../http/implement.ts'
import { readCursor } from '../../http/paging.ts'
import type { getMember, listMembers } from '../contract/company.ts'

type MemberQuery = Pick<z.output<typeof listMembers.query>, 'limit' | 'cursor' | 'role' | 'search'> & { id?: string }

/** A page of members as JSON text that PostgreSQL has built. */
export async function readMembers(ctx: Context, query: MemberQuery): Promise<JsonText> {
  const after = readCursor(query.cursor, 2)
  const { rows } = await sql<{ page: string }>`
    with page as (
      select m.id, m.role, m.created_at, u.name, u.email, u.second_factor_confirmed_at
      from member m join app_user u on u.id = m.user_id
      where m.tenant_id = ${ctx.tenantId}
        ${query.id ? sql`and m.id = ${query.id}` : sql``}
        ${query.role ? sql`and m.role = ${query.role}` : sql``}
        ${query.search ? sql`and (u.name ilike ${like(query.search)} or u.email ilike ${like(query.search)})` : sql``}
        ${after ? sql`and (m.created_at, m.id) > (${after[0]}::timestamptz, ${after[1]}::uuid)` : sql``}
      order by m.created_at, m.id
      limit ${query.limit + 1}
    ), shown as (select * from page order by created_at, id limit ${query.limit})
    select json_build_object(
      'items', coalesce((select json_agg(json_build_object(
          'id', s.id, 'name', s.name, 'email', s.email, 'role', s.role,
          'secondFactor', s.second_factor_confirmed_at is not null, 'teams', coalesce(teams.list, '[]'::json),
          'joinedAt', ${isoText('s.created_at')}) order by s.created_at, s.id)
        from shown s left join (
          select tm.member_id, json_agg(json_build_object('id', t.id, 'name', t.name) order by t.name) as list
          from team_member tm join team t on t.tenant_id = tm.tenant_id and t.id = tm.team_id
          where tm.tenant_id = ${ctx.tenantId} and t.tenant_id = ${ctx.tenantId} group by tm.member_id
        ) teams on teams.member_id = s.id), '[]'::json),
      'next', (select case when count(*) > ${query.limit} then (
          select replace(translate(encode(convert_to(json_build_array(l.created_at::text, l.id)::text, 'UTF8'), 'base64'), '+/=', '-_'), E'\\n', '')
          from shown l order by l.created_at desc, l.id desc limit 1) end from page))::text as page`.execute(ctx.tx)
  return new JsonText(rows[0]!.page)
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
