import { createHash } from 'node:crypto'
import { finished } from 'node:stream/promises'
import type pg from 'pg'
import copy from 'pg-copy-streams'
import { locks } from '../db/locks.ts'
import {
  applyMigration,
  distribute,
  makeMigrationTable,
  prepareApplicationRole,
  refuseUnsafeDatabase,
} from '../db/migrate.ts'
import { addMonthPartitions, addPartitionsBetween } from '../db/partitions.ts'
import { applicationPassword } from '../db/pool.ts'
import type { TableScopes } from '../db/tables.ts'
import type { Keyring } from '../secrets/keyring.ts'
import { compareKeys } from '../secrets/proof.ts'
import { settleRestored } from './after-restore.ts'
import { readArchive } from './archive.ts'
import { connectOwner, setCounters } from './catalogue.ts'
import { emptyDatabase, refuseForeignTables, refuseFull, refuseInUse } from './emptying.ts'
import { altered, type InspectedBackup, inspectBackup, partFolder, partsByFolder, splitMigrations } from './inspect.ts'
import type { BackupHeader, BackupPart } from './manifest.ts'
import { keepRestoredKeys, keysForBackup } from './restored-keys.ts'

export interface RestoreWish {
  ownerUrl: string
  keys: { keys: Keyring['current'][] | undefined; dataDir: string }
  scopes: TableScopes
  path: string
  /** Whether data that is there may go. */
  replace: boolean
  requestId: string
}

export interface RestoreReport {
  /** The moment whose state is back (ISO 8601, UTC). */
  takenAt: string
  /** Version of the product that made the backup. */
  version: string
  tenants: number
  rows: number
  /** Mails that had not left when the backup was made: they may have since, so nobody sends them by itself. */
  heldMails: number
  /** Whether the keys of the backup took the place of those of the data folder. */
  keysReplaced: boolean
  /** Migrations that the backup did not have yet. */
  migrated: string[]
}

/**
 * Puts the state of a backup in place of what is in the database, in one transaction: all of it or nothing.
 * @throws AppError when the file is damaged, altered or of a newer version, when the keys are others, when data is there
 *   and may not go, or while a server or worker is connected
 */
export async function restoreBackup(wish: RestoreWish): Promise<RestoreReport> {
  const backup = await inspectBackup(wish.path)
  const { header, manifest } = backup
  const migrations = await splitMigrations(header)
  const { keyring, fromBackup } = await keysForBackup(wish.path, backup, wish.keys)
  const owner = await connectOwner(wish.ownerUrl, 'restore')
  try {
    await refuseUnsafeDatabase(owner)
    await owner.query(`select pg_advisory_lock(${locks.migration})`)
    await refuseInUse(owner)
    await refuseForeignTables(owner)
    if (!wish.replace) await refuseFull(owner)
    await owner.query('begin')
    await emptyDatabase(owner)
    await prepareApplicationRole(owner, applicationPassword(keyring.root))
    await makeMigrationTable(owner)
    for (const migration of migrations.before) await applyMigration(owner, migration)
    if (header.months) await addPartitionsBetween(owner, new Date(header.months.first), new Date(header.months.last))
    await distribute(owner, Object.fromEntries(header.tables.map(({ name, scope }) => [name, scope])))
    await load(owner, wish.path, backup)
    await setCounters(owner, manifest.counters)
    for (const migration of migrations.after) await applyMigration(owner, migration)
    await addMonthPartitions(owner, new Date())
    await distribute(owner, wish.scopes)
    await compareKeys(owner, keyring)
    const { heldMails, tenants } = await settleRestored(owner, header, wish.requestId)
    await owner.query('commit')
    if (fromBackup) await keepRestoredKeys(wish.keys.dataDir, keyring)
    // Without fresh statistics the first queries would choose bad plans.
    for (const name of Object.keys(wish.scopes)) await owner.query(`analyze ${owner.escapeIdentifier(name)}`)
    return {
      takenAt: header.takenAt,
      version: header.version,
      tenants,
      rows: manifest.parts.reduce((sum, part) => sum + part.rows, 0),
      heldMails,
      keysReplaced: fromBackup,
      migrated: migrations.after.map(({ name }) => name),
    }
  } finally {
    // Whatever was not committed goes with the connection.
    await owner.end()
  }
}

/** Loads all rows. The owner may copy into a table of tenants only while row-level security does not bind it. */
async function load(owner: pg.Client, path: string, backup: InspectedBackup): Promise<void> {
  const tenantTables = backup.header.tables.filter(({ scope }) => scope === 'tenant')
  const force = async (how: 'force' | 'no force') => {
    for (const { name } of tenantTables) {
      await owner.query(`alter table ${owner.escapeIdentifier(name)} ${how} row level security`)
    }
  }
  await force('no force')
  const parts = partsByFolder(backup.manifest)
  let loading: PartLoader | undefined
  for await (const { name, content } of readArchive(path)) {
    const folder = partFolder(name)
    if (folder === undefined) {
      for await (const _ of content);
      continue
    }
    if (loading?.folder !== folder) {
      await loading?.end()
      const part = parts.get(folder)
      if (!part) throw altered(path, folder)
      parts.delete(folder)
      loading = startLoading(owner, path, folder, part, backup.header)
    }
    for await (const piece of content) await loading.write(piece)
  }
  await loading?.end()
  for (const folder of parts.keys()) throw altered(path, folder)
  await force('force')
}

interface PartLoader {
  folder: string
  write(piece: Buffer): Promise<void>
  /** @throws AppError when the rows are not those of the manifest: the file changed since it was inspected */
  end(): Promise<void>
}

function startLoading(
  owner: pg.Client,
  path: string,
  folder: string,
  part: BackupPart,
  header: BackupHeader,
): PartLoader {
  const columns = header.tables.find(({ name }) => name === part.table)?.columns
  if (!columns) throw altered(path, folder)
  const list = columns.map(column => owner.escapeIdentifier(column)).join(', ')
  const rows = owner.query(copy.from(`copy ${owner.escapeIdentifier(part.table)} (${list}) from stdin`))
  const done = finished(rows)
  done.catch(() => {})
  const hash = createHash('sha256')
  return {
    folder,
    async write(piece) {
      hash.update(piece)
      if (rows.write(piece)) return
      await Promise.race([done, new Promise<void>(resolve => rows.once('drain', resolve))])
    },
    async end() {
      rows.end()
      await done
      if (rows.rowCount !== part.rows || hash.digest('hex') !== part.sha256) throw altered(path, folder)
    },
  }
}
