import { type RawBuilder, sql } from 'kysely'
import { today } from '../../../customers/accounts/queries/today.ts'
import type { Context } from '../../../platform/context/context.ts'

/**
 * Why a contact `c` gets nothing about a topic `t`, null where it does: the one rule for previews, queueing and the moment
 * of sending. What belongs to a contract needs no consent and cannot be turned off.
 * @param index the blind index of the contact's address
 */
export function reasonOf(ctx: Context, index: RawBuilder<unknown>): RawBuilder<string | null> {
  return sql`case
    when c.id is null or c.merged_into is not null then 'no_contact'
    when c.left_on <= ${today(ctx)} then 'left'
    when c.email is null then 'no_address'
    when c.email_state in ('BOUNCED', 'COMPLAINED') or exists (
      select 1 from message_suppression s where s.tenant_id = ${ctx.tenantId} and s.address_index = ${index}) then 'suppressed_address'
    when t.kind = 'marketing' and (c.email_state = 'UNSUBSCRIBED' or c.email_consent = 'DENIED') then 'unsubscribed'
    when t.kind = 'marketing' and exists (select 1 from topic_choice o
      where o.tenant_id = ${ctx.tenantId} and o.contact_id = c.id and o.topic_id = t.id and not o.subscribed) then 'topic_off'
    when t.kind = 'marketing' and c.email_consent <> 'GRANTED' and not coalesce((
      select w.without_consent from message_settings w where w.tenant_id = ${ctx.tenantId}), false) then 'no_consent'
    end`
}
