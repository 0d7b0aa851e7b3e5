import { type RawBuilder, sql } from 'kysely'
import type { Condition } from '../../../catalog/conditions/contract.ts'
import { compileCondition } from '../../../catalog/conditions/queries/sql.ts'
import type { Context } from '../../../platform/context/context.ts'
import type { RecordKind } from '../../../platform/context/vocabulary.ts'

/**
 * A statement that gives the ids of the records that meet a condition.
 * @param only a statement of ids to which it keeps; left out: every record of the company
 * @throws AppError `invalid_input` where the condition names what is not there
 */
export async function matchingRecords(
  ctx: Context,
  record: RecordKind,
  condition: Condition,
  only?: RawBuilder<unknown>,
): Promise<RawBuilder<unknown>> {
  const { joins, where } = await compileCondition(ctx, record, condition)
  return sql`select c.id from ${sql.table(record)} c ${joins}
    where c.tenant_id = ${ctx.tenantId} and c.merged_into is null and ${where}
      ${only ? sql`and c.id in (${only})` : sql``}`
}
