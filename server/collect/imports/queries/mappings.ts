import { type RawBuilder, sql } from 'kysely'
import { type Context, requirePermission } from '../../../platform/context/context.ts'
import { notFound } from '../../../platform/errors/app-error.ts'
import type { RouteReply } from '../../../platform/http/contract.ts'
import type { createImportMapping, listImportMappings } from '../contract/mappings.ts'

type MappingLine = RouteReply<typeof createImportMapping>

const line = (
  ctx: Context,
): RawBuilder<unknown> => sql`json_build_object('id', p.id, 'name', p.name, 'kind', p.kind, 'mapping', p.mapping,
  'folder', p.folder, 'updatedAt', p.updated_at, 'lastImport', (
    select json_build_object('id', i.id, 'fileName', i.file_name, 'state', i.state, 'createdAt', i.created_at) from data_import i where i.tenant_id = ${ctx.tenantId} and i.mapping_id = p.id order by i.created_at desc limit 1))`

/** Saved mappings, by name. */
export async function readMappings(ctx: Context): Promise<RouteReply<typeof listImportMappings>> {
  requirePermission(ctx, 'imports.manage')
  const { rows } = await sql<{ line: MappingLine }>`
    select ${line(ctx)} as line from import_mapping p where p.tenant_id = ${ctx.tenantId} order by p.name limit 500`.execute(
    ctx.tx,
  )
  return { items: rows.map(row => row.line) }
}

/** @throws AppError `not_found` */
export async function readMapping(ctx: Context, id: string): Promise<MappingLine> {
  const { rows } = await sql<{ line: MappingLine }>`
    select ${line(ctx)} as line from import_mapping p where p.tenant_id = ${ctx.tenantId} and p.id = ${id}`.execute(
    ctx.tx,
  )
  if (!rows[0]) throw notFound()
  return rows[0].line
}

/** Ids of the mappings that watch a folder, by the folder. */
export async function watchedFolders(ctx: Context): Promise<Map<string, string>> {
  const { rows } = await sql<{ folder: string; id: string }>`
    select folder, id from import_mapping where tenant_id = ${ctx.tenantId} and folder is not null`.execute(ctx.tx)
  return new Map(rows.map(row => [row.folder, row.id]))
}
