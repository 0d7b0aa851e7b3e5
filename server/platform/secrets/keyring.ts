import { createHash, hkdfSync, randomBytes } from 'node:crypto'
import { mkdir, open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../errors/app-error.ts'

/** A key of 32 bytes with the name that stands in every box it closed. */
export interface NamedKey {
  id: string
  bytes: Buffer
}

/**
 * The installation's keys: the first closes new boxes, all open old ones.
 * `root` never rotates: blind indexes and the database password derive from it, and both must stay findable.
 */
export interface Keyring {
  current: NamedKey
  byId: Map<string, NamedKey>
  root: Buffer
}

/** @param keys current key first; the last one is the oldest and gives the root */
export function keyringOf(keys: NamedKey[]): Keyring {
  const [current] = keys
  const oldest = keys.at(-1)
  if (!current || !oldest) throw new Error('A keyring needs a key.')
  return { current, byId: new Map(keys.map(key => [key.id, key])), root: oldest.bytes }
}

/**
 * The keys of the settings, else those of the file `keys` in the data folder, which is made at the first start
 * (readable by its owner only).
 * @throws AppError when the file is damaged: a new key would turn every secret into garbage
 */
export async function loadKeyring(settings: { keys: NamedKey[] | undefined; dataDir: string }): Promise<Keyring> {
  if (settings.keys) return keyringOf(settings.keys)
  const path = keyFile(settings.dataDir)
  await mkdir(settings.dataDir, { recursive: true })
  await createOnce(path, `${formatKey(newKey())}\n`)
  const keys = (await readFile(path, 'utf8')).split('\n').filter(Boolean).map(parseKey)
  if (keys.length === 0 || keys.includes(undefined)) {
    throw new AppError('unavailable', {
      ja: `鍵ファイル ${path} が壊れています。バックアップから戻してください。新しい鍵では保存済みの秘密情報を読めません。`,
      en: `The key file ${path} is damaged. Restore it from a backup: a new key could not read the stored secrets.`,
    })
  }
  return keyringOf(keys as NamedKey[])
}

export function keyFile(dataDir: string): string {
  return join(dataDir, 'keys')
}

/** A new random key; its id is the start of its fingerprint. */
export function newKey(): NamedKey {
  const bytes = randomBytes(32)
  return { id: createHash('sha256').update(bytes).digest('hex').slice(0, 8), bytes }
}

export function formatKey(key: NamedKey): string {
  return `${key.id}:${key.bytes.toString('base64')}`
}

function parseKey(text: string): NamedKey | undefined {
  const match = /^([\w-]{1,32}):([A-Za-z0-9+/]{43}=)$/.exec(text.trim())
  return match ? { id: match[1]!, bytes: Buffer.from(match[2]!, 'base64') } : undefined
}

/** A key for one purpose, so that one use can tell nothing about another (HKDF, RFC 5869). */
export function derivedKey(keyring: Keyring, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', keyring.root, '', purpose, 32))
}

/** Writes a file only where there is none; flushed before it counts, since losing a key loses what it closed. */
async function createOnce(path: string, content: string): Promise<void> {
  const file = await open(path, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EEXIST') return undefined
    throw error
  })
  if (!file) return
  await file.writeFile(content)
  await file.sync()
  await file.close()
}
