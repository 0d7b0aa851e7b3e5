import { sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'
import type { FlowReason } from '../steps/definition.ts'

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

/**
 * Contacts to whom a template may not be sent, with the reason: there is no address, or nothing reaches it, or they said no
 * or unsubscribed and it is marketing. (The outbox looks at more, of topics and addresses, when the message is queued.)
 */
export async function withoutConsent(
  ctx: Context,
  contactIds: readonly string[],
  template: string,
): Promise<Map<string, FlowReason>> {
  const { rows } = await sql<{ id: string; reason: FlowReason | null }>`
    select c.id, case when c.email is null then 'no_address' when c.email_state in ('BOUNCED', 'COMPLAINED') then 'address_suppressed'
      when topic.kind = 'transactional' then null when c.email_state = 'UNSUBSCRIBED' then 'unsubscribed'
      when c.email_consent = 'DENIED' then 'no_consent' end as reason
    from contact c
    left join message_template m on m.tenant_id = ${ctx.tenantId} and m.key = ${template}
    left join message_topic topic on topic.tenant_id = ${ctx.tenantId} and topic.id = m.topic_id
    where c.tenant_id = ${ctx.tenantId} and c.id = any(${contactIds}::uuid[])`.execute(ctx.tx)
  return new Map(rows.flatMap(({ id, reason }) => (reason ? [[id, reason]] : [])))
}

/** How often people were contacted in the last days, by any flow. */
export async function contactCounts(
  ctx: Context,
  recipientIds: readonly string[],
  days: number,
): Promise<Map<string, number>> {
  const { rows } = await sql<{ id: string; count: number }>`
    select c.recipient_id as id, count(*)::int as count from flow_contact c
    where c.tenant_id = ${ctx.tenantId} and c.recipient_id = any(${recipientIds}::uuid[])
      and c.at > ${ctx.now}::timestamptz - make_interval(days => ${days}::int)
    group by c.recipient_id`.execute(ctx.tx)
  return new Map(rows.map(({ id, count }) => [id, count]))
}
