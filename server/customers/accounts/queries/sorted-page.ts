import { type RawBuilder, sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'
import { JsonText } from '../../../platform/http/implement.ts'
import { cursorOf, readCursor } from '../../../platform/http/paging.ts'
import type { Field, FieldType } from '../catalog.ts'

export interface SortedList {
  /** The table, read as `c`. */
  table: RawBuilder<unknown>
  json: RawBuilder<string>
  /** On `c`. */
  conditions: RawBuilder<unknown>
  field: Field
  limit: number
  cursor?: string
  order: 'asc' | 'desc'
}

const casts: Partial<Record<FieldType, RawBuilder<unknown>>> = {
  number: sql`float8`,
  integer: sql`integer`,
  date: sql`date`,
  moment: sql`timestamptz`,
}

/**
 * A page of records sorted by a field. Records without a value of it come last, whatever the order: they are read by a
 * second statement once the others are through, so that the first one walks an index.
 */
export async function pageSorted(ctx: Context, list: SortedList): Promise<JsonText> {
  const cursor = readCursor(list.cursor, 3)
  const sort = sql.ref(`c.${list.field.column}`)
  const [after, direction] = list.order === 'asc' ? [sql`>`, sql`asc`] : [sql`<`, sql`desc`]
  const rows: { item: string; id: string; value: string | null }[] = []
  const read = async (where: RawBuilder<unknown>) => {
    const page = await sql<{ item: string; id: string; value: string | null }>`
      select ${list.json}::text as item, c.id, c.sort_value::text as value
      from (select c.*, ${sort} as sort_value from ${list.table} c
        where c.tenant_id = ${ctx.tenantId} and ${list.conditions} and ${where}
        order by ${sort} ${direction}, c.id ${direction} limit ${list.limit + 1 - rows.length}) c
      order by c.sort_value ${direction}, c.id ${direction}`.execute(ctx.tx)
    rows.push(...page.rows)
  }
  const [hasValue, value, id] = cursor ?? []
  const cast = casts[list.field.type] ?? sql`text`
  if (hasValue !== 0) {
    await read(
      cursor
        ? sql`${sort} is not null and (${sort}, c.id) ${after} (${value}::text::${cast}, ${id}::uuid)`
        : sql`${sort} is not null`,
    )
  }
  if (rows.length <= list.limit) {
    await read(hasValue === 0 ? sql`${sort} is null and c.id ${after} ${id}::uuid` : sql`${sort} is null`)
  }
  const shown = rows.slice(0, list.limit)
  const last = rows.length > list.limit ? shown.at(-1) : undefined
  const next = last ? cursorOf([last.value === null ? 0 : 1, last.value ?? '', last.id]) : null
  return new JsonText(`{"items":[${shown.map(row => row.item).join(',')}],"next":${JSON.stringify(next)}}`)
}
