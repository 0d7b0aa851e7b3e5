import { sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'
import type { JsonText } from '../../../platform/http/implement.ts'
import { jsonPage, readCursor } from '../../../platform/http/paging.ts'
import { refuseForeign } from './sources.ts'

export interface EventWish {
  limit: number
  cursor?: string
  type?: string
  name?: string
  person?: string
  customerId?: string
}

/**
 * Events of a source, the latest arrivals first. With a customer: those of persons who were active for it.
 * @throws AppError `not_found`
 */
export async function eventPage(ctx: Context, sourceId: string, wish: EventWish): Promise<JsonText> {
  await refuseForeign(ctx, sourceId)
  const [batch, place] = readCursor(wish.cursor, 2) ?? ['ffffffff-ffff-ffff-ffff-ffffffffffff', 32_767]
  const { rows } = await sql<{ item: string }>`
    select json_build_object('batchId', e.batch_id, 'place', e.place, 'messageId', e.message_id, 'type', e.type, 'name', e.name,
      'person', e.person, 'groupId', e.group_id, 'contactId', contact.id, 'properties', e.properties, 'context', e.context,
      'occurredAt', e.occurred_at, 'sentAt', e.sent_at, 'receivedAt', e.received_at)::text as item
    from (
      select * from usage_event
      where tenant_id = ${ctx.tenantId} and (batch_id, place) < (${batch}::uuid, ${place}::smallint) and source_id = ${sourceId}
        and (${wish.type ?? null}::text is null or type = ${wish.type ?? null})
        and (${wish.name ?? null}::text is null or name = ${wish.name ?? null})
        and (${wish.person ?? null}::text is null or person = any(${personsOf(wish.person)}::text[]))
        and (${wish.customerId ?? null}::uuid is null or person in (
          select distinct daily.person from usage_daily daily
          where daily.tenant_id = ${ctx.tenantId} and daily.customer_id = ${wish.customerId ?? null}::uuid))
      order by batch_id desc, place desc limit ${wish.limit + 1}) e
    left join person_link link on link.tenant_id = ${ctx.tenantId} and link.anonymous = e.person
    left join contact on contact.tenant_id = ${ctx.tenantId} and contact.external_id = substr(coalesce(link.person, e.person), 3)
      and coalesce(link.person, e.person) like 'u:%'
    order by e.batch_id desc, e.place desc`.execute(ctx.tx)
  return jsonPage(rows, wish.limit, ['batchId', 'place'])
}

/** What somebody may be called in events: with the kind of id in front, or without. */
function personsOf(person = ''): string[] {
  return /^[ua]:/.test(person) ? [person] : [`u:${person}`, `a:${person}`]
}
