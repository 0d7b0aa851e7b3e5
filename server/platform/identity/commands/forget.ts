import { sql } from 'kysely'
import type { Context } from '../../context/context.ts'
import type { AccountContext } from '../../tenancy/transaction.ts'

/** Removes what has ended: sessions, links, counted attempts, keys of repeated requests older than two days. */
export async function forgetExpired(account: AccountContext): Promise<void> {
  await sql`delete from user_session where expires_at < now()`.execute(account.tx)
  await sql`delete from user_token where expires_at < now()`.execute(account.tx)
  await sql`delete from rate_limit where expire < extract(epoch from now())`.execute(account.tx)
  await sql`delete from account_idempotency_key where created_at < now() - interval '2 days'`.execute(account.tx)
}

/** Removes the company's keys of repeated requests that are older than two days. */
export async function forgetKeys(ctx: Context): Promise<void> {
  await sql`
    delete from idempotency_key where tenant_id = ${ctx.tenantId} and created_at < now() - interval '2 days'`.execute(
    ctx.tx,
  )
}
