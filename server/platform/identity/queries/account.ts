import { sql } from 'kysely'
import { type Context, tenantIdOf } from '../../context/context.ts'
import { AppError } from '../../errors/app-error.ts'
import type { Locale } from '../../errors/words.ts'
import type { RouteReply } from '../../http/contract.ts'
import type { PersonContext } from '../../http/implement.ts'
import { matrix, type Role } from '../../permissions/contract.ts'
import type { getSession, listMySessions } from '../contract/account.ts'
import { readCompany } from './company.ts'

type Session = RouteReply<typeof getSession>

/** Who is signed in and where; before the second factor nothing but that it is asked for. */
export async function readSession(person: PersonContext): Promise<Session> {
  const { rows } = await sql<{
    id: string
    name: string
    email: string
    locale: Locale
    timeZone: string
    secondFactor: boolean
  }>`
    select id, name, email, locale, time_zone as "timeZone", second_factor_confirmed_at is not null as "secondFactor"
    from app_user where id = ${person.userId}`.execute(person.tx)
  const user = rows[0]
  if (!user) throw new AppError('unauthenticated', { ja: 'もう一度サインインしてください。', en: 'Sign in again.' })
  if (person.secondFactorPending) return { state: 'second_factor', user, tenant: null, tenants: [], member: null }
  const tenants = await readTenants(person)
  const current = person.tenantId ? tenants.find(tenant => tenant.id === person.tenantId) : undefined
  if (!current) return { state: 'signed_in', user, tenant: null, tenants, member: null }
  const ctx = await person.enter(tenantIdOf(current.id), { kind: 'person', id: person.userId })
  return {
    state: 'signed_in',
    user,
    tenant: { ...(await readCompany(ctx)), demo: current.demo },
    tenants,
    member: await readOwnMember(ctx, person.userId),
  }
}

/** Tenants are read one by one, each under its own row-level security; nobody belongs to many. */
async function readTenants(person: PersonContext): Promise<Session['tenants']> {
  const { rows } = await sql<{ tenant_id: string }>`
    select tenant_id from user_tenant where user_id = ${person.userId} order by joined_at`.execute(person.tx)
  const tenants: Session['tenants'] = []
  for (const { tenant_id } of rows) {
    const ctx = await person.enter(tenantIdOf(tenant_id), { kind: 'person', id: person.userId })
    const found = await sql<Session['tenants'][number]>`
      select id, name, slug, demo from tenant where id = ${ctx.tenantId}`.execute(ctx.tx)
    if (found.rows[0]) tenants.push(found.rows[0])
  }
  return tenants
}

async function readOwnMember(ctx: Context, userId: string): Promise<Session['member']> {
  const { rows } = await sql<{ id: string; role: Role }>`
    select id, role from member where tenant_id = ${ctx.tenantId} and user_id = ${userId}`.execute(ctx.tx)
  const member = rows[0]
  return member ? { ...member, grants: matrix[member.role] } : null
}

export async function readOwnSessions(person: PersonContext): Promise<RouteReply<typeof listMySessions>> {
  const { rows } = await sql<{ id: string; user_agent: string; network: string; created_at: Date; last_seen_at: Date }>`
    select id, user_agent, network, created_at, last_seen_at from user_session
    where user_id = ${person.userId} and not second_factor_pending and expires_at > ${person.now}
    order by last_seen_at desc limit 100`.execute(person.tx)
  return {
    items: rows.map(row => ({
      id: row.id,
      current: row.id === person.sessionId,
      userAgent: row.user_agent,
      network: row.network,
      createdAt: row.created_at.toISOString(),
      lastSeenAt: row.last_seen_at.toISOString(),
    })),
  }
}
