import type pg from 'pg'
import copy from 'pg-copy-streams'
import { tenantIdOf } from '../context/context.ts'
import { locks } from '../db/locks.ts'
import type { TableScopes } from '../db/tables.ts'
import { AppError } from '../errors/app-error.ts'
import { exists } from '../postgres/files.ts'
import { formatKeys, type Keyring, keysOf, rootName } from '../secrets/keyring.ts'
import { type ArchiveWriter, writeArchive } from './archive.ts'
import { connectOwner, partitionedMonths, readCounters, type TableShape, tableShapes, tenantIds } from './catalogue.ts'
import {
  type BackupHeader,
  type BackupManifest,
  type BackupPart,
  entryNames,
  folderOf,
  sealOf,
  sha256,
} from './manifest.ts'

export interface BackupWish {
  ownerUrl: string
  keyring: Keyring
  scopes: TableScopes
  /** Version of the product. */
  version: string
  path: string
  /** Puts the keys into the file: whoever has it can then read every secret in it. */
  withKeys: boolean
}

export interface BackupReport {
  path: string
  /** The moment whose state the backup holds (ISO 8601, UTC). */
  takenAt: string
  tenants: number
  rows: number
  withKeys: boolean
}

/**
 * Writes all rows as they are at one moment into a .tar.gz, while the installation runs. Rows of tenants are read tenant
 * by tenant, since row-level security binds the owner, too. Memory stays flat whatever the size.
 * @throws AppError when the file exists already
 */
export async function makeBackup(wish: BackupWish): Promise<BackupReport> {
  if (await exists(wish.path)) {
    throw new AppError('invalid_input', {
      ja: `ファイル ${wish.path} はすでにあります。別の名前を指定してください。`,
      en: `The file ${wish.path} exists already. Give another name.`,
    })
  }
  const owner = await connectOwner(wish.ownerUrl, 'backup')
  const archive = writeArchive(wish.path)
  try {
    // Whoever migrates waits: the tables stay as they are until the last row is read.
    await owner.query(`select pg_advisory_lock_shared(${locks.migration})`)
    await owner.query('begin isolation level repeatable read, read only')
    const report = await writeAll(owner, archive, wish)
    await archive.finish()
    return report
  } catch (error) {
    await archive.abandon()
    throw error
  } finally {
    await owner.end()
  }
}

async function writeAll(owner: pg.Client, archive: ArchiveWriter, wish: BackupWish): Promise<BackupReport> {
  const { keyring, scopes } = wish
  const now = await owner.query<{ at: Date }>('select now() as at')
  const migrations = await owner.query<{ name: string; checksum: string }>(
    'select name, checksum from migration order by name',
  )
  const tables = await tableShapes(owner, scopes)
  const header: BackupHeader = {
    product: 'kizuna',
    format: 1,
    version: wish.version,
    takenAt: now.rows[0]!.at.toISOString(),
    rootName: rootName(keyring),
    keyIds: [...keyring.byId.keys()],
    migrations: migrations.rows,
    tables,
    months: (await partitionedMonths(owner)) ?? null,
  }
  const headerText = JSON.stringify(header)
  await archive.add(entryNames.header, headerText)
  if (wish.withKeys) await archive.add(entryNames.keys, formatKeys(keysOf(keyring)))

  const parts: BackupPart[] = []
  const tenants = await tenantIds(owner)
  for (const table of tables) {
    if (table.scope !== 'tenant') parts.push(await writePart(owner, archive, table, null))
  }
  for (const tenant of tenants) {
    await owner.query(`set local app.tenant = '${tenantIdOf(tenant)}'`)
    for (const table of tables) {
      if (table.scope === 'tenant') parts.push(await writePart(owner, archive, table, tenant))
    }
  }
  const manifest: BackupManifest = {
    header: sha256(headerText),
    parts: parts.filter(part => part.rows > 0),
    counters: await readCounters(owner),
  }
  const manifestText = JSON.stringify(manifest)
  await archive.add(entryNames.manifest, manifestText)
  await archive.add(entryNames.seal, sealOf(keyring, manifestText))
  return {
    path: wish.path,
    takenAt: header.takenAt,
    tenants: tenants.length,
    rows: parts.reduce((sum, part) => sum + part.rows, 0),
    withKeys: wish.withKeys,
  }
}

async function writePart(
  owner: pg.Client,
  archive: ArchiveWriter,
  { name, columns }: TableShape,
  tenant: string | null,
): Promise<BackupPart> {
  const list = columns.map(column => owner.escapeIdentifier(column)).join(', ')
  // The tenant table is distributed by its id; all others carry tenant_id.
  const filter =
    tenant === null ? '' : ` where ${name === 'tenant' ? 'id' : 'tenant_id'} = ${owner.escapeLiteral(tenant)}`
  const rows = owner.query(copy.to(`copy (select ${list} from ${owner.escapeIdentifier(name)}${filter}) to stdout`))
  const { bytes, sha256 } = await archive.addStream(folderOf({ table: name, tenant }), rows)
  return { table: name, tenant, rows: rows.rowCount, bytes, sha256 }
}
