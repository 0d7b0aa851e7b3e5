import { type RawBuilder, sql } from 'kysely'
import type { JsonValue } from '../../../platform/context/context.ts'
import type { CustomerField, Field, FieldType } from '../catalog.ts'

/** How a record came to be. */
export type Origin = 'person' | 'api' | 'import' | 'ingest' | 'webhook' | 'demo'

/** Where a change comes from, for history and undo. */
export interface By {
  origin: Origin
  importId?: string
  /** New customers get their tier from the caller, who still writes their revenue: so their history has no detour. */
  tierLater?: boolean
}

/** A patch of a record: only what is present is written, null empties a field. */
export interface Patch<Values> {
  id: string
  values: Values
}

/** Patches of tags, attributes and what a source said, alike for customers and contacts. */
export interface CommonValues {
  /** By key; null removes. */
  attributes?: Record<string, JsonValue>
  traits?: Record<string, JsonValue>
  /** By field: "moment message" of the last write, see `customer.field_times`. */
  fieldTimes?: Record<string, string>
  /** Names; added to those that are there, made when missing. */
  tags?: string[]
}

type Value = string | number | null

/** Fields by their names in the API. Dates are `YYYY-MM-DD`, moments ISO 8601. */
export type CustomerValues = { [Name in CustomerField]?: Value } & CommonValues & { domains?: string[] }

const sqlTypes: Record<FieldType, RawBuilder<unknown>> = {
  text: sql`text`,
  one_of: sql`text`,
  number: sql`numeric`,
  integer: sql`integer`,
  date: sql`date`,
  moment: sql`timestamptz`,
  boolean: sql`boolean`,
  id: sql`uuid`,
  ids: sql`uuid[]`,
  json: sql`jsonb`,
}

/** The columns of a JSON record, typed: what stands in `jsonb_to_record(...) as value (...)`. */
export function recordColumns(fields: Readonly<Record<string, Field>>): RawBuilder<unknown> {
  return sql.join(Object.entries(fields).map(([name, field]) => sql`${sql.ref(name)} ${sqlTypes[field.type]}`))
}

/** `column = what the patch says, where it says something`, for every field of the list. */
export function assignments(
  fields: Readonly<Record<string, Field>>,
  required: ReadonlySet<string>,
): RawBuilder<unknown> {
  return sql.join(
    Object.entries(fields).map(([name, { column }]) => {
      const value = sql.ref(`patch.${name}`)
      const kept = sql.ref(`target.${column}`)
      // A field that may not be empty keeps its value where a source empties it.
      const next = required.has(name) ? sql`coalesce(${value}, ${kept})` : value
      return sql`${sql.ref(column)} = case when patch.given ? ${sql.lit(name)} then ${next} else ${kept} end`
    }),
  )
}

/** Only the fields of the list, as the JSON that a statement takes; other keys of the values never reach SQL. */
export function given<Values extends object>(
  rows: readonly Patch<Values>[],
  fields: Readonly<Record<string, Field>>,
): string {
  return JSON.stringify(
    rows.map(({ id, values }) => ({
      id,
      values: Object.fromEntries(Object.entries(values).filter(([name]) => name in fields)),
      attributes: (values as CommonValues).attributes ?? {},
      traits: (values as CommonValues).traits ?? {},
      times: (values as CommonValues).fieldTimes ?? {},
    })),
  )
}
