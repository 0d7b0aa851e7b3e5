import { sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'
import type { Words } from '../../../platform/errors/words.ts'
import type { Counts, ImportKind, Mapping } from '../contract/shapes.ts'

/** A run as its job finds it. */
export interface Run {
  importId: string
  run: number
  kind: ImportKind
  mode: 'dry' | 'real'
  mapping: Mapping
  /** The last row that is done. */
  position: number
  counts: Counts
}

/** A run whose worker gave no sign of life for so long holds up no other (s). */
const patience = 120

const noCounts: Counts = { created: 0, updated: 0, unchanged: 0, skipped: 0, failed: 0 }

/**
 * Begins a run, or goes on with one whose worker was lost. A dry run starts over.
 * @returns `wait` while another import of the company runs; undefined when this run is over or was replaced
 */
export async function beginRun(ctx: Context, importId: string, run: number): Promise<Run | 'wait' | undefined> {
  // One at a time: the one row that every import of the company passes by.
  await sql`select 1 from tenant where id = ${ctx.tenantId} for no key update`.execute(ctx.tx)
  const { rows: others } = await sql`
    select 1 from data_import
    where tenant_id = ${ctx.tenantId} and id <> ${importId} and state in ('running', 'undoing')
      and alive_at > ${ctx.now}::timestamptz - make_interval(secs => ${patience})`.execute(ctx.tx)
  const { rows } = await sql<Run & { state: string }>`
    select id as "importId", run, kind, mode, mapping, position::float8 as position, state,
      coalesce(case mode when 'dry' then dry_counts else counts end, ${JSON.stringify(noCounts)}::jsonb) as counts
    from data_import where tenant_id = ${ctx.tenantId} and id = ${importId} for update`.execute(ctx.tx)
  const found = rows[0]
  if (!found || found.run !== run || !['queued', 'running'].includes(found.state)) return undefined
  if (others.length > 0 && found.state === 'queued') return 'wait'
  if (found.mode === 'dry') {
    await sql`delete from import_row where tenant_id = ${ctx.tenantId} and import_id = ${importId} and run = ${run}`.execute(
      ctx.tx,
    )
    Object.assign(found, { position: 0, counts: noCounts })
  }
  await sql`
    update data_import set state = 'running', position = ${found.position}, started_at = coalesce(started_at, ${ctx.now}::timestamptz),
      alive_at = ${ctx.now}
    where tenant_id = ${ctx.tenantId} and id = ${importId}`.execute(ctx.tx)
  return found
}

/** Rows that one transaction clears away. */
const clearedRows = 20_000

/**
 * Rows of dry runs before this one, of which nothing can be undone, go; some at a time. First it is looked up which, then
 * a range of the key goes: as one statement it was planned by statistics from before the rows were there, and took minutes
 * instead of milliseconds.
 * @returns whether there may be more
 */
export async function clearOldRows(ctx: Context, importId: string): Promise<boolean> {
  const { rows } = await sql<{ run: number; row: number | null }>`
    select old.run, (
      select max(oldest.row)::float8 from (
        select r.row from import_row r
        where r.tenant_id = ${ctx.tenantId} and r.import_id = ${importId} and r.run = old.run
        order by r.row limit ${clearedRows}) oldest) as row
    from data_import i cross join lateral generate_series(1, i.run - 1) as old (run)
    where i.tenant_id = ${ctx.tenantId} and i.id = ${importId} and old.run <> all(i.real_runs)`.execute(ctx.tx)
  const left = rows.filter(({ row }) => row !== null)
  if (!left[0]) return false
  await sql`
    delete from import_row where tenant_id = ${ctx.tenantId} and import_id = ${importId} and run = ${left[0].run}
      and row <= ${left[0].row}::bigint`.execute(ctx.tx)
  return true
}

/**
 * Notes that rows are done, in the transaction of their effect. Called first: it holds the import until COMMIT, so that
 * each row has its effect once, even when two workers believe that the run is theirs.
 * @returns `cancel` when somebody asked to stop; `lost` when another worker went on with it
 */
export async function advance(
  ctx: Context,
  run: Run,
  to: { position: number; counts: Counts; progress: number },
): Promise<'go' | 'cancel' | 'lost'> {
  const counts = JSON.stringify(to.counts)
  const { rows } = await sql<{ cancelling: boolean }>`
    update data_import set position = ${to.position}, progress = ${to.progress}, alive_at = ${ctx.now},
      counts = case mode when 'real' then ${counts}::jsonb else counts end,
      dry_counts = case mode when 'dry' then ${counts}::jsonb else dry_counts end
    where tenant_id = ${ctx.tenantId} and id = ${run.importId} and run = ${run.run} and state = 'running'
      and position = ${run.position}
    returning cancelling`.execute(ctx.tx)
  if (!rows[0]) return 'lost'
  return rows[0].cancelling ? 'cancel' : 'go'
}

/** Ends a run. A dry one leaves the import ready for a real one. */
export async function endRun(
  ctx: Context,
  { importId, run }: Pick<Run, 'importId' | 'run'>,
  end: 'done' | 'cancelled' | 'failed',
  fault?: Words,
): Promise<void> {
  await sql`
    update data_import set state = case when ${end} = 'done' and mode = 'dry' then 'ready' else ${end} end,
      fault = ${fault ? JSON.stringify(fault) : null}::jsonb, cancelling = false, finished_at = ${ctx.now},
      progress = case when ${end} = 'done' then 1 else progress end,
      counts = case when mode = 'real' then coalesce(counts, ${JSON.stringify(noCounts)}::jsonb) else counts end,
      dry_counts = case when mode = 'dry' then coalesce(dry_counts, ${JSON.stringify(noCounts)}::jsonb) else dry_counts end
    where tenant_id = ${ctx.tenantId} and id = ${importId} and run = ${run} and state = 'running'`.execute(ctx.tx)
}
