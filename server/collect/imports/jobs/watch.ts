import { join } from 'node:path'
import { sql } from 'kysely'
import { z } from 'zod'
import { type Context, record } from '../../../platform/context/context.ts'
import type { Installation } from '../../../platform/context/installation.ts'
import { AppError } from '../../../platform/errors/app-error.ts'
import { insideOf } from '../../../platform/tenancy/inside.ts'
import { inAccount } from '../../../platform/tenancy/transaction.ts'
import { outsideJob, tenantJob } from '../../../platform/work/definition.ts'
import { beginMapped } from '../commands/mappings.ts'
import { startRun } from '../commands/start.ts'
import { storePart } from '../commands/upload.ts'
import { largestFile, partSize } from '../contract/imports.ts'
import { watchedFolders } from '../queries/mappings.ts'
import { filesIn, foldersIn, type LaidFile, openLaid, putAside } from './folder.ts'
import { originOf } from './run.ts'

/** Files that are taken in one go; more wait for the next. */
const mostFiles = 20

/**
 * Looks for files in the watched folders: `<folder of imports>/<address of the company>/<folder of the mapping>/`. Each is
 * taken in and imported; the file moves to `done`, or to `failed` where it could not be taken.
 */
export const watchJob = outsideJob({
  name: 'imports.watch',
  payload: z.object({}),
  schedule: '* * * * *',
  maxAttempts: 1,
  async handle(installation, _, signal) {
    const root = installation.importFolder
    if (root === undefined) return
    const names = await foldersIn(root)
    if (names.length === 0) return
    const { rows } = await inAccount(installation, originOf(), account =>
      sql<{ tenant_id: string; slug: string }>`
        select tenant_id, slug from tenant_directory where slug = any(${names}::text[])`.execute(account.tx),
    )
    let left = mostFiles
    for (const { tenant_id, slug } of rows) {
      const folders = await insideOf(installation, tenant_id, 'imports')(ctx => watchedFolders(ctx))
      for (const [folder, mappingId] of folders) {
        for (const file of await filesIn(root, join(root, slug, folder), new Date())) {
          if (left-- <= 0 || signal.aborted) return
          await takeIn(installation, tenant_id, mappingId, file)
        }
      }
    }
  },
})

/** Takes a file in and starts its import. The move follows: a file that is taken twice changes nothing the second time. */
async function takeIn(installation: Installation, tenantId: string, mappingId: string, file: LaidFile): Promise<void> {
  const inside = insideOf(installation, tenantId, 'imports')
  let id: string | undefined
  const handle = await openLaid(file)
  try {
    const { size } = await handle.stat()
    if (size > largestFile)
      throw new AppError('too_large', { ja: 'ファイルが2GBを超えています。', en: 'The file has more than 2 GB.' })
    id = await inside(ctx =>
      beginMapped(ctx, mappingId, { fileName: file.name.toWellFormed(), size, source: 'folder' }),
    )
    const begun = id
    for (let number = 0; number * partSize < size; number++) {
      const part = Buffer.alloc(Math.min(partSize, size - number * partSize))
      await handle.read(part, 0, part.length, number * partSize)
      await inside(ctx => storePart(ctx, begun, number, part))
    }
    await inside(ctx => startRun(ctx, begun, 'real'))
    await putAside(file, 'done', begun)
  } catch (error) {
    if (!(error instanceof AppError) || error.code === 'unavailable') throw error
    const failed = id
    await inside(async ctx => {
      if (failed) await failEarly(ctx, failed, error)
      record(ctx, { action: 'import.file_refused', outcome: 'failed', details: { code: error.code, size: file.size } })
    })
    await putAside(file, 'failed', failed ?? 'refused')
  } finally {
    await handle.close()
  }
}

async function failEarly(ctx: Context, id: string, error: AppError): Promise<void> {
  await sql`
    update data_import set state = 'failed', fault = ${JSON.stringify(error.words)}::jsonb, finished_at = ${ctx.now}
    where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx)
}

/** Days for which files are kept. */
const keptDays = 7

/** Removes files of old imports, uploads that were never finished, and ends runs whose job was given up. */
export const tidyJob = tenantJob({
  name: 'imports.tidy',
  payload: z.object({}),
  schedule: '20 3 * * *',
  async handle(ctx) {
    await sql`
      delete from import_part p using data_import i
      where p.tenant_id = ${ctx.tenantId} and i.tenant_id = ${ctx.tenantId} and i.id = p.import_id
        and i.created_at < ${ctx.now}::timestamptz - make_interval(days => ${keptDays})
        and i.state not in ('queued', 'running', 'undoing')`.execute(ctx.tx)
    await sql`
      update data_import set file_removed_at = ${ctx.now}, state = case state when 'uploading' then 'cancelled' else state end
      where tenant_id = ${ctx.tenantId} and file_removed_at is null
        and created_at < ${ctx.now}::timestamptz - make_interval(days => ${keptDays})
        and state not in ('queued', 'running', 'undoing')`.execute(ctx.tx)
    const fault = JSON.stringify({
      ja: '処理が途中で止まりました。もう一度実行してください。取り込み済みの行は重複しません。',
      en: 'It stopped on the way. Run it again: rows that are in are not imported twice.',
    })
    await sql`
      update data_import set state = 'failed', fault = ${fault}::jsonb, finished_at = ${ctx.now}
      where tenant_id = ${ctx.tenantId} and state in ('running', 'undoing')
        and alive_at < ${ctx.now}::timestamptz - interval '24 hours'`.execute(ctx.tx)
  },
})
