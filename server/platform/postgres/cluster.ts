import { randomBytes } from 'node:crypto'
import { chown, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { totalmem } from 'node:os'
import { join } from 'node:path'
import { AppError } from '../errors/app-error.ts'
import { run } from './account.ts'
import { exists, flushFolder, writeWhole } from './files.ts'
import { type Place, settlePlace } from './place.ts'
import { majorVersion } from './programs.ts'

export const superuser = 'postgres'

/** Of the cluster's superuser and of the owner of the database; made once, kept in the data folder. */
export interface Passwords {
  superuser: string
  owner: string
}

/**
 * Makes sure that there is a complete cluster of our version in the place, and gives its passwords.
 * @param bin folder with `initdb`
 * @throws AppError for a cluster of another version, one without its passwords, or when `initdb` fails
 */
export async function prepareCluster(place: Place, bin: string, log: (line: string) => void): Promise<Passwords> {
  const file = join(place.folder, 'passwords.json')
  const present = await exists(place.cluster)
  if (present) await refuseOtherVersion(place.cluster)
  if (!(await exists(file))) {
    if (present) throw passwordsMissing(file, place.cluster)
    const made: Passwords = { superuser: newPassword(), owner: newPassword() }
    await writeWhole(file, `${JSON.stringify(made, undefined, 2)}\n`)
  }
  const passwords: Passwords = JSON.parse(await readFile(file, 'utf8'))
  if (!present) await initialize(place, bin, passwords.superuser, log)
  await settlePlace(place)
  return passwords
}

/** `initdb` in a working folder that is renamed when all is done: an interrupted one leaves no half cluster. */
async function initialize(place: Place, bin: string, password: string, log: (line: string) => void): Promise<void> {
  const { home, cluster, account } = place
  for (const name of await readdir(home)) {
    // Left by an interrupted start; nothing was ever stored in it.
    if (name.startsWith('initdb-')) await rm(join(home, name), { recursive: true, force: true, maxRetries: 5 })
  }
  log(`Creating the database in ${cluster}.`)
  const work = await mkdtemp(join(home, 'initdb-'))
  const draft = join(work, 'cluster')
  const passwordFile = join(work, 'password')
  await mkdir(draft, { mode: 0o700 })
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 })
  if (account) for (const path of [work, draft, passwordFile]) await chown(path, account.uid, account.gid)
  const args = [
    `--pgdata=${draft}`,
    `--username=${superuser}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--data-checksums',
    '--set=timezone=UTC',
    '--set=log_timezone=UTC',
    `--set=shared_buffers=${sharedMegabytes()}MB`,
    '--no-instructions',
  ]
  const { code, output } = await run(join(bin, 'initdb'), args, account, work)
  if (code === 0) {
    await rename(draft, cluster)
    await flushFolder(home)
  }
  await rm(work, { recursive: true, force: true, maxRetries: 5 })
  if (code !== 0) throw initializationFailed(output)
}

/**
 * The buffer of the new server: an eighth of the memory that this machine or its container has. With PostgreSQL's own 128
 * MB a change of some thousand customers turns its indexes over again and again. Stands in `postgresql.conf`, to be changed
 * there.
 */
function sharedMegabytes(): number {
  const limit = process.constrainedMemory() || Number.POSITIVE_INFINITY
  return Math.round(Math.min(1_024, Math.max(128, Math.min(totalmem(), limit) / 8 / 1_048_576)))
}

async function refuseOtherVersion(cluster: string): Promise<void> {
  const found = (await readFile(join(cluster, 'PG_VERSION'), 'utf8').catch(() => '?')).trim()
  if (found === `${majorVersion}`) return
  throw new AppError('unavailable', {
    ja: `データベース ${cluster} はPostgreSQL ${found}で作成されていますが、このKizunaが使うのは${majorVersion}です。作成した版のKizunaで「kizuna backup」を行い、新しいデータフォルダーに「kizuna restore」してください。データは変更していません。`,
    en: `The database in ${cluster} was made by PostgreSQL ${found}, and this Kizuna brings ${majorVersion}. Run "kizuna backup" with the version that made it and "kizuna restore" into a new data folder. The data was not touched.`,
  })
}

function passwordsMissing(file: string, cluster: string): AppError {
  return new AppError('unavailable', {
    ja: `データベース ${cluster} のパスワードファイル ${file} がありません。バックアップから戻してください。データは変更していません。`,
    en: `The passwords of the database in ${cluster} are missing. Restore ${file} from a backup. The data was not touched.`,
  })
}

function initializationFailed(output: string): AppError {
  const reason = output.split('\n').slice(-5).join('\n')
  return new AppError('unavailable', {
    ja: `データベースを作成できませんでした。もう一度起動すると最初からやり直します。\n${reason}`,
    en: `The database could not be created; the next start begins anew.\n${reason}`,
  })
}

function newPassword(): string {
  return randomBytes(24).toString('base64url')
}
