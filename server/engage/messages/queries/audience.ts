import { type RawBuilder, sql } from 'kysely'
import type { z } from 'zod'
import { type Context, requirePermission } from '../../../platform/context/context.ts'
import { invalidField } from '../../../platform/errors/app-error.ts'
import type { RouteReply } from '../../../platform/http/contract.ts'
import { blindIndexer } from '../../../platform/secrets/box.ts'
import { matchingRecords } from '../../../signals/segments/queries/matching.ts'
import type { previewAudience } from '../contract/campaigns.ts'
import type { Audience } from '../contract/shapes.ts'
import { reasonOf } from './reason.ts'

/** A statement of the ids of the contacts that an audience means. @throws AppError `invalid_input` for a segment that there is not */
export async function audienceOf(ctx: Context, audience: Audience): Promise<RawBuilder<unknown>> {
  if (audience.kind === 'condition') return matchingRecords(ctx, 'contact', audience.condition)
  const { rows } = await sql<{ record: 'customer' | 'contact' }>`
    select record from segment where tenant_id = ${ctx.tenantId} and id = ${audience.id} and state <> 'archived'`.execute(
    ctx.tx,
  )
  if (!rows[0]) {
    throw invalidField('body.audience', { ja: 'そのセグメントはありません。', en: 'There is no such segment.' })
  }
  const members = sql`select m.record_id from segment_member m where m.tenant_id = ${ctx.tenantId} and m.segment_id = ${audience.id}::uuid`
  return rows[0].record === 'contact'
    ? members
    : sql`select c.id from contact c where c.tenant_id = ${ctx.tenantId} and c.merged_into is null and c.left_on is null
        and c.customer_id in (${members})`
}

/** How many of an audience would get a message about a topic now, and why the others would not. */
export async function audiencePreview(
  ctx: Context,
  { audience, topicId }: z.output<typeof previewAudience.body>,
): Promise<RouteReply<typeof previewAudience>> {
  requirePermission(ctx, 'messages.read')
  requirePermission(ctx, 'customers.read')
  const ids = await audienceOf(ctx, audience)
  const { rows: contacts } = await sql<{ id: string; email: string | null }>`
    select c.id, c.email from contact c where c.tenant_id = ${ctx.tenantId} and c.id in (${ids})`.execute(ctx.tx)
  const indexOf = blindIndexer(ctx.installation.keyring, ctx.tenantId)
  const lines = contacts.map(({ id, email }) => ({ id, index: email === null ? null : indexOf(email).toString('hex') }))
  const { rows } = await sql<{
    reason: string | null
    contacts: number
    samples: { id: string; name: string; customerName: string | null }[]
  }>`
    with judged as materialized (
      select c.id, c.name, c.customer_id, ${reasonOf(ctx, sql`decode(line.index, 'hex')`)} as reason
      from jsonb_to_recordset(${JSON.stringify(lines)}::jsonb) as line (id uuid, index text)
      join contact c on c.tenant_id = ${ctx.tenantId} and c.id = line.id
      join message_topic t on t.tenant_id = ${ctx.tenantId} and t.id = ${topicId})
    select j.reason, count(*)::int as contacts, (select coalesce(json_agg(json_build_object('id', s.id, 'name', s.name,
        'customerName', (select k.name from customer k where k.tenant_id = ${ctx.tenantId} and k.id = s.customer_id))), '[]')
      from (select * from judged s where s.reason is not distinct from j.reason order by s.id limit 5) s) as samples
    from judged j group by j.reason`.execute(ctx.tx)
  const reached = rows.find(row => row.reason === null)
  return {
    contacts: rows.reduce((sum, row) => sum + row.contacts, 0),
    reached: reached?.contacts ?? 0,
    left: rows
      .flatMap(({ reason, contacts: count }) => (reason === null ? [] : [{ reason, contacts: count }]))
      .sort((one, other) => other.contacts - one.contacts),
    samples: reached?.samples ?? [],
  }
}
