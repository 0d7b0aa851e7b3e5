import { sql } from 'kysely'
import type { Context, JsonValue } from '../../../platform/context/context.ts'
import type { Batch } from '../batch.ts'

/** An identify, group or alias call as it was stored. */
export interface Call {
  type: 'identify' | 'group' | 'alias'
  person: string
  otherPerson: string | null
  groupId: string | null
  /** Milliseconds. */
  at: number
  /** Message and source: orders calls of the same moment. */
  ref: string
  /** Undefined for what did not come by a source. */
  sourceId: string | undefined
  messageId: string
  traits: Record<string, JsonValue>
}

/** What writes brought: calls that say who is who, the users and companies that are named, and nothing of their events. */
export async function callsIn(
  ctx: Context,
  batches: readonly Batch[],
): Promise<{ calls: Call[]; users: string[]; groupIds: string[] }> {
  const times = batches.flatMap(batch => [new Date(batch.firstAt!).getTime(), new Date(batch.lastAt!).getTime()])
  const [first, last] = [new Date(Math.min(...times)), new Date(Math.max(...times))]
  const all = batches.map(batch => batch.id)
  const saying = batches.filter(batch => batch.identity).map(batch => batch.id)
  const named = await sql<{ users: string[] | null; groups: string[] | null }>`
    select array_agg(distinct person) filter (where person like 'u:%') as users,
      array_agg(distinct group_id) filter (where group_id is not null) as groups
    from usage_event where tenant_id = ${ctx.tenantId} and batch_id = any(${all}::uuid[])
      and occurred_at between ${first} and ${last}`.execute(ctx.tx)
  const { rows } =
    saying.length === 0
      ? { rows: [] }
      : await sql<Omit<Call, 'at' | 'ref' | 'traits'> & { occurredAt: Date; traits: Call['traits'] | null }>`
    select type, person, other_person as "otherPerson", group_id as "groupId", occurred_at as "occurredAt", source_id as "sourceId",
      message_id as "messageId", properties as traits
    from usage_event where tenant_id = ${ctx.tenantId} and batch_id = any(${saying}::uuid[])
      and occurred_at between ${first} and ${last} and type in ('identify', 'group', 'alias')`.execute(ctx.tx)
  const calls = rows.map(({ occurredAt, traits, ...call }) => ({
    ...call,
    at: occurredAt.getTime(),
    ref: `${call.messageId} ${call.sourceId}`,
    traits: traits ?? {},
  }))
  return { calls, users: named.rows[0]?.users ?? [], groupIds: named.rows[0]?.groups ?? [] }
}
