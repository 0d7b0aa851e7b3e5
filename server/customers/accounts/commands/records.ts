import { sql } from 'kysely'
import type { Context, JsonValue } from '../../../platform/context/context.ts'
import type { RecordShape } from '../catalog.ts'
import { noteRecords } from './facts.ts'
import { assignments, given, type Patch, recordColumns } from './values.ts'

/** Values by the names of the shape's fields. */
export type RecordValues = Record<string, JsonValue | undefined>

/** Makes records of a shape, as one statement for any number of them. */
export async function createRecords(
  ctx: Context,
  shape: RecordShape,
  rows: Patch<RecordValues>[],
  importId?: string,
): Promise<void> {
  if (rows.length === 0) return
  const columns = sql.join(Object.values(shape.fields).map(field => sql.ref(field.column)))
  const values = sql.join(
    Object.keys(shape.fields).map(name => {
      const value = sql.ref(`value.${name}`)
      const missing = shape.missing[name]
      return missing === undefined ? value : sql`coalesce(${value}, ${sql.lit(missing)})`
    }),
  )
  const [importColumn, importValue] = shape.imported
    ? [sql`import_id, `, sql`${importId ?? null}::uuid, `]
    : [sql``, sql``]
  await sql`
    insert into ${sql.table(shape.table)} (tenant_id, id, ${columns}, ${importColumn}created_at)
    select ${ctx.tenantId}, line.id, ${values}, ${importValue}${ctx.now}
    from jsonb_to_recordset(${given(rows, shape.fields)}::jsonb) as line (id uuid, "values" jsonb),
      jsonb_to_record(line."values") as value (${recordColumns(shape.fields)})
    returning 1`.execute(ctx.tx)
  await noteRecords(ctx, shape, idsOf(rows))
}

/** Patches records of a shape, as one statement for any number of them. @returns how many there were */
export async function updateRecords(ctx: Context, shape: RecordShape, rows: Patch<RecordValues>[]): Promise<number> {
  if (rows.length === 0) return 0
  const required = new Set(Object.keys(shape.missing))
  // Both what they were and what they are counts.
  await noteRecords(ctx, shape, idsOf(rows))
  const { numAffectedRows } = await sql`
    with patch as (
      select line.id, line."values" as given, value.*
      from jsonb_to_recordset(${given(rows, shape.fields)}::jsonb) as line (id uuid, "values" jsonb),
        jsonb_to_record(line."values") as value (${recordColumns(shape.fields)}))
    update ${sql.table(shape.table)} target set ${assignments(shape.fields, required)}, updated_at = ${ctx.now}
    from patch where target.tenant_id = ${ctx.tenantId} and target.id = patch.id`.execute(ctx.tx)
  await noteRecords(ctx, shape, idsOf(rows))
  return Number(numAffectedRows)
}

/** Removes records of a shape. @returns how many there were */
export async function deleteRecords(ctx: Context, shape: RecordShape, ids: string[]): Promise<number> {
  await noteRecords(ctx, shape, ids)
  const { numAffectedRows } = await sql`
    delete from ${sql.table(shape.table)} where tenant_id = ${ctx.tenantId} and id = any(${ids}::uuid[])`.execute(
    ctx.tx,
  )
  return Number(numAffectedRows)
}

function idsOf(rows: readonly { id: string }[]): string[] {
  return rows.map(row => row.id)
}
