import { type RawBuilder, sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'
import { today } from './today.ts'

/**
 * How much is at stake with the customer `c`: yearly revenue, times the share of health that is missing (half where it is
 * not known), times how near the renewal is (three within 30 days, two within 90).
 */
export function atStake(ctx: Context): RawBuilder<number> {
  return sql`c.arr_order * (1 - coalesce(c.health_score, 50) / 100) * case
    when c.renewal_on between ${today(ctx)} and ${today(ctx)} + 30 then 3
    when c.renewal_on between ${today(ctx)} and ${today(ctx)} + 90 then 2 else 1 end`
}
