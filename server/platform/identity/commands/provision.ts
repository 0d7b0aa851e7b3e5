import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import { startChain } from '../../audit/append.ts'
import { announce, type Context, record, type TenantId, tenantIdOf } from '../../context/context.ts'
import type { Locale } from '../../errors/words.ts'
import type { Role } from '../../permissions/contract.ts'
import type { AccountContext } from '../../tenancy/transaction.ts'

export interface NewCompany {
  name: string
  /** Wished address; a free one close to it is taken. */
  slug: string
  locale: Locale
  timeZone: string
  demo?: boolean
}

export interface NewPerson {
  name: string
  email: string
  passwordHash: string
  locale: Locale
  timeZone: string
}

/**
 * Makes a company with its first administrator: tenant, address, audit chain, member. One transaction, so nothing
 * half-made stays; run again after a crash it starts from nothing.
 */
export async function provisionCompany(account: AccountContext, company: NewCompany, userId: string): Promise<Context> {
  const tenantId = tenantIdOf(uuidv7())
  const slug = await takeSlug(account, tenantId, company.slug)
  const ctx = await account.enter(tenantId, { kind: 'person', id: userId })
  await sql`
    insert into tenant (id, name, slug, locale, time_zone, currency, fiscal_year_start, demo)
    values (${tenantId}, ${company.name}, ${slug}, ${company.locale}, ${company.timeZone},
      ${company.locale === 'ja' ? 'JPY' : 'USD'}, ${company.locale === 'ja' ? 4 : 1}, ${company.demo ?? false})`.execute(
    ctx.tx,
  )
  await startChain(ctx)
  record(ctx, { action: 'company.created', subject: { kind: 'company', id: tenantId }, details: { slug } })
  announce(ctx, { type: 'company.created', subject: { kind: 'company', id: tenantId }, payload: {} })
  await addMember(ctx, userId, 'administrator')
  return ctx
}

/** Makes a person who can sign in. @returns their id, or undefined when the address is taken */
export async function createPerson(account: AccountContext, person: NewPerson): Promise<string | undefined> {
  const id = uuidv7()
  const { numAffectedRows } = await sql`
    insert into app_user (id, email, name, locale, time_zone, password_hash)
    values (${id}, ${person.email}, ${person.name}, ${person.locale}, ${person.timeZone}, ${person.passwordHash})
    on conflict (email) do nothing`.execute(account.tx)
  return numAffectedRows === 1n ? id : undefined
}

/** Makes a person a member of the context's company. @returns the member's id, undefined when they are one already */
export async function addMember(ctx: Context, userId: string, role: Role): Promise<string | undefined> {
  const id = uuidv7()
  const { numAffectedRows } = await sql`
    insert into member (tenant_id, id, user_id, role) values (${ctx.tenantId}, ${id}, ${userId}, ${role})
    on conflict (tenant_id, user_id) do nothing`.execute(ctx.tx)
  if (numAffectedRows !== 1n) return undefined
  await sql`insert into user_tenant (user_id, tenant_id) values (${userId}, ${ctx.tenantId}) on conflict do nothing`.execute(
    ctx.tx,
  )
  record(ctx, { action: 'member.joined', subject: { kind: 'member', id }, details: { role } })
  announce(ctx, { type: 'member.joined', subject: { kind: 'member', id }, payload: { role } })
  return id
}

/** Takes the wished address or, where it is in use, the wish with a number; two companies never share one. */
async function takeSlug(account: AccountContext, tenantId: TenantId, wish: string): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    // After a few tries a random ending: a number would tell how many others there are.
    const slug = attempt === 1 ? wish : attempt < 6 ? `${wish}-${attempt}` : `${wish}-${tenantId.slice(-6)}`
    const { numAffectedRows } = await sql`
      insert into tenant_directory (tenant_id, slug) values (${tenantId}, ${slug}) on conflict do nothing`.execute(
      account.tx,
    )
    if (numAffectedRows === 1n) return slug
  }
}
