import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import { type Context, record, requirePermission } from '../../../platform/context/context.ts'
import { AppError, invalidField, notFound } from '../../../platform/errors/app-error.ts'
import type { ImportKind, Mapping } from '../contract/shapes.ts'
import { checkMapping } from './choices.ts'
import { startRun } from './start.ts'
import { beginImport, type NewImport, storeFile } from './upload.ts'

interface MappingWish {
  name: string
  mapping: Mapping
  folder: string | null
}

/** Saves a mapping. @throws AppError `invalid_input` when its name or folder is taken, or the mapping is wrong */
export async function saveMapping(ctx: Context, wish: MappingWish & { kind: ImportKind }): Promise<string> {
  requirePermission(ctx, 'imports.manage')
  await checkMapping(ctx, wish.kind, wish.mapping)
  await refuseTaken(ctx, undefined, wish)
  const id = uuidv7()
  await sql`
    insert into import_mapping (tenant_id, id, name, kind, mapping, folder, created_by, created_at, updated_at)
    values (${ctx.tenantId}, ${id}, ${wish.name}, ${wish.kind}, ${JSON.stringify(wish.mapping)}::jsonb, ${wish.folder},
      ${ctx.actor.kind === 'member' ? ctx.actor.id : null}::uuid, ${ctx.now}, ${ctx.now})`.execute(ctx.tx)
  noted(ctx, id, 'import_mapping.created', wish.kind)
  return id
}

/** Changes what is given. @throws AppError `not_found`, `invalid_input` as `saveMapping` */
export async function changeMapping(ctx: Context, id: string, wish: Partial<MappingWish>): Promise<void> {
  const kind = await kindOf(ctx, id)
  if (wish.mapping) await checkMapping(ctx, kind, wish.mapping)
  await refuseTaken(ctx, id, wish)
  await sql`
    update import_mapping set name = coalesce(${wish.name ?? null}, name),
      mapping = coalesce(${wish.mapping ? JSON.stringify(wish.mapping) : null}::jsonb, mapping),
      folder = case when ${wish.folder !== undefined} then ${wish.folder ?? null}::text else folder end, updated_at = ${ctx.now}
    where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx)
  noted(ctx, id, 'import_mapping.changed', kind)
}

/** Removes a mapping; imports that used it stay. @throws AppError `not_found` */
export async function removeMapping(ctx: Context, id: string): Promise<void> {
  const kind = await kindOf(ctx, id)
  await sql`update data_import set mapping_id = null where tenant_id = ${ctx.tenantId} and mapping_id = ${id}`.execute(
    ctx.tx,
  )
  await sql`delete from import_mapping where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx)
  noted(ctx, id, 'import_mapping.deleted', kind)
}

/** Begins an import with a saved mapping. @throws AppError `not_found`; `invalid_input` when it is for another kind */
export async function beginMapped(
  ctx: Context,
  mappingId: string,
  { kind, ...file }: Pick<NewImport, 'fileName' | 'size' | 'source'> & { kind?: ImportKind },
): Promise<string> {
  requirePermission(ctx, 'imports.manage')
  const { rows } = await sql<{ kind: ImportKind; mapping: Mapping }>`
    select kind, mapping from import_mapping where tenant_id = ${ctx.tenantId} and id = ${mappingId}`.execute(ctx.tx)
  if (!rows[0]) throw notFound()
  if (kind !== undefined && kind !== rows[0].kind) {
    throw invalidField('body.mappingId', {
      ja: 'この設定は別の種類のデータ用です。',
      en: 'This mapping is for another kind of data.',
    })
  }
  return beginImport(ctx, { ...file, ...rows[0], mappingId })
}

/** Imports a file that is at hand with a saved mapping. @throws AppError `not_found`, `malformed` for an empty file */
export async function importMapped(
  ctx: Context,
  mappingId: string,
  fileName: string,
  content: Uint8Array,
): Promise<string> {
  if (content.length === 0) throw new AppError('malformed', { ja: 'ファイルが空です。', en: 'The file is empty.' })
  const id = await beginMapped(ctx, mappingId, { fileName, size: content.length, source: 'api' })
  await storeFile(ctx, id, content)
  await startRun(ctx, id, 'real')
  return id
}

async function kindOf(ctx: Context, id: string): Promise<ImportKind> {
  requirePermission(ctx, 'imports.manage')
  const { rows } = await sql<{ kind: ImportKind }>`
    select kind from import_mapping where tenant_id = ${ctx.tenantId} and id = ${id} for update`.execute(ctx.tx)
  if (!rows[0]) throw notFound()
  return rows[0].kind
}

async function refuseTaken(ctx: Context, id: string | undefined, wish: Partial<MappingWish>): Promise<void> {
  const { rows } = await sql<{ name: string; folder: string | null }>`
    select name, folder from import_mapping
    where tenant_id = ${ctx.tenantId} and id is distinct from ${id ?? null}::uuid
      and (name = ${wish.name ?? null} or folder = ${wish.folder ?? null})`.execute(ctx.tx)
  if (rows.some(row => row.name === wish.name)) {
    throw invalidField('body.name', {
      ja: '同じ名前の設定があります。',
      en: 'There is a mapping of this name already.',
    })
  }
  if (rows.length > 0) {
    throw invalidField('body.folder', {
      ja: 'このフォルダーは別の設定で使われています。',
      en: 'Another mapping watches this folder.',
    })
  }
}

function noted(ctx: Context, id: string, action: string, kind: ImportKind): void {
  record(ctx, { action, subject: { kind: 'import_mapping', id }, details: { kind } })
}
