import { type RawBuilder, sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'
import { notFound } from '../../../platform/errors/app-error.ts'
import { JsonText } from '../../../platform/http/implement.ts'
import { jsonPage, readCursor } from '../../../platform/http/paging.ts'
import type { RecordShape } from '../catalog.ts'
import { visibleRecord } from './reach.ts'

/** A record `r` of a shape as JSON: id, every field by its name, when it was made. */
function recordJson(shape: RecordShape, more?: RawBuilder<unknown>): RawBuilder<string> {
  const fields = sql.join(
    Object.entries(shape.fields).map(([name, field]) => sql`${sql.lit(name)}, ${sql.ref(`r.${field.column}`)}`),
  )
  return sql`json_build_object('id', r.id, ${fields}, 'createdAt', r.created_at${more ? sql`, ${more}` : sql``})`
}

export interface RecordList {
  /** A condition on `r`. */
  where: RawBuilder<unknown>
  /** Field by which the list is sorted, latest first; never empty. */
  sort: string
  limit: number
  cursor: string | undefined
  /** Further pairs of the JSON object. */
  more?: RawBuilder<unknown>
}

/** A page of records of a shape, latest first. */
export async function listRecords(ctx: Context, shape: RecordShape, list: RecordList): Promise<JsonText> {
  const after = readCursor(list.cursor, 2)
  const field = list.sort === 'createdAt' ? { column: 'created_at', type: 'moment' } : shape.fields[list.sort]!
  const column = sql.ref(`r.${field.column}`)
  const type = field.type === 'date' ? sql`date` : sql`timestamptz`
  const { rows } = await sql<{ item: string }>`
    select ${recordJson(shape, list.more)}::text as item from ${sql.table(shape.table)} r
    where r.tenant_id = ${ctx.tenantId} and ${list.where}
      and ${after ? sql`(${column}, r.id) < (${after[0]}::${type}, ${after[1]}::uuid)` : sql`true`}
    order by ${column} desc, r.id desc limit ${list.limit + 1}`.execute(ctx.tx)
  return jsonPage(rows, list.limit, [list.sort, 'id'])
}

/** One record of a shape that the actor may see. @throws AppError `not_found` */
export async function getRecord(
  ctx: Context,
  shape: RecordShape,
  id: string,
  more?: RawBuilder<unknown>,
): Promise<JsonText> {
  const { rows } = await sql<{ item: string }>`
    select ${recordJson(shape, more)}::text as item from ${sql.table(shape.table)} r
    where r.tenant_id = ${ctx.tenantId} and r.id = ${id} and ${visibleRecord(ctx)}`.execute(ctx.tx)
  if (!rows[0]) throw notFound()
  return new JsonText(rows[0].item)
}

/** The pair `contactName` of a record `r` with a `contact_id`. */
export function contactName(ctx: Context): RawBuilder<unknown> {
  return sql`'contactName', (select k.name from contact k where k.tenant_id = ${ctx.tenantId} and k.id = r.contact_id)`
}
