import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import { type Context, record, requirePermission } from '../../../platform/context/context.ts'
import { AppError, notFound } from '../../../platform/errors/app-error.ts'
import { largestFile, partSize } from '../contract/imports.ts'
import type { ImportKind, Mapping } from '../contract/shapes.ts'

const pack = promisify(gzip)

export interface NewImport {
  kind: ImportKind
  fileName: string
  size: number
  source: 'page' | 'api' | 'folder' | 'terminal'
  mapping?: Mapping
  mappingId?: string
}

/** Unfinished uploads that a company may have at a time: each keeps what has arrived. */
const mostUploads = 20

/** Begins an import, whose file follows in parts. @throws AppError `too_large`, `conflict` for too many unfinished ones */
export async function beginImport(ctx: Context, wish: NewImport): Promise<string> {
  requirePermission(ctx, 'imports.manage')
  if (wish.size > largestFile) {
    throw new AppError('too_large', {
      ja: 'ファイルは2GBまでです。分割してください。',
      en: 'A file may have 2 GB. Divide it.',
    })
  }
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from data_import
    where tenant_id = ${ctx.tenantId} and state = 'uploading'`.execute(ctx.tx)
  if (rows[0]!.count >= mostUploads) {
    throw new AppError('conflict', {
      ja: `アップロードの途中のインポートが${mostUploads}件あります。不要なものを削除してください。`,
      en: `${mostUploads} imports are still being uploaded. Delete those that are not needed.`,
    })
  }
  const id = uuidv7()
  await sql`
    insert into data_import (tenant_id, id, kind, file_name, source, size, state, mapping, mapping_id, created_by, created_at)
    values (${ctx.tenantId}, ${id}, ${wish.kind}, ${wish.fileName}, ${wish.source}, ${wish.size}, 'uploading',
      ${wish.mapping ? JSON.stringify(wish.mapping) : null}::jsonb, ${wish.mappingId ?? null}::uuid,
      ${ctx.actor.kind === 'member' ? ctx.actor.id : null}::uuid, ${ctx.now})`.execute(ctx.tx)
  record(ctx, {
    action: 'import.created',
    subject: { kind: 'import', id },
    details: { kind: wish.kind, size: wish.size, source: wish.source },
  })
  return id
}

/**
 * Stores a part of the file; the same part may come again until the file is whole. With the last one the import is ready.
 * @throws AppError `not_found`, `conflict` once the file is whole, `invalid_input` for a part of another size
 */
export async function storePart(ctx: Context, id: string, number: number, content: Uint8Array): Promise<void> {
  requirePermission(ctx, 'imports.manage')
  const { rows } = await sql<{ size: number; state: string }>`
    select size::float8 as size, state from data_import where tenant_id = ${ctx.tenantId} and id = ${id} for update`.execute(
    ctx.tx,
  )
  const [known] = rows
  if (!known) throw notFound()
  if (known.state !== 'uploading') {
    throw new AppError('conflict', { ja: 'ファイルはすでに揃っています。', en: 'The file is whole already.' })
  }
  const expected = Math.min(partSize, known.size - number * partSize)
  if (content.length !== expected) {
    const wanted = Math.max(0, expected)
    throw new AppError('invalid_input', {
      ja: `この部分は${wanted}バイトのはずですが、${content.length}バイトでした。`,
      en: `This part should have ${wanted} bytes, and has ${content.length}.`,
    })
  }
  const packed = await pack(content, { level: 1 })
  await sql`
    insert into import_part (tenant_id, import_id, number, size, content)
    values (${ctx.tenantId}, ${id}, ${number}, ${content.length}, ${packed})
    on conflict (tenant_id, import_id, number) do update set content = excluded.content`.execute(ctx.tx)
  await sql`
    with stored as (
      select coalesce(sum(p.size), 0) as bytes from import_part p where p.tenant_id = ${ctx.tenantId} and p.import_id = ${id})
    update data_import target set received = stored.bytes,
      state = case when stored.bytes = target.size then 'ready' else target.state end
    from stored where target.tenant_id = ${ctx.tenantId} and target.id = ${id}`.execute(ctx.tx)
}

/** Stores a whole file that is at hand, part by part in one transaction. */
export async function storeFile(ctx: Context, id: string, content: Uint8Array): Promise<void> {
  for (let number = 0; number * partSize < content.length; number++) {
    await storePart(ctx, id, number, content.subarray(number * partSize, (number + 1) * partSize))
  }
}

/** Forgets an import with its file and report. What it wrote stays. @throws AppError `not_found`, `conflict` while it runs */
export async function forgetImport(ctx: Context, id: string): Promise<void> {
  requirePermission(ctx, 'imports.manage')
  const { rows } = await sql<{ state: string }>`
    select state from data_import where tenant_id = ${ctx.tenantId} and id = ${id} for update`.execute(ctx.tx)
  if (!rows[0]) throw notFound()
  if (['queued', 'running', 'undoing'].includes(rows[0].state)) {
    throw new AppError('conflict', {
      ja: '実行中のインポートは削除できません。先に中止してください。',
      en: 'An import that runs cannot be deleted. Cancel it first.',
    })
  }
  await sql`delete from import_row where tenant_id = ${ctx.tenantId} and import_id = ${id}`.execute(ctx.tx)
  await sql`delete from data_import where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx)
  record(ctx, { action: 'import.deleted', subject: { kind: 'import', id } })
}
