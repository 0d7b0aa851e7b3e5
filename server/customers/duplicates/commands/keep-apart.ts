import { sql } from 'kysely'
import { type Context, record as note, requirePermission } from '../../../platform/context/context.ts'
import type { MergeRecord } from '../queries/sides.ts'
import { admit } from './merge.ts'

/** Says that two records are not the same. */
export async function keepApart(ctx: Context, record: MergeRecord, firstId: string, secondId: string): Promise<void> {
  requirePermission(ctx, 'customers.merge')
  await admit(ctx, record, firstId, secondId)
  const [first, second] = [firstId, secondId].sort()
  await sql`
    insert into distinct_pair (tenant_id, record, first_id, second_id, decided_at)
    values (${ctx.tenantId}, ${record}, ${first}, ${second}, ${ctx.now}) on conflict do nothing`.execute(ctx.tx)
  note(ctx, { action: 'duplicate.dismissed', subject: { kind: record, id: firstId }, details: { other: secondId } })
}
