import { sql } from 'kysely'
import { type Context, record, requirePermission } from '../../../platform/context/context.ts'
import { type FlowSettings, flowSettings } from '../queries/consent.ts'

/** Sets how often flows may contact somebody. */
export async function changeFlowSettings(ctx: Context, { cap, exemptPriority }: FlowSettings): Promise<FlowSettings> {
  requirePermission(ctx, 'flows.manage')
  await sql`
    insert into flow_settings (tenant_id, cap_most, cap_days, exempt_priority, updated_at)
    values (${ctx.tenantId}, ${cap?.most ?? null}, ${cap?.days ?? null}, ${exemptPriority}, ${ctx.now})
    on conflict (tenant_id) do update set cap_most = excluded.cap_most, cap_days = excluded.cap_days,
      exempt_priority = excluded.exempt_priority, updated_at = excluded.updated_at`.execute(ctx.tx)
  record(ctx, {
    action: 'flow_settings.changed',
    details: { most: cap?.most ?? null, days: cap?.days ?? null, exemptPriority },
  })
  return flowSettings(ctx)
}
