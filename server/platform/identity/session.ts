import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import { newToken } from '../secrets/token.ts'
import type { AccountContext } from '../tenancy/transaction.ts'

/** A session ends after so many days without use, and in any case after `absoluteDays`. */
export const idleDays = 14
const absoluteDays = 90
/** Time to enter the code after the password. */
const pendingMinutes = 10

/** Opens a session and answers its cookie. Every sign-in has a token of its own (ASVS 7.2.4). */
export async function openSession(
  account: AccountContext,
  person: { userId: string; userAgent: string; secondFactorPending: boolean; tenantId?: string },
): Promise<{ text: string; expiresAt: Date }> {
  const token = newToken('session')
  const lifetime = person.secondFactorPending ? pendingMinutes * 60_000 : absoluteDays * 86_400_000
  const expiresAt = new Date(account.now.getTime() + lifetime)
  const tenantId = person.tenantId ?? (await firstTenant(account, person.userId))
  await sql`
    insert into user_session (token_hash, id, user_id, tenant_id, second_factor_pending, user_agent, network, expires_at)
    values (${token.hash}, ${uuidv7()}, ${person.userId}, ${tenantId}, ${person.secondFactorPending}, ${person.userAgent},
      ${account.network ?? ''}, ${expiresAt})`.execute(account.tx)
  return { text: token.text, expiresAt }
}

/** Ends sessions of a person: all, or all but one. */
export async function endSessions(account: AccountContext, userId: string, exceptId?: string): Promise<void> {
  await sql`delete from user_session where user_id = ${userId} and id is distinct from ${exceptId ?? null}::uuid`.execute(
    account.tx,
  )
}

export async function endSession(account: AccountContext, sessionId: string): Promise<void> {
  await sql`delete from user_session where id = ${sessionId}`.execute(account.tx)
}

/** The company a person worked in last, else the one they joined first. */
async function firstTenant(account: AccountContext, userId: string): Promise<string | null> {
  const { rows } = await sql<{ tenant_id: string }>`
    select t.tenant_id from user_tenant t
    left join lateral (
      select max(s.last_seen_at) as seen from user_session s where s.user_id = t.user_id and s.tenant_id = t.tenant_id) s on true
    where t.user_id = ${userId} order by s.seen desc nulls last, t.joined_at limit 1`.execute(account.tx)
  return rows[0]?.tenant_id ?? null
}
