import { createHash, createHmac, hkdfSync, randomBytes, randomUUID } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { mkdir, open, readFile, rename, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../errors/app-error.ts'
import { flushFolder } from '../postgres/files.ts'

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
  /**
   * Takes over what changed in the file of keys; absent where the keys are given by the environment.
   * Looks at most once in `refreshInterval`, unless it is told to look now.
   */
  refresh?(now?: boolean): void
}

/** How long a process may go on closing boxes with the key before a new one (ms). */
export const refreshInterval = 1_000

/** @param keys current key first; the last one is the oldest and gives the root */
export function keyringOf(keys: NamedKey[]): Keyring {
  const [current] = keys
  const oldest = keys.at(-1)
  if (!current || !oldest) throw new Error('A keyring needs a key.')
  return { current, byId: new Map(keys.map(key => [key.id, key])), root: oldest.bytes }
}

/** The keys of a ring, current first, root last. */
export function keysOf(keyring: Keyring): NamedKey[] {
  return [...keyring.byId.values()]
}

/**
 * The keys of the settings, else those of the file `keys` in the data folder, which is made at the first start
 * (readable by its owner only) and looked at again while the process runs, since a rotation adds a key to it.
 * @throws AppError when the file is damaged: a new key would turn every secret into garbage
 */
export async function loadKeyring(settings: { keys: NamedKey[] | undefined; dataDir: string }): Promise<Keyring> {
  if (settings.keys) return keyringOf(settings.keys)
  const path = keyFile(settings.dataDir)
  await mkdir(settings.dataDir, { recursive: true })
  await createOnce(path, formatKeys([newKey()]))
  const keys = parseKeys(await readFile(path, 'utf8'))
  if (!keys) {
    throw new AppError('unavailable', {
      ja: `鍵ファイル ${path} が壊れています。バックアップから戻してください。新しい鍵では保存済みの秘密情報を読めません。`,
      en: `The key file ${path} is damaged. Restore it from a backup: a new key could not read the stored secrets.`,
    })
  }
  return followFile(keyringOf(keys), path)
}

/**
 * Replaces the keys in the data folder; after a crash the old or the new file is there, whole. The file stays with the
 * account that it belongs to: what root rotates, the server must be able to read.
 */
export async function saveKeys(dataDir: string, keys: NamedKey[]): Promise<void> {
  const path = keyFile(dataDir)
  const before = await stat(path).catch(() => undefined)
  const draft = `${path}.${randomUUID()}`
  const file = await open(draft, 'wx', 0o600)
  await file.writeFile(formatKeys(keys))
  if (before && process.getuid?.() === 0) await file.chown(before.uid, before.gid)
  await file.sync()
  await file.close()
  await rename(draft, path)
  await flushFolder(dataDir)
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

/** The content of a file of keys. */
export function formatKeys(keys: NamedKey[]): string {
  return keys.map(key => `${formatKey(key)}\n`).join('')
}

/** Reads the content of a file of keys; undefined when any line of it is damaged, or there is none. */
export function parseKeys(text: string): NamedKey[] | undefined {
  const keys = text.split('\n').filter(Boolean).map(parseKey)
  return keys.length > 0 && keys.every(key => key !== undefined) ? keys : undefined
}

function parseKey(text: string): NamedKey | undefined {
  const match = /^([\w-]{1,32}):([A-Za-z0-9+/]{43}=)$/.exec(text.trim())
  return match ? { id: match[1]!, bytes: Buffer.from(match[2]!, 'base64') } : undefined
}

/** A key for one purpose, so that one use can tell nothing about another (HKDF, RFC 5869). */
export function derivedKey(keyring: Keyring, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', keyring.root, '', purpose, 32))
}

/** Tells root keys apart without giving anything of them away. */
export function rootName(keyring: Keyring): string {
  return createHmac('sha256', derivedKey(keyring, 'name of the root key')).digest('hex').slice(0, 16)
}

/** Lets a ring follow its file. A file that is damaged or has another root is somebody's mistake: the ring stays as it is. */
function followFile(keyring: Keyring, path: string): Keyring {
  let lookedAt = Date.now()
  let seen = stampOf(path)
  keyring.refresh = now => {
    const since = Date.now() - lookedAt
    if (!now && since >= 0 && since < refreshInterval) return
    lookedAt = Date.now()
    const stamp = stampOf(path)
    if (stamp === seen) return
    seen = stamp
    const keys = parseKeys(textOf(path))
    const root = keys?.at(-1)
    if (!keys || !root?.bytes.equals(keyring.root)) return
    // What was known stays known to this process: a box it has read before may still wait in its memory.
    const others = keysOf(keyring).filter(({ id }) => id !== root.id)
    Object.assign(keyring, { ...keyringOf([...keys.slice(0, -1), ...others, root]), current: keys[0] })
  }
  return keyring
}

function stampOf(path: string): string {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false })
  return `${stat?.ino} ${stat?.mtimeNs} ${stat?.size}`
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
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
