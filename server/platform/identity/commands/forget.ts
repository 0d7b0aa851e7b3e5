import { sql } from 'kysely'
import { tenantIdOf } from '../../context/context.ts'
import type { AccountContext } from '../../tenancy/transaction.ts'

/** Removes what has ended: sessions, links, counted attempts, idempotency keys older than two days. Runs every hour. */
export async function forgetExpired(account: AccountContext): Promise<void> {
  await sql`delete from user_session where expires_at < now()`.execute(account.tx)
  await sql`delete from user_token where expires_at < now()`.execute(account.tx)
  await sql`delete from rate_limit where expire < extract(epoch from now())`.execute(account.tx)
  await sql`delete from account_idempotency_key where created_at < now() - interval '2 days'`.execute(account.tx)
  const { rows } = await sql<{ tenant_id: string }>`select tenant_id from tenant_directory`.execute(account.tx)
  for (const { tenant_id } of rows) {
    const ctx = await account.enter(tenantIdOf(tenant_id), {
      kind: 'system',
      id: undefined,
      name: 'identity.forget-expired',
    })
    await sql`
      delete from idempotency_key where tenant_id = ${ctx.tenantId} and created_at < now() - interval '2 days'`.execute(
      ctx.tx,
    )
  }
}
