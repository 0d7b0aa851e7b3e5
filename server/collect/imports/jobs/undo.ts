import { sql } from 'kysely'
import { z } from 'zod'
import type { Context } from '../../../platform/context/context.ts'
import { insideOf } from '../../../platform/tenancy/inside.ts'
import { outsideJob } from '../../../platform/work/definition.ts'
import { recordKinds } from '../commands/records.ts'
import { removeMade, removeUnusedAttributes } from '../commands/removal.ts'
import { restoreChanged } from '../commands/restore.ts'
import { undoJob } from '../commands/start.ts'
import type { ImportKind } from '../contract/shapes.ts'
import type { Changes } from '../difference.ts'

/** Rows of one transaction. */
const chunkRows = 1_000

interface Undoing {
  kind: Exclude<ImportKind, 'usage'>
  runs: number[]
  counts: { removed: number; restored: number; kept: number }
}

/**
 * Undoes an import, the latest run and its last rows first. Rows that are undone leave the report in the same
 * transaction, so a worker that goes on after another undoes nothing twice.
 */
export const undoImportJob = outsideJob({
  name: undoJob,
  payload: z.object({ tenantId: z.string(), importId: z.uuid() }),
  async handle(installation, { tenantId, importId }, signal) {
    const inside = insideOf(installation, tenantId, 'imports')
    for (let more = true; more; ) {
      if (signal.aborted) throw new Error('The worker stops; undoing goes on with another one.')
      more = await inside(ctx => undoSome(ctx, importId))
    }
  },
})

/** @returns whether there is more to undo */
async function undoSome(ctx: Context, importId: string): Promise<boolean> {
  const { rows: found } = await sql<Undoing>`
    select kind, real_runs as runs, coalesce(undo_counts, '{"removed": 0, "restored": 0, "kept": 0}'::jsonb) as counts
    from data_import where tenant_id = ${ctx.tenantId} and id = ${importId} and state = 'undoing' for update`.execute(
    ctx.tx,
  )
  const [undoing] = found
  if (!undoing) return false
  const kind = recordKinds[undoing.kind]
  // In two statements, so that the second is a range of the key whatever the planner believes of a table that just grew.
  const { rows: edges } = await sql<{ run: number; row: number }>`
    select latest.run, latest.row::float8 as row from (
      select r.run, r.row from import_row r
      where r.tenant_id = ${ctx.tenantId} and r.import_id = ${importId} and r.run = any(${undoing.runs}::int[])
      order by r.run desc, r.row desc limit ${chunkRows}) latest
    order by latest.run, latest.row limit 1`.execute(ctx.tx)
  const { rows } = await sql<{ run: number; outcome: string; record_id: string | null; changes: Changes | null }>`
    delete from import_row i
    where i.tenant_id = ${ctx.tenantId} and i.import_id = ${importId} and i.run = any(${undoing.runs}::int[])
      and (i.run, i.row) >= (${edges[0]?.run ?? 0}::int, ${edges[0]?.row ?? 0}::bigint)
    returning i.run, i.row::float8 as row, i.outcome, i.record_id, i.changes`.execute(ctx.tx)
  const { counts } = undoing
  if (rows.length > 0) {
    const latestFirst = [...rows].sort((one, other) => other.run - one.run)
    const updated = latestFirst.flatMap(({ record_id, changes }) =>
      record_id && changes ? [{ id: record_id, changes }] : [],
    )
    const { restored, kept } = await restoreChanged(ctx, kind, updated, importId)
    const made = rows.flatMap(({ outcome, record_id }) => (outcome === 'created' && record_id ? [record_id] : []))
    const removed = await removeMade(ctx, kind.table, made, importId)
    counts.restored += restored
    counts.kept += kept + made.length - removed.length
    counts.removed += removed.length
  }
  const isOver = rows.length < chunkRows
  if (isOver) await removeUnusedAttributes(ctx, importId)
  await sql`
    update data_import set undo_counts = ${JSON.stringify(counts)}::jsonb, alive_at = ${ctx.now},
      state = case when ${isOver} then 'undone' else state end,
      real_runs = case when ${isOver} then '{}' else real_runs end,
      finished_at = case when ${isOver} then ${ctx.now}::timestamptz else finished_at end
    where tenant_id = ${ctx.tenantId} and id = ${importId}`.execute(ctx.tx)
  return !isOver
}
