import { type RawBuilder, sql } from 'kysely'
import type { z } from 'zod'
import { type Context, requirePermission } from '../../../platform/context/context.ts'
import { notFound } from '../../../platform/errors/app-error.ts'
import type { JsonText } from '../../../platform/http/implement.ts'
import { jsonPage, readCursor } from '../../../platform/http/paging.ts'
import type { listImports } from '../contract/imports.ts'
import type { ImportDetail, ImportLine, Mapping } from '../contract/shapes.ts'

/** An import as the API shows it. */
const importLine: RawBuilder<unknown> = sql`json_build_object(
  'id', i.id, 'kind', i.kind, 'fileName', i.file_name, 'size', i.size, 'received', i.received, 'source', i.source,
  'state', i.state, 'mode', i.mode, 'cancelling', i.cancelling, 'progress', i.progress, 'rows', i.position,
  'counts', i.counts, 'dryCounts', i.dry_counts, 'undo', i.undo_counts, 'fault', i.fault, 'mappingId', i.mapping_id,
  'fileKept', i.file_removed_at is null, 'createdBy', u.name, 'createdAt', i.created_at, 'startedAt', i.started_at,
  'finishedAt', i.finished_at)`

/** A page of imports, newest first. */
export async function readImports(ctx: Context, query: z.output<typeof listImports.query>): Promise<JsonText> {
  requirePermission(ctx, 'imports.manage')
  const before = readCursor(query.cursor, 2)
  const conditions = [sql`i.tenant_id = ${ctx.tenantId}`]
  if (query.kind) conditions.push(sql`i.kind = ${query.kind}`)
  if (query.state) conditions.push(sql`i.state = ${query.state}`)
  if (before) conditions.push(sql`(i.created_at, i.id) < (${before[0]}::timestamptz, ${before[1]}::uuid)`)
  const { rows } = await sql<{ item: string }>`
    select ${importLine}::text as item from data_import i
    left join member m on m.tenant_id = ${ctx.tenantId} and m.id = i.created_by
    left join app_user u on u.id = m.user_id
    where ${sql.join(conditions, sql` and `)} order by i.created_at desc, i.id desc limit ${query.limit + 1}`.execute(
    ctx.tx,
  )
  return jsonPage(rows, query.limit, ['createdAt', 'id'])
}

/** @throws AppError `not_found` */
export async function readImport(ctx: Context, id: string): Promise<ImportDetail> {
  requirePermission(ctx, 'imports.manage')
  const { rows } = await sql<{ line: ImportLine; mapping: Mapping | null }>`
    select ${importLine} as line, i.mapping from data_import i
    left join member m on m.tenant_id = ${ctx.tenantId} and m.id = i.created_by
    left join app_user u on u.id = m.user_id
    where i.tenant_id = ${ctx.tenantId} and i.id = ${id}`.execute(ctx.tx)
  if (!rows[0]) throw notFound()
  return { ...rows[0].line, mapping: rows[0].mapping }
}
