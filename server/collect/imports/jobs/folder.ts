import { constants } from 'node:fs'
import { type FileHandle, lstat, mkdir, open, readdir, realpath, rename } from 'node:fs/promises'
import { join } from 'node:path'

/** A file that was laid down, ready to be read. */
export interface LaidFile {
  name: string
  /** Folder in which it lies. */
  folder: string
  size: number
}

/** A file that was changed a moment ago may still be written (ms). */
const restingTime = 5_000

/** Sub-folders by name; links are none. */
export async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  return entries.filter(entry => entry.isDirectory()).map(entry => entry.name)
}

/**
 * Files of a folder that are at rest, by name. What is no plain file (a link, a pipe, a folder), begins with a dot, or
 * has an odd name is passed over.
 */
export async function filesIn(root: string, folder: string, now: Date): Promise<LaidFile[]> {
  if (!(await isInside(root, folder))) return []
  const files: LaidFile[] = []
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
    if (!entry.isFile() || entry.name.startsWith('.') || entry.name.length > 200 || /[\p{Cc}/\\]/u.test(entry.name))
      continue
    const state = await lstat(join(folder, entry.name)).catch(() => undefined)
    if (!state?.isFile() || state.nlink > 1 || state.size === 0 || now.getTime() - state.mtimeMs < restingTime) continue
    files.push({ name: entry.name, folder, size: state.size })
  }
  return files.sort((one, other) => (one.name < other.name ? -1 : 1))
}

/** Opens a file for reading, and no link in its place. */
export async function openLaid({ folder, name }: LaidFile): Promise<FileHandle> {
  return open(join(folder, name), constants.O_RDONLY | constants.O_NOFOLLOW)
}

/** Puts a file aside into a folder beside it, under a name that no other has. */
export async function putAside({ folder, name }: LaidFile, into: 'done' | 'failed', id: string): Promise<void> {
  await mkdir(join(folder, into), { recursive: true })
  await rename(join(folder, name), join(folder, into, `${id}-${name}`))
}

/** Whether a folder lies where its name says: no link leads out of the root on the way. */
async function isInside(root: string, folder: string): Promise<boolean> {
  const [real, realRoot] = await Promise.all([realpath(folder), realpath(root)]).catch(() => ['', '-'])
  return real === join(realRoot!, folder.slice(root.length)) && real.startsWith(realRoot!)
}
