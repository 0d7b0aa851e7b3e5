import { type RawBuilder, sql } from 'kysely'
import type { Condition } from '../../../catalog/conditions/contract.ts'
import { memberName } from '../../../customers/accounts/queries/customers.ts'
import { withinReach } from '../../../customers/accounts/queries/reach.ts'
import { type Context, requirePermission } from '../../../platform/context/context.ts'
import type { FactKind, Reader, RecordKind } from '../../../platform/context/vocabulary.ts'
import { notFound } from '../../../platform/errors/app-error.ts'
import { JsonText } from '../../../platform/http/implement.ts'
import { jsonPage, readCursor } from '../../../platform/http/paging.ts'

export interface StoredSegment {
  id: string
  key: string
  record: RecordKind
  name_ja: string
  name_en: string
  kind: 'static' | 'dynamic'
  condition: Condition | null
  facts: FactKind[]
  depends_on_time: boolean
  state: 'draft' | 'enabled' | 'paused' | 'archived'
  members: number
}

/** The segments of a company. */
export async function segmentsOf(reader: Pick<Reader, 'tenantId' | 'tx'>): Promise<StoredSegment[]> {
  const { rows } = await sql<StoredSegment>`
    select id, key, record, name_ja, name_en, kind, condition, facts, depends_on_time, state, members
    from segment where tenant_id = ${reader.tenantId} order by name_ja, id`.execute(reader.tx)
  return rows
}

/** One segment, locked for a change. @throws AppError `not_found` */
export async function lockSegment(ctx: Context, id: string): Promise<StoredSegment> {
  const { rows } = await sql<StoredSegment>`
    select id, key, record, name_ja, name_en, kind, condition, facts, depends_on_time, state, members
    from segment where tenant_id = ${ctx.tenantId} and id = ${id} for update`.execute(ctx.tx)
  if (!rows[0]) throw notFound()
  return rows[0]
}

function segmentJson(ctx: Context): RawBuilder<string> {
  return sql`json_build_object('id', s.id, 'key', s.key, 'record', s.record, 'nameJa', s.name_ja, 'nameEn', s.name_en,
    'description', s.description, 'kind', s.kind, 'condition', s.condition, 'facts', s.facts, 'state', s.state,
    'members', s.members,
    'entered30', (select count(*) from segment_move m where m.tenant_id = ${ctx.tenantId} and m.segment_id = s.id
      and m.at > ${ctx.now}::timestamptz - interval '30 days' and m.entered),
    'exited30', (select count(*) from segment_move m where m.tenant_id = ${ctx.tenantId} and m.segment_id = s.id
      and m.at > ${ctx.now}::timestamptz - interval '30 days' and not m.entered),
    'refreshedAt', s.refreshed_at, 'refreshMilliseconds', s.refresh_milliseconds, 'fault', s.fault,
    'createdByName', ${memberName(ctx, sql`s.created_by`)}, 'createdAt', s.created_at, 'updatedAt', s.updated_at)`
}

export async function listSegments(
  ctx: Context,
  { record, state }: { record?: string; state?: string },
): Promise<JsonText> {
  const { rows } = await sql<{ items: string }>`
    select coalesce(json_agg(${segmentJson(ctx)} order by s.state = 'archived', s.name_ja, s.id), '[]')::text as items
    from segment s where s.tenant_id = ${ctx.tenantId} and s.record = coalesce(${record ?? null}, s.record)
      and s.state = coalesce(${state ?? null}, s.state)`.execute(ctx.tx)
  return new JsonText(`{"items":${rows[0]!.items}}`)
}

/** @throws AppError `not_found` */
export async function getSegment(ctx: Context, id: string): Promise<JsonText> {
  const { rows } = await sql<{ item: string }>`
    select ${segmentJson(ctx)}::text as item from segment s where s.tenant_id = ${ctx.tenantId} and s.id = ${id}`.execute(
    ctx.tx,
  )
  if (!rows[0]) throw notFound()
  return new JsonText(rows[0].item)
}

/** Name and surroundings of a record `r` of a segment, and what of it the actor may see. */
function recordOf(ctx: Context, record: RecordKind): { join: RawBuilder<unknown>; about: RawBuilder<unknown> } {
  const scope = requirePermission(ctx, 'customers.read')
  const reach = (customer: RawBuilder<unknown>) =>
    scope === 'all'
      ? sql`true`
      : sql`${customer} in (select c.id from customer c where c.tenant_id = ${ctx.tenantId} and ${withinReach(ctx, scope)})`
  return record === 'customer'
    ? {
        join: sql`join customer k on k.tenant_id = ${ctx.tenantId} and k.id = r.record_id and ${reach(sql`k.id`)}`,
        about: memberName(ctx, sql`k.owner_id`),
      }
    : {
        join: sql`join contact k on k.tenant_id = ${ctx.tenantId} and k.id = r.record_id and (k.customer_id is null or ${reach(sql`k.customer_id`)})`,
        about: sql`(select of.name from customer of where of.tenant_id = ${ctx.tenantId} and of.id = k.customer_id)`,
      }
}

/** Who is in a segment now, or was at a moment: those whose last move until then was in. */
export async function segmentMembers(
  ctx: Context,
  id: string,
  { at, limit, cursor }: { at?: string; limit: number; cursor?: string },
): Promise<JsonText> {
  const segment = await recordKindOf(ctx, id)
  const { join, about } = recordOf(ctx, segment.record)
  const after = readCursor(cursor, 2)
  const members =
    at === undefined
      ? sql`select m.record_id, m.entered_at from segment_member m where m.tenant_id = ${ctx.tenantId} and m.segment_id = ${id}`
      : sql`select last.record_id, last.at as entered_at from (
          select distinct on (m.record_id) m.record_id, m.at, m.entered from segment_move m
          where m.tenant_id = ${ctx.tenantId} and m.segment_id = ${id} and m.at <= ${at}::timestamptz
          order by m.record_id, m.at desc) last where last.entered`
  const { rows } = await sql<{ item: string }>`
    select json_build_object('id', k.id, 'name', k.name, 'about', ${about}, 'enteredAt', r.entered_at)::text as item
    from (${members}) r ${join}
    where ${after ? sql`(k.name, k.id) > (${after[0]}, ${after[1]}::uuid)` : sql`true`}
    order by k.name, k.id limit ${limit + 1}`.execute(ctx.tx)
  return jsonPage(rows, limit, ['name', 'id'])
}

/** Who came and who went, latest first. */
export async function segmentMoves(
  ctx: Context,
  id: string,
  { limit, cursor }: { limit: number; cursor?: string },
): Promise<JsonText> {
  const segment = await recordKindOf(ctx, id)
  const { join } = recordOf(ctx, segment.record)
  const after = readCursor(cursor, 2)
  const { rows } = await sql<{ item: string }>`
    select json_build_object('id', k.id, 'name', k.name, 'entered', r.entered, 'at', r.at)::text as item
    from segment_move r ${join}
    where r.tenant_id = ${ctx.tenantId} and r.segment_id = ${id}
      and ${after ? sql`(r.at, r.record_id) < (${after[0]}::timestamptz, ${after[1]}::uuid)` : sql`true`}
    order by r.at desc, r.record_id desc limit ${limit + 1}`.execute(ctx.tx)
  return jsonPage(rows, limit, ['at', 'id'])
}

async function recordKindOf(ctx: Context, id: string): Promise<{ record: RecordKind }> {
  const { rows } = await sql<{ record: RecordKind }>`
    select record from segment where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx)
  if (!rows[0]) throw notFound()
  return rows[0]
}
