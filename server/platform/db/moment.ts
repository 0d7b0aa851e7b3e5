import { type RawBuilder, sql } from 'kysely'

/** A timestamptz column as the ISO 8601 text (UTC, milliseconds) that JSON replies carry, made by PostgreSQL. */
export function isoText(column: string): RawBuilder<string> {
  return sql`to_char(${sql.ref(column)} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
}
