import { randomUUID } from 'node:crypto'
import { access, open, rename } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Writes a file so that after a crash either the old or the new content is there, readable by its owner only. */
export async function writeWhole(path: string, content: string): Promise<void> {
  const draft = `${path}.${randomUUID()}`
  const file = await open(draft, 'wx', 0o600)
  await file.writeFile(content)
  await file.sync()
  await file.close()
  await rename(draft, path)
  await flushFolder(dirname(path))
}

/** Makes renames in the folder survive a power failure. */
export async function flushFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  await folder.sync()
  await folder.close()
}

export function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
