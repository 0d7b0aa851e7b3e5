import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { sql } from 'kysely'
import type { Context, Origin, TenantId } from '../../../platform/context/context.ts'
import type { Installation } from '../../../platform/context/installation.ts'
import { AppError } from '../../../platform/errors/app-error.ts'
import { inTenant } from '../../../platform/tenancy/transaction.ts'
import { partSize } from '../contract/imports.ts'
import { type FileAccess, openParts } from '../file-access.ts'

const unpack = promisify(gunzip)

/** The file of an import within a transaction, for looking at its beginning. */
export async function openContent(ctx: Context, id: string): Promise<FileAccess> {
  return openParts(await partSizes(ctx, id), number => readPart(ctx, id, number))
}

/** The file of an import for reading it whole: each part in a transaction of its own, so that none stays open for long. */
export async function openStoredContent(
  installation: Installation,
  origin: () => Origin,
  tenantId: TenantId,
  id: string,
): Promise<FileAccess> {
  const actor = { kind: 'system', id: undefined, name: 'imports' } as const
  const inside = <Result>(work: (ctx: Context) => Promise<Result>) =>
    inTenant(installation, origin(), tenantId, actor, work)
  return openParts(await inside(ctx => partSizes(ctx, id)), number => inside(ctx => readPart(ctx, id, number)))
}

/** Bytes of each part before compression, in order. */
async function partSizes(ctx: Context, id: string): Promise<number[]> {
  const { rows } = await sql<{ number: number; size: number }>`
    select number, size from import_part where tenant_id = ${ctx.tenantId} and import_id = ${id} order by number`.execute(
    ctx.tx,
  )
  if (rows.length === 0 || rows.some(({ number }, index) => number !== index)) throw fileGone()
  return rows.map(row => row.size)
}

async function readPart(ctx: Context, id: string, number: number): Promise<Uint8Array> {
  const { rows } = await sql<{ content: Buffer }>`
    select content from import_part
    where tenant_id = ${ctx.tenantId} and import_id = ${id} and number = ${number}`.execute(ctx.tx)
  if (!rows[0]) throw fileGone()
  return unpack(rows[0].content, { maxOutputLength: partSize })
}

export function fileGone(): AppError {
  return new AppError('expired', {
    ja: 'ファイルは削除されています（保存期間は7日間）。もう一度アップロードしてください。',
    en: 'The file is gone: it is kept for seven days. Upload it again.',
  })
}
