import { sql } from 'kysely'
import type { z } from 'zod'
import { withinReach } from '../../../customers/accounts/queries/reach.ts'
import { announce, type Context, record, requirePermission } from '../../../platform/context/context.ts'
import type { changeUpsell as change } from '../contract/opportunities.ts'

/** Says how opportunities stand. Those of customers out of reach, and those that stand so already, stay. @returns how many changed */
export async function changeUpsell(ctx: Context, { ids, status }: z.output<typeof change.body>): Promise<number> {
  const scope = requirePermission(ctx, 'customers.write')
  const closed = status === 'won' || status === 'lost'
  const { rows } = await sql<{ id: string }>`
    update upsell_opportunity o set status = ${status}, closed_at = ${closed ? ctx.now : null}, updated_at = ${ctx.now}
    from customer c where o.tenant_id = ${ctx.tenantId} and o.id = any(${ids}::uuid[]) and o.status <> ${status}
      and c.tenant_id = ${ctx.tenantId} and c.id = o.customer_id and ${withinReach(ctx, scope)}
      and (${closed}::boolean or not exists (
        select 1 from upsell_opportunity other where other.tenant_id = ${ctx.tenantId} and other.customer_id = o.customer_id
          and other.kind = o.kind and other.id <> o.id and (other.closed_at is null or other.found_at > o.found_at)))
    returning o.id`.execute(ctx.tx)
  if (rows.length > 0) {
    record(ctx, {
      action: 'upsell.changed',
      details: { status, opportunities: rows.length, ids: rows.slice(0, 200).map(({ id }) => id) },
    })
    announce(ctx, { type: 'upsell.changed', payload: { changed: rows.length } })
  }
  return rows.length
}
