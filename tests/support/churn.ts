import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import { computeAll } from '../../server/signals/metrics/commands/follow.ts'
import { asSystem, type TestCompany } from './factories.ts'

export interface LeaversWish {
  customers: number
  /** How many of them left. */
  left: number
  /** Days of use that are written. */
  days: number
}

/**
 * Customers who use the product, of whom some left: in the twelve weeks before they did, their use was a fifth. Without
 * chance: the same each time. Figures of now are worked out.
 * @returns ids of those who stay, of whom the first ten are about to leave
 */
export async function writeLeavers(company: TestCompany, { customers, left, days }: LeaversWish): Promise<string[]> {
  const lines = Array.from({ length: customers }, (_, number) => {
    const isGone = number < left
    const isLeaving = !isGone && number < left + 10
    // Spread over the time, the last of them shortly before today.
    const ago = isGone ? 8 + Math.floor(((days - 90) * number) / left) : isLeaving ? -14 : null
    return { id: uuidv7(), number, ago, gone: isGone }
  })
  await asSystem(company, async ctx => {
    const given = JSON.stringify(lines)
    await sql`
      insert into customer (tenant_id, id, external_id, name, currency, plan, status, churned_on, churn_reason, contract_start, last_seen_at, origin, created_at)
      select ${ctx.tenantId}, l.id, 'c' || l.number, '顧客' || l.number, 'JPY', case when l.number % 3 = 0 then 'Pro' else 'Basic' end,
        case when l.gone then 'CHURNED' else 'ACTIVE' end, case when l.gone then current_date - l.ago end,
        case when l.gone then (array['価格', '機能不足', '担当者の異動'])[1 + l.number % 3] end,
        current_date - ${days}::int, now(), 'person', now() - make_interval(days => ${days})
      from jsonb_to_recordset(${given}::jsonb) as l (id uuid, number int, ago int, gone boolean)`.execute(ctx.tx)
    await sql`
      insert into usage_daily (tenant_id, person, day, attributed_id, feature, customer_id, events, first_at, last_at)
      select ${ctx.tenantId}, 'u:' || l.number || '-' || p, d::date, l.id, (array['Report Created', 'Dashboard Viewed', 'Export Made'])[p], l.id,
        1 + abs(hashtext(l.number || 'e' || d)) % 5, d, d
      from jsonb_to_recordset(${given}::jsonb) as l (id uuid, number int, ago int, gone boolean)
      cross join generate_series(1, 3) p
      cross join generate_series(current_date - ${days}::int, current_date - 1, interval '1 day') d
      where (not l.gone or d::date < current_date - l.ago)
        and abs(hashtext(l.number || '-' || p || '-' || d)) % 100 <
          case when l.ago is not null and d::date > current_date - l.ago - 84 then 12 else 40 + l.number % 30 end`.execute(
      ctx.tx,
    )
    await computeAll(ctx)
  })
  return lines.filter(({ gone }) => !gone).map(({ id }) => id)
}
