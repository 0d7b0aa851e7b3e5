import { type RawBuilder, sql } from 'kysely'
import { conditionNeeds } from '../../../catalog/conditions/needs.ts'
import { announce, type Context } from '../../../platform/context/context.ts'
import type { FactKind } from '../../../platform/context/vocabulary.ts'
import { AppError } from '../../../platform/errors/app-error.ts'
import { refreshOrder } from '../order.ts'
import { matchingRecords } from '../queries/matching.ts'
import { type StoredSegment, segmentsOf } from '../queries/segments.ts'

export interface Refresh {
  members: number
  entered: number
  exited: number
  milliseconds: number
}

/**
 * Looks anew who is in a dynamic segment: members are written by difference, in one statement, and who came or went is
 * kept.
 * @param only a statement of the records that may have changed; left out: all
 * @throws AppError `invalid_input` where its condition names what is not there any more
 */
export async function refreshMembers(
  ctx: Context,
  segment: StoredSegment,
  only?: RawBuilder<unknown>,
): Promise<Refresh> {
  const begin = performance.now()
  // Hashes of a million people do not fit the memory that a small statement gets.
  if (!only) await sql`set local work_mem = '64MB'`.execute(ctx.tx)
  const matching = await matchingRecords(ctx, segment.record, segment.condition!, only)
  const counts = await move(
    ctx,
    segment.id,
    sql`matching as materialized (${matching}),
      gone as (
        delete from segment_member m where m.tenant_id = ${ctx.tenantId} and m.segment_id = ${segment.id}
          ${only ? sql`and m.record_id in (${only})` : sql``}
          and not exists (select 1 from matching where matching.id = m.record_id) returning m.record_id),
      come as (
        insert into segment_member (tenant_id, segment_id, record_id, entered_at)
        select ${ctx.tenantId}, ${segment.id}, matching.id, ${ctx.now} from matching
        where not exists (select 1 from segment_member known
          where known.tenant_id = ${ctx.tenantId} and known.segment_id = ${segment.id} and known.record_id = matching.id)
        on conflict do nothing returning record_id)`,
  )
  const milliseconds = Math.round(performance.now() - begin)
  await sql`
    update segment set refreshed_at = ${ctx.now}, refresh_milliseconds = ${milliseconds}, fault = null
    where tenant_id = ${ctx.tenantId} and id = ${segment.id}`.execute(ctx.tx)
  return { ...counts, milliseconds }
}

/** Puts records into a static segment and takes others out. Ids of no record of the company are passed over. */
export async function moveMembers(
  ctx: Context,
  segment: StoredSegment,
  { add, remove }: { add: readonly string[]; remove: readonly string[] },
): Promise<Omit<Refresh, 'milliseconds'>> {
  return move(
    ctx,
    segment.id,
    sql`gone as (
        delete from segment_member m where m.tenant_id = ${ctx.tenantId} and m.segment_id = ${segment.id}
          and m.record_id = any(${remove}::uuid[]) returning m.record_id),
      come as (
        insert into segment_member (tenant_id, segment_id, record_id, entered_at)
        select ${ctx.tenantId}, ${segment.id}, r.id, ${ctx.now} from ${sql.table(segment.record)} r
        where r.tenant_id = ${ctx.tenantId} and r.id = any(${add}::uuid[]) and r.merged_into is null
          and r.id <> all(${remove}::uuid[])
        on conflict do nothing returning record_id)`,
  )
}

/** Runs a statement that leaves `gone` and `come`; notes the moves and the size, and tells of them. */
async function move(ctx: Context, id: string, change: RawBuilder<unknown>): Promise<Omit<Refresh, 'milliseconds'>> {
  const { rows } = await sql<{ entered: number; exited: number }>`
    with ${change},
    moved as (
      insert into segment_move (tenant_id, at, segment_id, record_id, entered)
      select ${ctx.tenantId}::uuid, ${ctx.now}::timestamptz, ${id}::uuid, record_id, false from gone
      union all
      select ${ctx.tenantId}::uuid, ${ctx.now}::timestamptz, ${id}::uuid, record_id, true from come
      on conflict do nothing returning entered)
    select count(*) filter (where entered)::int as entered, count(*) filter (where not entered)::int as exited from moved`.execute(
    ctx.tx,
  )
  const { entered, exited } = rows[0]!
  const { rows: sized } = await sql<{ members: number }>`
    update segment set members = members + ${entered}::int - ${exited}::int where tenant_id = ${ctx.tenantId} and id = ${id}
    returning members`.execute(ctx.tx)
  const { members } = sized[0]!
  await sql`
    insert into segment_size as known (tenant_id, segment_id, day, members, entered, exited)
    select ${ctx.tenantId}::uuid, ${id}::uuid, (${ctx.now}::timestamptz at time zone company.time_zone)::date, ${members}::int, ${entered}::int, ${exited}::int
    from tenant company where company.id = ${ctx.tenantId}
    on conflict (tenant_id, segment_id, day) do update set members = excluded.members,
      entered = known.entered + excluded.entered, exited = known.exited + excluded.exited`.execute(ctx.tx)
  if (entered + exited > 0) {
    announce(ctx, {
      type: 'segment.moved',
      subject: { kind: 'segment', id },
      payload: { entered, exited, members, at: ctx.now.toISOString() },
    })
  }
  return { members, entered, exited }
}

/** What changed since the segments were looked at. */
export interface Change {
  facts: readonly FactKind[]
  /** Days passed, or nobody knows what changed: everything is looked at. */
  all: boolean
  /** A statement of the customers whose facts changed. */
  customers?: RawBuilder<unknown>
}

/**
 * Refreshes the dynamic segments that a change may touch, those first that others name. One whose condition cannot be
 * read any more keeps its members and says why.
 */
export async function refreshSegments(ctx: Context, { facts, all, customers }: Change): Promise<void> {
  const segments = (await segmentsOf(ctx)).filter(({ kind, state }) => kind === 'dynamic' && state === 'enabled')
  const byId = new Map(segments.map(segment => [segment.id, segment]))
  const graph = new Map(
    segments.map(segment => [segment.id, conditionNeeds(segment.condition!, segment.record).segments]),
  )
  const moved = new Set<string>()
  for (const id of refreshOrder(graph) ?? [...graph.keys()]) {
    const segment = byId.get(id)!
    const named = graph.get(id)!.some(other => moved.has(other))
    const touched = all || named || segment.facts.some(kind => facts.includes(kind))
    if (!touched) continue
    // Contacts are not followed one by one; and who is in a named segment may be anybody.
    const only = all || named || segment.record === 'contact' ? undefined : customers
    try {
      const { entered, exited } = await refreshMembers(ctx, segment, only)
      if (entered + exited > 0) moved.add(id)
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      await sql`
        update segment set fault = ${error.words[ctx.locale]} where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(
        ctx.tx,
      )
    }
  }
}
