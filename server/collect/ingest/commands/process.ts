import { sql } from 'kysely'
import { type Context, enqueue } from '../../../platform/context/context.ts'
import type { Batch } from '../batch.ts'
import { followIdentity } from './identity.ts'
import { addUse, markAllDirty, recountDirty } from './roll-up.ts'

/** Messages of one run, about; more are left to the next. */
const mostMessages = 50_000
const mostBatches = 1_000

/**
 * Processes what arrived: who is who, use by day, counts of the sources. In one transaction with the markers that it
 * takes, so that each event counts once; one run of a company at a time. Runs until there is nothing left.
 */
export async function processEvents(ctx: Context): Promise<void> {
  const zones = await lockCompany(ctx)
  // Another run holds it, and comes back by itself.
  if (!zones) return
  if (zones.before !== zones.now) await moveDays(ctx, zones)
  const batches = await takeBatches(ctx)
  await countBySource(ctx, batches)
  const storing = batches.filter(batch => batch.accepted > 0)
  if (storing.length > 0) {
    await followIdentity(ctx, storing)
    await addUse(ctx, storing, zones.now)
  }
  const recounted = await recountDirty(ctx, zones.now)
  if (batches.length === 0 && recounted === 0) return
  // What was committed while this ran is not seen by it, and found its job taken: so it looks once more.
  const more = batches.length === mostBatches || recounted > 0
  enqueue(ctx, {
    name: 'ingest.process',
    payload: {},
    key: 'process',
    ...(more ? {} : { runAt: new Date(ctx.now.getTime() + 1_000) }),
  })
}

/** @returns the time zone in which days were cut before, and that of now; undefined while another run goes on */
async function lockCompany(ctx: Context): Promise<{ before: string | null; now: string } | undefined> {
  await sql`
    insert into ingest_state (tenant_id, updated_at) values (${ctx.tenantId}, ${ctx.now}) on conflict do nothing`.execute(
    ctx.tx,
  )
  const { rows } = await sql<{ before: string | null; now: string }>`
    select state.time_zone as before, tenant.time_zone as now
    from ingest_state state join tenant on tenant.id = ${ctx.tenantId}
    where state.tenant_id = ${ctx.tenantId} for update of state skip locked`.execute(ctx.tx)
  return rows[0]
}

/** The company works in another time zone: its days begin at other moments. */
async function moveDays(ctx: Context, zones: { before: string | null; now: string }): Promise<void> {
  await sql`
    update ingest_state set time_zone = ${zones.now}, updated_at = ${ctx.now} where tenant_id = ${ctx.tenantId}`.execute(
    ctx.tx,
  )
  if (zones.before !== null) await markAllDirty(ctx)
}

/** Takes markers, the oldest first. */
async function takeBatches(ctx: Context): Promise<Batch[]> {
  const { rows } = await sql<Batch>`
    with line as (
      select id, sum(accepted) over (order by id) - accepted as before from (
        select id, accepted from ingest_batch where tenant_id = ${ctx.tenantId} order by id limit ${mostBatches}) waiting)
    delete from ingest_batch b
    where b.tenant_id = ${ctx.tenantId} and b.id = any(array(select line.id from line where line.before < ${mostMessages}))
    returning b.id, b.source_id as "sourceId", b.received_at as "receivedAt", b.accepted, b.duplicated, b.rejected, b.conflicting,
      b.identity, b.first_at as "firstAt", b.last_at as "lastAt"`.execute(ctx.tx)
  return rows
}

async function countBySource(ctx: Context, batches: Batch[]): Promise<void> {
  if (batches.length === 0) return
  const lines = JSON.stringify(
    batches.map(({ sourceId, receivedAt, accepted, duplicated, rejected, conflicting }) => ({
      source: sourceId,
      at: receivedAt,
      accepted,
      duplicated,
      rejected,
      conflicting,
    })),
  )
  await sql`
    insert into source_hour as known (tenant_id, source_id, hour, accepted, duplicated, rejected, conflicting)
    select ${ctx.tenantId}, line.source, date_trunc('hour', line.at), sum(line.accepted), sum(line.duplicated), sum(line.rejected),
      sum(line.conflicting)
    from jsonb_to_recordset(${lines}::jsonb) as line (source uuid, at timestamptz, accepted int, duplicated int, rejected int, conflicting int)
    group by line.source, date_trunc('hour', line.at)
    on conflict (tenant_id, source_id, hour) do update set accepted = known.accepted + excluded.accepted,
      duplicated = known.duplicated + excluded.duplicated, rejected = known.rejected + excluded.rejected,
      conflicting = known.conflicting + excluded.conflicting`.execute(ctx.tx)
  await sql`
    with seen as (
      select line.source, max(line.at) as at from jsonb_to_recordset(${lines}::jsonb) as line (source uuid, at timestamptz) group by 1)
    update source set last_seen_at = greatest(last_seen_at, seen.at) from seen
    where source.tenant_id = ${ctx.tenantId} and source.id = seen.source`.execute(ctx.tx)
}
