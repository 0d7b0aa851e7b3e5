import { type RawBuilder, sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'

/**
 * Whether an account is held out of a flow that leaves out so many percent. Each account has one number for all flows and
 * all channels: who is held out of a flow is held out of every one that leaves out as many.
 * @param account the expression of the customer's id, or the contact's where there is none
 */
export function isHeldOut(
  ctx: Pick<Context, 'tenantId'>,
  account: RawBuilder<unknown>,
  percent: number,
): RawBuilder<boolean> {
  if (percent === 0) return sql`false`
  return sql`(('x' || substr(md5(${ctx.tenantId}::text || ' holdout ' || ${account}::text), 1, 7))::bit(28)::int % 10000) < ${percent * 100}::int`
}
