import type pg from 'pg'

/** Months made ahead of time; the worker adds more every day, so this is how long it may be away. */
const monthsAhead = 6

/** Months of the past for tables that take rows about the past: they are known by their default partition. */
const monthsBack = 13

/**
 * Makes the monthly partitions of every table that is partitioned by range, from the month before `now` on, where they
 * are missing; of those with a default partition also the year before, so that little ever lies in the default. Runs as
 * the owner: the application role may not create tables.
 */
export async function addMonthPartitions(owner: pg.ClientBase, now: Date): Promise<void> {
  const last = firstOfMonth(now, monthsAhead)
  await addPartitions(owner, await partitionedTables(owner, true), firstOfMonth(now, -monthsBack), last)
  await addPartitions(owner, await partitionedTables(owner, false), firstOfMonth(now, -1), last)
}

/**
 * Makes the partitions of the months from `first` to `last` where they are missing (any moments in these months).
 * Partitions get no grants: they carry no row-level security.
 */
export async function addPartitionsBetween(owner: pg.ClientBase, first: Date, last: Date): Promise<void> {
  const tables = [...(await partitionedTables(owner, true)), ...(await partitionedTables(owner, false))]
  await addPartitions(owner, tables, first, last)
}

async function partitionedTables(owner: pg.ClientBase, withDefault: boolean): Promise<string[]> {
  const { rows } = await owner.query<{ name: string }>(
    "select c.relname as name from pg_partitioned_table p join pg_class c on c.oid = p.partrelid where p.partstrat = 'r' and c.relnamespace = 'public'::regnamespace and (p.partdefid <> 0) = $1",
    [withDefault],
  )
  return rows.map(({ name }) => name)
}

async function addPartitions(owner: pg.ClientBase, tables: string[], first: Date, last: Date): Promise<void> {
  for (const name of tables) {
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
