import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'

export interface SourceFile {
  /** From the root of the project, with forward slashes. */
  path: string
  text: string
}

export const root = join(import.meta.dirname, '../..')

/** The project's own files below the folders; what a build or an installation put there is left out. */
export function sourceFiles(folders: string[], extensions: string[]): SourceFile[] {
  return folders
    .map(folder => join(root, folder))
    .filter(existsSync)
    .flatMap(folder => readdirSync(folder, { recursive: true, withFileTypes: true }))
    .filter(entry => entry.isFile() && extensions.some(extension => entry.name.endsWith(extension)))
    .map(entry => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter(path => !path.startsWith('web/dist/') && !path.includes('node_modules/'))
    .sort()
    .map(path => ({ path, text: readFileSync(join(root, path), 'utf8') }))
}

/** Prints the faults, one per line, and ends the process accordingly. */
export function finish(faults: string[]): never {
  for (const fault of faults) console.error(fault)
  process.exit(faults.length > 0 ? 1 : 0)
}
