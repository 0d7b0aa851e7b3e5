import { spawn } from 'node:child_process'
import { readFile, stat } from 'node:fs/promises'
import { plainEnvironment } from '../config/environment.ts'
import { AppError } from '../errors/app-error.ts'

/** An account of the system that PostgreSQL runs as when Kizuna is started by root. */
export interface Account {
  name: string
  uid: number
  gid: number
}

/** What a finished program left: its exit code (`null` when it was killed or did not start) and all it wrote. */
export interface Outcome {
  code: number | null
  output: string
}

/**
 * Under which account PostgreSQL runs: `undefined` is this process's own. PostgreSQL refuses to run as root, so root
 * lends it the account that owns the cluster already, else `postgres`, else `nobody`.
 * @param cluster folder of the cluster, which may not exist yet
 */
export async function serverAccount(cluster: string): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined
  const accounts = (await readFile('/etc/passwd', 'utf8')).split('\n').map(parseAccount)
  const owner = await stat(cluster).catch(() => undefined)
  const wanted =
    owner && owner.uid !== 0
      ? (accounts.find(account => account?.uid === owner.uid) ?? {
          name: `${owner.uid}`,
          uid: owner.uid,
          gid: owner.gid,
        })
      : (accounts.find(account => account?.name === 'postgres') ?? accounts.find(account => account?.name === 'nobody'))
  if (wanted) return wanted
  throw new AppError('unavailable', {
    ja: 'PostgreSQLはrootでは動作せず、/etc/passwd に postgres も nobody もありません。一般ユーザーで起動するか、DATABASE_URLを指定してください。',
    en: 'PostgreSQL refuses to run as root, and /etc/passwd names neither postgres nor nobody. Start Kizuna as an ordinary user, or set DATABASE_URL.',
  })
}

function parseAccount(line: string): Account | undefined {
  const [name, , uid, gid] = line.split(':')
  if (!name || !uid || !gid || uid === '0') return undefined
  return { name, uid: Number(uid), gid: Number(gid) }
}

/** Runs a program to its end under the account, with an environment that takes nothing from ours. */
export function run(program: string, args: string[], account: Account | undefined, folder = '/'): Promise<Outcome> {
  return new Promise(resolve => {
    const child = spawn(program, args, {
      cwd: folder,
      env: plainEnvironment(),
      stdio: ['ignore', 'pipe', 'pipe'],
      uid: account?.uid,
      gid: account?.gid,
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', chunk => {
        output += chunk
      })
    }
    child.on('error', error => resolve({ code: null, output: error.message }))
    child.on('close', code => resolve({ code, output: output.trim() }))
  })
}

/** Whether the account really gets into the folder and may write there: tried by the system, not read from mode bits. */
export async function canUse(account: Account | undefined, folder: string): Promise<boolean> {
  const { code } = await run('/bin/sh', ['-c', 'cd -- "$1" && [ -w . ]', 'sh', folder], account)
  return code === 0
}
