import { createHash } from 'node:crypto'
import { text } from 'node:stream/consumers'
import type { z } from 'zod'
import { knownMigrations, type Migration } from '../db/migrate.ts'
import { AppError } from '../errors/app-error.ts'
import { type NamedKey, parseKeys } from '../secrets/keyring.ts'
import { damaged, readArchive } from './archive.ts'
import {
  type BackupHeader,
  type BackupManifest,
  type BackupPart,
  entryNames,
  folderOf,
  headerShape,
  manifestShape,
  sha256,
} from './manifest.ts'

/** A backup that was read to its end and found whole. */
export interface InspectedBackup {
  header: BackupHeader
  manifest: BackupManifest
  /** As it stands in the file, for its seal. */
  manifestText: string
  seal: string
  /** Present when the backup was made with its keys. */
  keys: NamedKey[] | undefined
}

/** Reads a whole backup and holds every part against the manifest. Memory stays flat. @throws AppError when anything does not fit */
export async function inspectBackup(path: string): Promise<InspectedBackup> {
  const texts = new Map<string, string>()
  const found = new Map<string, { hash: ReturnType<typeof createHash>; bytes: number }>()
  for await (const { name, content } of readArchive(path)) {
    const folder = partFolder(name)
    if (folder === undefined) {
      texts.set(name, await text(content))
      continue
    }
    const part = found.get(folder) ?? { hash: createHash('sha256'), bytes: 0 }
    found.set(folder, part)
    for await (const piece of content) {
      part.hash.update(piece)
      part.bytes += piece.length
    }
  }
  const headerText = texts.get(entryNames.header) ?? ''
  const manifestText = texts.get(entryNames.manifest) ?? ''
  const header = parse(path, headerShape, headerText)
  const manifest = parse(path, manifestShape, manifestText)
  const seal = texts.get(entryNames.seal)
  if (seal === undefined) throw incomplete(path)
  if (manifest.header !== sha256(headerText)) throw altered(path, entryNames.header)
  for (const part of manifest.parts) {
    const folder = folderOf(part)
    const read = found.get(folder)
    if (read?.bytes !== part.bytes || read.hash.digest('hex') !== part.sha256) throw altered(path, folder)
    found.delete(folder)
  }
  for (const folder of found.keys()) throw altered(path, folder)
  const keys = texts.get(entryNames.keys)
  return { header, manifest, manifestText, seal, keys: keys === undefined ? undefined : parseKeys(keys) }
}

/** The part that an entry is a piece of; undefined for the entries beside the rows. */
export function partFolder(entry: string): string | undefined {
  return /^(data\/[^/]+\/[^/]+)\/\d{6,}$/.exec(entry)?.[1]
}

/** The parts of a manifest by their folder. */
export function partsByFolder(manifest: BackupManifest): Map<string, BackupPart> {
  return new Map(manifest.parts.map(part => [folderOf(part), part]))
}

/**
 * The migrations of the backup, and those that this program has beyond them.
 * @throws AppError when the backup was made by a newer program, or by one with other migrations
 */
export async function splitMigrations(header: BackupHeader): Promise<{ before: Migration[]; after: Migration[] }> {
  const known = await knownMigrations()
  const checksums = new Map(header.migrations.map(({ name, checksum }) => [name, checksum]))
  const before = known.filter(({ name, checksum }) => checksums.get(name) === checksum)
  if (before.length !== header.migrations.length) {
    throw new AppError('unavailable', {
      ja: `このバックアップは別の版のKizuna（${header.version}）で作成されており、この版では復元できません。その版以降のKizunaで復元してください。`,
      en: `The backup was made by another version of Kizuna (${header.version}), which this one cannot restore. Restore it with that version or a later one.`,
    })
  }
  return { before, after: known.filter(({ name }) => !checksums.has(name)) }
}

function parse<Shape extends z.ZodType>(path: string, shape: Shape, content: string): z.output<Shape> {
  if (content === '') throw incomplete(path)
  try {
    return shape.parse(JSON.parse(content))
  } catch {
    throw damaged(path, { ja: 'Kizunaのバックアップではありません', en: 'it is no backup of Kizuna' })
  }
}

function incomplete(path: string): AppError {
  return damaged(path, { ja: '最後まで書き込まれていません', en: 'it was not written to its end' })
}

/** The content is not what was written. */
export function altered(path: string, where: string): AppError {
  return damaged(path, { ja: `内容が変更されています（${where}）`, en: `its content was altered (${where})` })
}
