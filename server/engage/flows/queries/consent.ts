import { sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'
import type { FlowReason, Visitor } from '../steps/definition.ts'

export interface FlowSettings {
  cap: { most: number; days: number } | null
  exemptPriority: number
}

/** How often flows may contact somebody; without a setting as often as they will. */
export async function flowSettings(ctx: Context): Promise<FlowSettings> {
  const { rows } = await sql<{ most: number | null; days: number | null; exempt: number }>`
    select cap_most as most, cap_days as days, exempt_priority as exempt from flow_settings where tenant_id = ${ctx.tenantId}`.execute(
    ctx.tx,
  )
  const { most, days, exempt } = rows[0] ?? { most: null, days: null, exempt: 0 }
  return { cap: most !== null && days !== null ? { most, days } : null, exemptPriority: exempt }
}

/** Contacts that may not be written to, with the reason: they said no, unsubscribed, or there is no address. */
export async function withoutConsent(ctx: Context, visitors: readonly Visitor[]): Promise<Map<string, FlowReason>> {
  const ids = visitors.map(({ subjectId }) => subjectId)
  const { rows } = await sql<{ id: string; reason: FlowReason | null }>`
    select c.id, case when c.email is null then 'no_address' when c.email_state <> 'SUBSCRIBED' then 'unsubscribed'
      when c.email_consent = 'DENIED' then 'no_consent' end as reason
    from contact c where c.tenant_id = ${ctx.tenantId} and c.id = any(${ids}::uuid[])`.execute(ctx.tx)
  return new Map(rows.flatMap(({ id, reason }) => (reason ? [[id, reason]] : [])))
}

/** Who has been contacted as often as the cap allows. */
export async function capped(
  ctx: Context,
  visitors: readonly Visitor[],
  { most, days }: { most: number; days: number },
): Promise<Set<string>> {
  const ids = visitors.map(({ subjectId }) => subjectId)
  const { rows } = await sql<{ id: string }>`
    select c.subject_id as id from flow_contact c
    where c.tenant_id = ${ctx.tenantId} and c.subject_id = any(${ids}::uuid[])
      and c.at > ${ctx.now}::timestamptz - make_interval(days => ${days}::int)
    group by c.subject_id having count(*) >= ${most}::int`.execute(ctx.tx)
  return new Set(rows.map(({ id }) => id))
}
