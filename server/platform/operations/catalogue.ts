import type pg from 'pg'
import { openConnection } from '../db/connection.ts'
import type { TableScope, TableScopes } from '../db/tables.ts'

/** A table as a backup sees it. */
export interface TableShape {
  name: string
  scope: TableScope
  /** In their order; generated ones are left out. */
  columns: string[]
}

/** A counter behind an identity column. */
export interface Counter {
  table: string
  column: string
  /** The next number that no row has had. */
  next: number
}

/** A connection of the owner's, set so that values look the same on every server. The caller ends it. */
export async function connectOwner(ownerUrl: string, purpose: string): Promise<pg.Client> {
  return openConnection(
    ownerUrl,
    purpose,
    '-c citus.propagate_set_commands=local -c timezone=UTC -c datestyle=ISO -c intervalstyle=iso_8601 -c bytea_output=hex -c client_encoding=UTF8 -c extra_float_digits=1',
  )
}

/**
 * The tables of the database, each after those that it refers to, without `migration`. Rows that refer to rows of the
 * same table need no order: they are loaded in one statement, at whose end keys are checked.
 * @throws Error when a table is not declared: a backup must not forget one
 */
export async function tableShapes(owner: pg.ClientBase, scopes: TableScopes): Promise<TableShape[]> {
  const { rows } = await owner.query<{ name: string; columns: string[] }>(`
    select c.relname as name,
      (select array_agg(a.attname::text order by a.attnum) from pg_attribute a
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') as columns
    from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
      and not exists (select 1 from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')`)
  const undeclared = rows.filter(row => scopes[row.name] === undefined)
  if (undeclared.length > 0) {
    throw new Error(`No module declares: ${undeclared.map(row => row.name).join(', ')}. Add them to a tables.ts.`)
  }
  const columns = new Map(rows.map(row => [row.name, row.columns]))
  const parents = await references(owner)
  const ordered = new Set<string>()
  const place = (name: string, path: readonly string[]) => {
    if (ordered.has(name)) return
    if (path.includes(name)) throw new Error(`Tables refer to each other in a circle: ${[...path, name].join(', ')}.`)
    for (const parent of parents.get(name) ?? []) place(parent, [...path, name])
    ordered.add(name)
  }
  for (const name of Object.keys(scopes)) place(name, [])
  return [...ordered].flatMap(name => {
    const found = columns.get(name)
    const scope = scopes[name]
    return name !== 'migration' && found && scope ? [{ name, scope, columns: found }] : []
  })
}

/** The other tables to which each table refers by foreign keys. */
async function references(owner: pg.ClientBase): Promise<Map<string, string[]>> {
  const { rows } = await owner.query<{ child: string; parents: string[] }>(`
    select child.relname as child, array_agg(distinct parent.relname::text) as parents
    from pg_constraint k join pg_class child on child.oid = k.conrelid join pg_class parent on parent.oid = k.confrelid
    where k.contype = 'f' and k.conparentid = 0 and k.conrelid <> k.confrelid and child.relnamespace = 'public'::regnamespace
    group by child.relname`)
  return new Map(rows.map(row => [row.child, row.parents]))
}

/** The first and the last month that have partitions; undefined where nothing is partitioned. */
export async function partitionedMonths(owner: pg.ClientBase): Promise<{ first: string; last: string } | undefined> {
  const { rows } = await owner.query<{ first: string | null; last: string | null }>(`
    select to_char(min(m), 'YYYY-MM-DD') as first, to_char(max(m), 'YYYY-MM-DD') as last from (
      select substring(pg_get_expr(c.relpartbound, c.oid) from $$FROM \\('([^']+)'\\)$$)::timestamptz at time zone 'UTC' as m
      from pg_class c join pg_inherits i on i.inhrelid = c.oid join pg_partitioned_table p on p.partrelid = i.inhparent
      where p.partstrat = 'r' and c.relnamespace = 'public'::regnamespace) as bound`)
  const range = rows[0]
  return range?.first && range.last ? { first: range.first, last: range.last } : undefined
}

export async function readCounters(owner: pg.ClientBase): Promise<Counter[]> {
  const { rows } = await owner.query<{ table: string; column: string; sequence: string }>(`
    select c.relname as table, a.attname as column, pg_get_serial_sequence(quote_ident(c.relname), a.attname) as sequence
    from pg_attribute a join pg_class c on c.oid = a.attrelid
    where a.attidentity <> '' and c.relnamespace = 'public'::regnamespace and not c.relispartition and c.relkind in ('r', 'p')`)
  const counters: Counter[] = []
  for (const { table, column, sequence } of rows) {
    const value = await owner.query<{ next: number }>(
      `select last_value + case when is_called then 1 else 0 end as next from ${sequence}`,
    )
    counters.push({ table, column, next: value.rows[0]?.next ?? 1 })
  }
  return counters
}

/** Goes on counting behind the given numbers. */
export async function setCounters(owner: pg.ClientBase, counters: Counter[]): Promise<void> {
  for (const { table, column, next } of counters) {
    await owner.query('select setval(pg_get_serial_sequence(quote_ident($1), $2), $3, false)', [table, column, next])
  }
}

/** The tenants of the installation, oldest first. */
export async function tenantIds(owner: pg.ClientBase): Promise<string[]> {
  const { rows } = await owner.query<{ tenant_id: string }>('select tenant_id from tenant_directory order by tenant_id')
  return rows.map(row => row.tenant_id)
}
