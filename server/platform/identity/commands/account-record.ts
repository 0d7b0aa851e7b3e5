import { sql } from 'kysely'
import { z } from 'zod'
import { enqueue, record, tenantIdOf } from '../../context/context.ts'
import type { AccountContext } from '../../tenancy/transaction.ts'

export const accountRecord = z.object({
  /** Null for a failed sign-in with an unknown address: the job is there all the same, so that both cost the same. */
  userId: z.uuid().nullable(),
  action: z.string(),
  outcome: z.enum(['done', 'failed']),
  network: z.string().nullable(),
})

/**
 * What happens to somebody's account belongs into the log of every company that they are a member of; a job writes
 * the lines, enqueued in the transaction of the change.
 */
export function enqueueAccountRecord(
  account: AccountContext,
  userId: string | null,
  action: string,
  outcome: 'done' | 'failed' = 'done',
): void {
  enqueue(account, {
    name: 'identity.record-account',
    payload: { userId, action, outcome, network: account.network ?? null },
  })
}

/** Writes the lines. Runs as a job. */
export async function recordAccount(
  account: AccountContext,
  { userId, action, outcome, network }: z.output<typeof accountRecord>,
): Promise<void> {
  if (!userId) return
  const { rows } = await sql<{
    tenant_id: string
  }>`select tenant_id from user_tenant where user_id = ${userId}`.execute(account.tx)
  for (const { tenant_id } of rows) {
    const ctx = await account.enter(tenantIdOf(tenant_id), { kind: 'person', id: userId })
    record(ctx, { action, outcome, subject: { kind: 'user', id: userId }, details: network ? { from: network } : {} })
  }
}
