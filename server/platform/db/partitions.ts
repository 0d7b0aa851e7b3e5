import type pg from 'pg'

/** Months made ahead of time; the worker adds more every day, so this is how long it may be away. */
const monthsAhead = 6

/**
 * Makes the monthly partitions of every table that is partitioned by range, from the month before `now` on, where they
 * are missing. Runs as the owner: the application role may not create tables.
 */
export async function addMonthPartitions(owner: pg.ClientBase, now: Date): Promise<void> {
  await addPartitionsBetween(owner, firstOfMonth(now, -1), firstOfMonth(now, monthsAhead))
}

/**
 * Makes the partitions of the months from `first` to `last` where they are missing (any moments in these months).
 * Partitions get no grants: they carry no row-level security.
 */
export async function addPartitionsBetween(owner: pg.ClientBase, first: Date, last: Date): Promise<void> {
  const { rows } = await owner.query(
    "select c.relname as name from pg_partitioned_table p join pg_class c on c.oid = p.partrelid where p.partstrat = 'r' and c.relnamespace = 'public'::regnamespace",
  )
  for (const { name } of rows) {
    for (let month = firstOfMonth(first, 0); month <= last; month = firstOfMonth(month, 1)) {
      const from = month.toISOString()
      const partition = `${name}_${from.slice(0, 7).replace('-', '')}`
      // The hour is spelled out, so that the session's time zone does not matter.
      await owner.query(
        `create table if not exists ${owner.escapeIdentifier(partition)} partition of ${owner.escapeIdentifier(name)} for values from ('${from}') to ('${firstOfMonth(month, 1).toISOString()}')`,
      )
    }
  }
}

/** First moment of a month in UTC. */
function firstOfMonth(moment: Date, offset: number): Date {
  return new Date(Date.UTC(moment.getUTCFullYear(), moment.getUTCMonth() + offset, 1))
}
