import { randomUUID } from 'node:crypto'
import { chmod, chown, lchown, mkdir, mkdtemp, readdir, readFile, realpath, rmdir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { AppError } from '../errors/app-error.ts'
import { type Account, canUse, serverAccount } from './account.ts'
import { exists, writeWhole } from './files.ts'

/** Where a data folder's cluster lives and who runs it. */
export interface Place {
  /** The data folder's own part for PostgreSQL: passwords, pointer. Read by Kizuna only. */
  folder: string
  /** Holds the cluster, and the working folders of `initdb`; `folder` unless the account cannot enter that. */
  home: string
  cluster: string
  account: Account | undefined
}

/** Written to the data folder when its cluster lives elsewhere. */
interface Pointer {
  home: string
  /** False until the cluster is whole: afterwards a missing one is a fault, not a first start. */
  initialized: boolean
}

/** Decides where the cluster of a data folder is, or will be. @throws AppError when it is out of reach */
export async function findPlace(dataDir: string, log: (line: string) => void): Promise<Place> {
  const folder = join(dataDir, 'postgres')
  await mkdir(folder, { recursive: true })
  const pointer = await readPointer(folder)
  if (pointer) return pointedPlace(folder, pointer)
  const cluster = join(folder, 'cluster')
  const account = await serverAccount(cluster)
  const inside = { folder, home: folder, cluster, account }
  if (await exists(cluster)) {
    await makeUsable(cluster, account)
    return inside
  }
  if (!account || (await canEnter(folder, account))) return inside
  return elsewhere(folder, account, log)
}

/** Notes that the cluster is complete, for a place that a pointer names. */
export async function settlePlace(place: Place): Promise<void> {
  if (place.home === place.folder) return
  await writePointer(place.folder, { home: place.home, initialized: true })
}

async function elsewhere(folder: string, account: Account, log: (line: string) => void): Promise<Place> {
  const home = join(await sharedFolder(account), `cluster-${randomUUID()}`)
  await openFolder(home)
  await writeWhole(join(home, 'belongs-to'), await realpath(folder))
  await writePointer(folder, { home, initialized: false })
  log(`The account ${account.name}, which runs PostgreSQL, cannot enter ${folder}; the database is kept in ${home}.`)
  return { folder, home, cluster: join(home, 'cluster'), account }
}

async function pointedPlace(folder: string, pointer: Pointer): Promise<Place> {
  const { home } = pointer
  const cluster = join(home, 'cluster')
  if (pointer.initialized && !(await exists(cluster))) {
    throw new AppError('unavailable', {
      ja: `データベースの場所 ${cluster} が見つかりません（${pointerFile(folder)} に記載）。ディスクのマウントやバックアップを確認してください。何も削除していません。`,
      en: `The database is not where ${pointerFile(folder)} says: ${cluster} is missing. Check mounts and backups. Nothing was deleted.`,
    })
  }
  await refuseSharedCluster(folder, home)
  const account = await serverAccount(cluster)
  if (await exists(cluster)) await makeUsable(cluster, account)
  else await openFolder(home)
  return { folder, home, cluster, account }
}

/** A copied data folder points at the cluster of the original: two installations must never run on one cluster. */
async function refuseSharedCluster(folder: string, home: string): Promise<void> {
  const own = await realpath(folder)
  const holder = (await readFile(join(home, 'belongs-to'), 'utf8').catch(() => own)).trim()
  if (holder === own) return
  const other = await readPointer(holder)
  if (other?.home !== home) return writeWhole(join(home, 'belongs-to'), own)
  throw new AppError('unavailable', {
    ja: `データベース ${home} は別のデータフォルダー ${holder} のものです。データフォルダーのコピーではなく「kizuna backup」と「kizuna restore」を使ってください。`,
    en: `The database in ${home} belongs to another data folder, ${holder}. Use "kizuna backup" and "kizuna restore" instead of copying the data folder.`,
  })
}

/**
 * A folder of the system that survives restarts and that the account can enter. Temporary folders are no choice:
 * systems empty them.
 */
export async function sharedFolder(account: Account): Promise<string> {
  for (const parent of ['/var/lib', '/srv', '/opt']) {
    const folder = join(parent, 'kizuna')
    if (
      await openFolder(folder).then(
        () => canEnter(folder, account),
        () => false,
      )
    ) {
      return folder
    }
  }
  throw new AppError('unavailable', {
    ja: `PostgreSQLを実行するアカウント ${account.name} が入れる場所がありません（/var/lib、/srv、/opt に書き込めません）。KIZUNA_DATA_DIRに誰でも入れるフォルダーを指定するか、一般ユーザーで起動してください。`,
    en: `There is no place that the account ${account.name}, which runs PostgreSQL, can enter (/var/lib, /srv and /opt cannot be written). Set KIZUNA_DATA_DIR to a folder that everyone may enter, or start Kizuna as an ordinary user.`,
  })
}

/** Whether a folder of the account's own inside the given one would be of use to it. */
async function canEnter(folder: string, account: Account): Promise<boolean> {
  const probe = await mkdtemp(join(folder, 'probe-'))
  try {
    await chown(probe, account.uid, account.gid)
    return await canUse(account, probe)
  } finally {
    await rmdir(probe)
  }
}

/** A cluster that root copied or restored, and owns now, goes back to the account that runs PostgreSQL. */
async function makeUsable(cluster: string, account: Account | undefined): Promise<void> {
  if (account && (await stat(cluster)).uid === 0) {
    for (const entry of await readdir(cluster, { recursive: true, withFileTypes: true })) {
      await lchown(join(entry.parentPath, entry.name), account.uid, account.gid)
    }
    // Last, so that an interrupted change of owner is seen and done again.
    await lchown(cluster, account.uid, account.gid)
  }
  if (!(await canUse(account, cluster))) throw outOfReach(cluster, account)
}

/** Makes a folder that everyone may enter, whatever the umask of this process. */
async function openFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true })
  await chmod(path, 0o755)
}

async function readPointer(folder: string): Promise<Pointer | undefined> {
  const text = await readFile(pointerFile(folder), 'utf8').catch(() => undefined)
  return text === undefined ? undefined : JSON.parse(text)
}

function writePointer(folder: string, pointer: Pointer): Promise<void> {
  return writeWhole(pointerFile(folder), `${JSON.stringify(pointer, undefined, 2)}\n`)
}

function pointerFile(folder: string): string {
  return join(folder, 'place.json')
}

function outOfReach(cluster: string, account: Account | undefined): AppError {
  const name = account?.name ?? `uid ${process.getuid?.()}`
  return new AppError('unavailable', {
    ja: `アカウント ${name} はデータベース ${cluster} を読み書きできません。${basename(cluster)} までのフォルダーの権限と所有者を確認し、前回と同じユーザーで起動してください。`,
    en: `The account ${name} cannot read and write the database in ${cluster}. Check owner and permissions of the folders down to it, and start Kizuna as the same user as before.`,
  })
}
