import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import type pg from 'pg'
import { AppError } from '../errors/app-error.ts'
import { openConnection } from './connection.ts'
import { locks } from './locks.ts'
import { addMonthPartitions } from './partitions.ts'
import { applicationRole } from './pool.ts'
import { statementsOf } from './statements.ts'
import type { TableScopes } from './tables.ts'

const folder = new URL('../../../migrations/', import.meta.url)

/** A file of the folder `migrations`. */
export interface Migration {
  name: string
  /** SHA-256 of the source, hexadecimal. */
  checksum: string
  source: string
}

export interface MigrateOptions {
  /** Password the application role gets. */
  applicationPassword: string
  tableScopes: TableScopes
  /** Called with the name of each migration as it is applied. */
  onApplied?: (name: string) => void
}

/**
 * Brings the database to the newest schema: forward only, each file in one transaction, statement by statement.
 * Safe when several processes do it at once (the others wait) and when killed in the middle (a file is whole or absent).
 * @returns names of the migrations that were applied now
 */
export async function migrate(ownerUrl: string, options: MigrateOptions): Promise<string[]> {
  const client = await openConnection(ownerUrl, 'migrate')
  try {
    await refuseUnsafeDatabase(client)
    await client.query(`select pg_advisory_lock(${locks.migration})`)
    await prepareApplicationRole(client, options.applicationPassword)
    await makeMigrationTable(client)
    const applied = await applyPending(client, options.onApplied)
    await addMonthPartitions(client, new Date())
    await distribute(client, options.tableScopes)
    return applied
  } finally {
    await client.end()
  }
}

async function applyPending(client: pg.Client, onApplied?: (name: string) => void): Promise<string[]> {
  const pending = await pendingMigrations(client)
  for (const migration of pending) {
    await client.query('begin')
    try {
      await applyMigration(client, migration)
      await client.query('commit')
    } catch (error) {
      await client.query('rollback')
      throw error
    }
    onApplied?.(migration.name)
  }
  return pending.map(({ name }) => name)
}

/** The migrations that this program knows, in their order. */
export async function knownMigrations(): Promise<Migration[]> {
  const names = (await readdir(folder)).filter(name => name.endsWith('.sql')).sort()
  return Promise.all(
    names.map(async name => {
      const source = await readFile(new URL(name, folder), 'utf8')
      return { name, checksum: createHash('sha256').update(source).digest('hex'), source }
    }),
  )
}

/**
 * The migrations that a database lacks; all of them where it was never migrated.
 * @throws AppError `unavailable` when it was migrated by a newer program, or a file was changed after it was applied
 */
export async function pendingMigrations(client: pg.ClientBase): Promise<Migration[]> {
  const known = await knownMigrations()
  const done = new Map<string, string>()
  const { rows } = await client.query("select to_regclass('public.migration') is not null as migrated")
  if (rows[0].migrated) {
    const applied = await client.query('select name, checksum from migration')
    for (const row of applied.rows) done.set(row.name, row.checksum)
  }
  refuseNewerSchema(
    done,
    known.map(({ name }) => name),
  )
  for (const { name, checksum } of known) if (done.has(name)) refuseChangedMigration(name, done.get(name), checksum)
  return known.filter(({ name }) => !done.has(name))
}

/** @throws AppError `unavailable` unless the database has just the schema of this program */
export async function refuseOtherSchema(ownerUrl: string): Promise<void> {
  const client = await openConnection(ownerUrl, 'schema check')
  try {
    if ((await pendingMigrations(client)).length === 0) return
    throw new AppError('unavailable', {
      ja: 'データベースの構造がこのプログラムより古い版です。先に「kizuna migrate」を実行してください。',
      en: 'The schema of the database is older than this program. Run "kizuna migrate" first.',
    })
  } finally {
    await client.end()
  }
}

/** Notes which migrations were applied; safe to repeat. */
export async function makeMigrationTable(client: pg.ClientBase): Promise<void> {
  await client.query(
    'create table if not exists migration (name text primary key, checksum text not null, applied_at timestamptz not null default now())',
  )
}

/** Applies one migration, statement by statement, in the caller's transaction. */
export async function applyMigration(client: pg.ClientBase, { name, checksum, source }: Migration): Promise<void> {
  try {
    for (const statement of statementsOf(source)) await client.query(statement)
    await client.query('insert into migration (name, checksum) values ($1, $2)', [name, checksum])
  } catch (error) {
    throw new Error(`Migration ${name} failed and was rolled back: ${(error as Error).message}`, { cause: error })
  }
}

function refuseNewerSchema(done: Map<string, string>, names: string[]): void {
  const unknown = [...done.keys()].filter(name => !names.includes(name))
  if (unknown.length === 0) return
  throw new AppError('unavailable', {
    ja: `データベースはこのプログラムより新しい版です（${unknown.join(', ')}）。新しい版のKizunaを起動してください。`,
    en: `The database was migrated by a newer version (${unknown.join(', ')}). Start that version or a later one.`,
  })
}

function refuseChangedMigration(name: string, before: string | undefined, now: string): void {
  if (before === now) return
  throw new AppError('unavailable', {
    ja: `適用済みのマイグレーション ${name} の内容が変わっています。元に戻し、新しいファイルを追加してください。`,
    en: `Migration ${name} was changed after it had been applied. Restore it and add a new file instead.`,
  })
}

/** Makes the application's role where it is missing, sets its password and lets it into the database. */
export async function prepareApplicationRole(client: pg.Client, password: string): Promise<void> {
  // Roles belong to the whole server: a second database of the same server finds the role there already.
  const { rowCount } = await client.query('select 1 from pg_roles where rolname = $1', [applicationRole])
  if (rowCount === 0) {
    await client.query(`create role ${applicationRole} login nosuperuser nobypassrls nocreaterole nocreatedb`)
  }
  await client.query(`alter role ${applicationRole} login password ${client.escapeLiteral(password)}`)
  await client.query(`grant usage on schema public to ${applicationRole}`)
  const database = client.escapeIdentifier(client.database ?? 'kizuna')
  await client.query(`grant connect on database ${database} to ${applicationRole}`)
}

/** What a database must be so that an acknowledged write survives a crash; anything else is refused with the reason. */
export async function refuseUnsafeDatabase(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query(
    "select name, setting from pg_settings where name in ('server_version_num', 'fsync', 'full_page_writes', 'synchronous_commit', 'data_checksums')",
  )
  const settings = new Map<string, string>(rows.map(row => [row.name, row.setting]))
  const faults: string[] = []
  if (Number(settings.get('server_version_num')) < 170_000) faults.push('PostgreSQL < 17')
  if (settings.get('fsync') !== 'on') faults.push('fsync = off')
  if (settings.get('full_page_writes') !== 'on') faults.push('full_page_writes = off')
  if (settings.get('synchronous_commit') === 'off') faults.push('synchronous_commit = off')
  if (settings.get('data_checksums') !== 'on') faults.push('data_checksums = off')
  if (faults.length === 0) return
  throw new AppError('unavailable', {
    ja: `このデータベースでは起動できません: ${faults.join('、')}。PostgreSQL 17以降で、fsync・full_page_writes・synchronous_commit・データチェックサムを有効にしてください。`,
    en: `Kizuna does not start on this database: ${faults.join(', ')}. It needs PostgreSQL 17 or later with fsync, full_page_writes, synchronous_commit and data checksums on.`,
  })
}

/** Where Citus is installed, spreads the tables that are not spread yet by their declared scope: global ones first. */
export async function distribute(client: pg.ClientBase, scopes: TableScopes): Promise<void> {
  const citus = await client.query("select 1 from pg_extension where extname = 'citus'")
  if (citus.rowCount === 0) return
  const { rows } = await client.query('select logicalrelid::regclass::text as name from pg_dist_partition')
  const spread = new Set(rows.map(row => row.name))
  const missing = Object.entries(scopes).filter(([name]) => !spread.has(name))
  for (const [name, scope] of missing) {
    if (scope === 'global') await client.query('select create_reference_table($1)', [name])
  }
  for (const [name, scope] of missing) {
    if (scope !== 'tenant') continue
    if (name === 'tenant') await client.query("select create_distributed_table('tenant', 'id')")
    else await client.query("select create_distributed_table($1, 'tenant_id', colocate_with => 'tenant')", [name])
  }
}
