import { sql } from 'kysely'
import { memberName } from '../../customers/accounts/queries/customers.ts'
import { lookedAfterBy, withinReach } from '../../customers/accounts/queries/reach.ts'
import { atStake } from '../../customers/accounts/queries/stake.ts'
import { today } from '../../customers/accounts/queries/today.ts'
import { type Context, requirePermission } from '../../platform/context/context.ts'
import { cursorOf, readCursor } from '../../platform/http/paging.ts'
import { keptColumns } from '../../signals/metrics/queries/statement.ts'
import { highSignalNames } from '../../signals/risks/queries/customer.ts'
import { reasonsOf, type Situation } from './reason.ts'

interface Row extends Situation {
  id: string
  name: string
  owner_name: string | null
  arr: number
  currency: string
  level: 'POOR' | 'FAIR' | 'GOOD' | 'EXCELLENT' | null
  trend: 'IMPROVING' | 'STABLE' | 'DECLINING' | 'UNKNOWN'
  renewal_on: string | null
  priority: number
}

const keys = [
  'usage.events_change_28',
  'usage.days_since_last_use',
  'communications.days_since_contact',
  'tickets.open_urgent',
  'tickets.open_now',
  'billing.days_late_now',
  'surveys.detractors_90',
  'contacts.champion_left_90',
]

/** Customers by how much is at stake. */
export async function rankedWork(
  ctx: Context,
  { mine, limit, cursor }: { mine?: 'own' | 'team'; limit: number; cursor?: string },
) {
  const scope = requirePermission(ctx, 'customers.read')
  const after = readCursor(cursor, 2)
  const figure = (key: string) => sql`m.${sql.id(key)}`
  const { rows } = await sql<Row>`
    with ranked as (
      select c.id, c.name, c.owner_id, c.arr::float8 as arr, c.currency, c.health_score::float8 as health, c.health_level as level,
        c.health_trend as trend, c.renewal_on, c.renewal_on - ${today(ctx)} as days,
        ${atStake(ctx)} as priority
      from customer c where c.tenant_id = ${ctx.tenantId} and c.merged_into is null and c.status <> 'CHURNED' and c.arr_order > 0
        and ${withinReach(ctx, scope)} and ${mine ? lookedAfterBy(ctx, mine) : sql`true`}),
    chosen as materialized (
      select * from ranked r where ${after ? sql`(r.priority, r.id) < (${after[0]}::float8, ${after[1]}::uuid)` : sql`true`}
      order by r.priority desc, r.id desc limit ${limit + 1})
    select r.id, r.name, ${memberName(ctx, sql`r.owner_id`)} as owner_name, r.arr, r.currency, r.health, r.level, r.trend,
      r.renewal_on::text as renewal_on, r.days as "daysToRenewal", r.priority,
      r.health - (select h.score from health_daily h where h.tenant_id = ${ctx.tenantId} and h.customer_id = r.id
        and h.day <= ${today(ctx)} - 28 order by h.day desc limit 1) as "healthChange",
      ${figure('usage.events_change_28')} as "useChange", ${figure('usage.days_since_last_use')} as "daysSinceUse",
      ${figure('communications.days_since_contact')} as "daysSinceContact", ${figure('tickets.open_urgent')} as "urgentTickets",
      ${figure('tickets.open_now')} as "openTickets", ${figure('billing.days_late_now')} as "daysLate",
      ${figure('surveys.detractors_90')} as detractors, ${figure('contacts.champion_left_90')} as "championsLeft",
      ${highSignalNames(ctx, sql`r.id`)} as "highSignals"
    from chosen r left join (${await keptColumns(ctx, { keys, customers: sql`select id from chosen` })}) m on m.customer_id = r.id
    order by r.priority desc, r.id desc`.execute(ctx.tx)
  const shown = rows.slice(0, limit)
  const last = rows.length > limit ? shown.at(-1) : undefined
  return {
    items: shown.map(row => ({
      id: row.id,
      name: row.name,
      ownerName: row.owner_name,
      arr: row.arr,
      currency: row.currency,
      healthScore: row.health,
      healthLevel: row.level,
      healthTrend: row.trend,
      renewalOn: row.renewal_on,
      daysToRenewal: row.daysToRenewal,
      priority: row.priority,
      reasons: reasonsOf(row),
    })),
    next: last ? cursorOf([last.priority, last.id]) : null,
  }
}
