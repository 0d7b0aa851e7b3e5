import { sql } from 'kysely'
import { type Context, enqueue, record, requirePermission } from '../../../platform/context/context.ts'
import { AppError, notFound } from '../../../platform/errors/app-error.ts'
import type { ImportKind, Mapping } from '../contract/shapes.ts'
import { fileGone } from '../queries/content.ts'
import { busy, checkMapping, notWhole } from './choices.ts'

export const runJob = 'imports.run'
export const undoJob = 'imports.undo'

interface Known {
  kind: ImportKind
  state: string
  mapping: Mapping | null
  run: number
  mode: 'dry' | 'real' | null
  realRuns: number[]
  fileKept: boolean
}

/** Starts a run, dry or real, as a job. @throws AppError `conflict` while one runs or without a mapping, `expired` without the file */
export async function startRun(ctx: Context, id: string, mode: 'dry' | 'real'): Promise<void> {
  const known = await lock(ctx, id)
  if (known.state === 'uploading') throw notWhole()
  if (isBusy(known)) throw busy()
  if (!known.fileKept) throw fileGone()
  if (!known.mapping) {
    throw new AppError('conflict', { ja: '先に列の対応を保存してください。', en: 'Save where the columns go first.' })
  }
  await checkMapping(ctx, known.kind, known.mapping)
  const run = known.run + 1
  await sql`
    update data_import set state = 'queued', mode = ${mode}, run = ${run}, position = 0, progress = 0, fault = null,
      cancelling = false, started_at = null, finished_at = null,
      dry_counts = case when ${mode} = 'dry' then null else dry_counts end,
      counts = case when ${mode} = 'real' then null else counts end,
      real_runs = case when ${mode} = 'real' then real_runs || ${run}::int else real_runs end
    where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx)
  enqueue(ctx, { name: runJob, payload: { tenantId: ctx.tenantId, importId: id, run } })
  const action = mode === 'dry' ? 'import.checked' : 'import.started'
  record(ctx, { action, subject: { kind: 'import', id }, details: { kind: known.kind } })
}

/** Asks a run to stop: at once while it waits, else after the rows at hand. @throws AppError `conflict` when nothing runs */
export async function cancelRun(ctx: Context, id: string): Promise<void> {
  const known = await lock(ctx, id)
  if (known.state !== 'queued' && known.state !== 'running') {
    throw new AppError('conflict', { ja: '実行中ではありません。', en: 'Nothing runs that could be cancelled.' })
  }
  await sql`
    update data_import set cancelling = state = 'running', state = case state when 'queued' then 'cancelled' else state end,
      finished_at = case state when 'queued' then ${ctx.now}::timestamptz end
    where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx)
  record(ctx, { action: 'import.cancelled', subject: { kind: 'import', id } })
}

/** Starts undoing what the real runs wrote. @throws AppError `conflict` where there is nothing to undo, or it cannot be */
export async function startUndo(ctx: Context, id: string): Promise<void> {
  const known = await lock(ctx, id)
  if (isBusy(known)) throw busy()
  if (known.realRuns.length === 0 || known.state === 'undone') {
    throw new AppError('conflict', { ja: '元に戻す内容がありません。', en: 'There is nothing to undo.' })
  }
  if (known.kind === 'usage') {
    throw new AppError('conflict', {
      ja: '利用状況のイベントは追記のみのため、元に戻せません。',
      en: 'Usage events are only ever added, so this import cannot be undone.',
    })
  }
  await sql`
    update data_import set state = 'undoing', progress = 0, undo_counts = null, alive_at = null, fault = null
    where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx)
  enqueue(ctx, { name: undoJob, payload: { tenantId: ctx.tenantId, importId: id } })
  record(ctx, { action: 'import.undone', subject: { kind: 'import', id }, details: { kind: known.kind } })
}

function isBusy({ state }: Known): boolean {
  return ['queued', 'running', 'undoing'].includes(state)
}

async function lock(ctx: Context, id: string): Promise<Known> {
  requirePermission(ctx, 'imports.manage')
  const { rows } = await sql<Known>`
    select kind, state, mapping, run, mode, real_runs as "realRuns", file_removed_at is null as "fileKept"
    from data_import where tenant_id = ${ctx.tenantId} and id = ${id} for update`.execute(ctx.tx)
  if (!rows[0]) throw notFound()
  return rows[0]
}
