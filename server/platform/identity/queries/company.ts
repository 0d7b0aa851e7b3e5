import { sql } from 'kysely'
import type { Context } from '../../context/context.ts'
import { notFound } from '../../errors/app-error.ts'
import type { RouteReply } from '../../http/contract.ts'
import { cursorOf, readCursor } from '../../http/paging.ts'
import { matrix, type Role, roles } from '../../permissions/contract.ts'
import { unseal } from '../../secrets/box.ts'
import { invitationPlace } from '../commands/invitations.ts'
import type { getCompany, listApiKeys, listInvitations, listRoles, listTeams } from '../contract/company.ts'

interface Page {
  limit: number
  cursor?: string
}

export async function readCompany(ctx: Context): Promise<RouteReply<typeof getCompany>> {
  const { rows } = await sql<RouteReply<typeof getCompany> & { createdAt: Date }>`
    select id, name, slug, locale, time_zone as "timeZone", currency, fiscal_year_start as "fiscalYearStart", created_at as "createdAt"
    from tenant where id = ${ctx.tenantId}`.execute(ctx.tx)
  const company = rows[0]
  if (!company) throw notFound()
  return { ...company, createdAt: company.createdAt.toISOString() }
}

export async function readRoles(ctx: Context): Promise<RouteReply<typeof listRoles>> {
  const { rows } = await sql<{ role: Role; members: number }>`
    select role, count(*)::int as members from member where tenant_id = ${ctx.tenantId} group by role`.execute(ctx.tx)
  const counts = new Map(rows.map(row => [row.role, row.members]))
  return { items: roles.map(role => ({ role, grants: matrix[role], members: counts.get(role) ?? 0 })) }
}

export async function readTeams(ctx: Context, page: Page & { id?: string }): Promise<RouteReply<typeof listTeams>> {
  const after = readCursor(page.cursor, 2)
  const { rows } = await sql<{ id: string; name: string; members: { id: string; name: string }[] }>`
    select t.id, t.name, coalesce((
      select json_agg(json_build_object('id', m.id, 'name', u.name) order by u.name)
      from team_member tm join member m on m.tenant_id = tm.tenant_id and m.id = tm.member_id join app_user u on u.id = m.user_id
      where tm.tenant_id = ${ctx.tenantId} and m.tenant_id = ${ctx.tenantId} and tm.team_id = t.id), '[]'::json) as members
    from team t
    where t.tenant_id = ${ctx.tenantId}
      ${page.id ? sql`and t.id = ${page.id}` : sql``}
      ${after ? sql`and (t.name, t.id) > (${after[0]}, ${after[1]}::uuid)` : sql``}
    order by t.name, t.id limit ${page.limit + 1}`.execute(ctx.tx)
  return pageFrom(
    rows,
    page.limit,
    row => [row.name, row.id],
    row => row,
  )
}

/** @throws AppError `not_found` */
export async function readTeam(ctx: Context, id: string) {
  const { items } = await readTeams(ctx, { id, limit: 1 })
  if (!items[0]) throw notFound()
  return items[0]
}

export async function readInvitations(
  ctx: Context,
  page: Page & { id?: string },
): Promise<RouteReply<typeof listInvitations>> {
  const after = readCursor(page.cursor, 2)
  const { rows } = await sql<{
    id: string
    email_box: string
    role: Role
    state: 'open' | 'accepted' | 'revoked' | 'expired'
    invited_by: string | null
    created_at: Date
    expires_at: Date
    cursor: string
  }>`
    select i.id, i.email_box, i.role, u.name as invited_by, i.created_at, i.expires_at, i.created_at::text as cursor,
      case when i.accepted_at is not null then 'accepted' when i.revoked_at is not null then 'revoked'
        when i.expires_at <= ${ctx.now} then 'expired' else 'open' end as state
    from invitation i
    left join member m on m.tenant_id = i.tenant_id and m.tenant_id = ${ctx.tenantId} and m.id = i.invited_by
    left join app_user u on u.id = m.user_id
    where i.tenant_id = ${ctx.tenantId}
      ${page.id ? sql`and i.id = ${page.id}` : sql``}
      ${after ? sql`and (i.created_at, i.id) < (${after[0]}::timestamptz, ${after[1]}::uuid)` : sql``}
    order by i.created_at desc, i.id desc limit ${page.limit + 1}`.execute(ctx.tx)
  return pageFrom(
    rows,
    page.limit,
    row => [row.cursor, row.id],
    row => ({
      id: row.id,
      email: unseal(ctx.installation.keyring, invitationPlace(ctx.tenantId, row.id), row.email_box),
      role: row.role,
      state: row.state,
      invitedBy: row.invited_by,
      createdAt: row.created_at.toISOString(),
      expiresAt: row.expires_at.toISOString(),
    }),
  )
}

/** @throws AppError `not_found` */
export async function readInvitation(ctx: Context, id: string) {
  const { items } = await readInvitations(ctx, { id, limit: 1 })
  if (!items[0]) throw notFound()
  return items[0]
}

export async function readApiKeys(ctx: Context, page: Page & { id?: string }): Promise<RouteReply<typeof listApiKeys>> {
  const after = readCursor(page.cursor, 2)
  type Item = RouteReply<typeof listApiKeys>['items'][number]
  const { rows } = await sql<
    Omit<Item, 'createdAt' | 'expiresAt' | 'lastUsedAt'> & {
      created_at: Date
      expires_at: Date | null
      last_used_at: Date | null
      cursor: string
    }
  >`
    select k.id, k.name, k.role, k.scopes, k.hint, u.name as "createdBy", k.created_at, k.expires_at, k.last_used_at,
      k.created_at::text as cursor,
      case when k.revoked_at is not null then 'revoked' when k.expires_at <= ${ctx.now} then 'expired' else 'active' end as state
    from api_key k
    left join member m on m.tenant_id = k.tenant_id and m.tenant_id = ${ctx.tenantId} and m.id = k.created_by
    left join app_user u on u.id = m.user_id
    where k.tenant_id = ${ctx.tenantId}
      ${page.id ? sql`and k.id = ${page.id}` : sql``}
      ${after ? sql`and (k.created_at, k.id) < (${after[0]}::timestamptz, ${after[1]}::uuid)` : sql``}
    order by k.created_at desc, k.id desc limit ${page.limit + 1}`.execute(ctx.tx)
  return pageFrom(
    rows,
    page.limit,
    row => [row.cursor, row.id],
    ({ created_at, expires_at, last_used_at, cursor: _, ...row }) => ({
      ...row,
      createdAt: created_at.toISOString(),
      expiresAt: expires_at?.toISOString() ?? null,
      lastUsedAt: last_used_at?.toISOString() ?? null,
    }),
  )
}

/** @throws AppError `not_found` */
export async function readApiKey(ctx: Context, id: string) {
  const { items } = await readApiKeys(ctx, { id, limit: 1 })
  if (!items[0]) throw notFound()
  return items[0]
}

/** Cuts the one row too many that tells whether there is a next page. */
function pageFrom<Row, Item>(
  rows: Row[],
  limit: number,
  position: (row: Row) => (string | number)[],
  shape: (row: Row) => Item,
): { items: Item[]; next: string | null } {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return { items: shown.map(shape), next: rows.length > limit && last ? cursorOf(position(last)) : null }
}
