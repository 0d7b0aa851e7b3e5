import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { derivedKey, type Keyring } from '../secrets/keyring.ts'

/** Where the rows of one tenant of one table, or of a table without tenants, stand in the archive. */
const partShape = z.object({
  table: z.string(),
  tenant: z.uuid().nullable(),
  rows: z.number().int(),
  bytes: z.number().int(),
  /** Of all bytes, hexadecimal. */
  sha256: z.string(),
})

/** The first entry: what is needed before the first row can be loaded. */
export const headerShape = z.object({
  product: z.literal('kizuna'),
  format: z.literal(1),
  version: z.string(),
  takenAt: z.iso.datetime(),
  /** `rootName` of the keys, and the ids of all of them. */
  rootName: z.string(),
  keyIds: z.array(z.string()),
  migrations: z.array(z.object({ name: z.string(), checksum: z.string() })),
  tables: z.array(
    z.object({ name: z.string(), scope: z.enum(['tenant', 'global', 'local']), columns: z.array(z.string()) }),
  ),
  months: z.object({ first: z.iso.date(), last: z.iso.date() }).nullable(),
})
export type BackupHeader = z.output<typeof headerShape>

/** The last entry but one: what the others must add up to. A file without it is cut short. */
export const manifestShape = z.object({
  /** SHA-256 of the text of the header, hexadecimal. */
  header: z.string(),
  parts: z.array(partShape),
  counters: z.array(z.object({ table: z.string(), column: z.string(), next: z.number().int() })),
})
export type BackupManifest = z.output<typeof manifestShape>
export type BackupPart = BackupManifest['parts'][number]

/** Names of the entries beside the rows, which are in `data/`. */
export const entryNames = { header: 'header.json', keys: 'keys', manifest: 'manifest.json', seal: 'seal' } as const

/** The folder of a part. */
export function folderOf(part: Pick<BackupPart, 'table' | 'tenant'>): string {
  return `data/${part.table}/${part.tenant ?? 'all'}`
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** What only the installation's keys can make of a manifest: an altered backup does not pass for ours. */
export function sealOf(keyring: Keyring, manifest: string): string {
  return createHmac('sha256', derivedKey(keyring, 'backup')).update(manifest).digest('hex')
}

export function sealFits(keyring: Keyring, manifest: string, seal: string): boolean {
  const given = Buffer.from(seal, 'hex')
  const wanted = Buffer.from(sealOf(keyring, manifest), 'hex')
  return given.length === wanted.length && timingSafeEqual(given, wanted)
}
