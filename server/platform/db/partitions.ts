import type pg from 'pg'

/** Months made ahead of time; the worker adds more every day, so this is how long it may be away. */
const monthsAhead = 6

/**
 * Makes the monthly partitions of every table that is partitioned by range, from the month of `now` on, where they are missing.
 * Runs as the owner: the application role may not create tables. Partitions get no grants (they carry no row-level security).
 */
export async function addMonthPartitions(owner: pg.ClientBase, now: Date): Promise<void> {
  const { rows } = await owner.query(
    "select c.relname as name from pg_partitioned_table p join pg_class c on c.oid = p.partrelid where p.partstrat = 'r' and c.relnamespace = 'public'::regnamespace",
  )
  for (const { name } of rows) {
    for (let offset = -1; offset <= monthsAhead; offset++) {
      const from = firstOfMonth(now, offset)
      const partition = `${name}_${from.slice(0, 7).replace('-', '')}`
      await owner.query(
        `create table if not exists ${owner.escapeIdentifier(partition)} partition of ${owner.escapeIdentifier(name)} for values from ('${from}') to ('${firstOfMonth(now, offset + 1)}')`,
      )
    }
  }
}

/** First day of a month in UTC, with the hour spelled out so that the session's time zone does not matter. */
function firstOfMonth(now: Date, offset: number): string {
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + offset, 1)).toISOString()
}
