import { readdir, readFile, readlink, realpath, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { run } from './account.ts'

/**
 * Ends what a killed predecessor left running on the cluster: a whole server whose supervisor died, or server
 * processes whose postmaster died. Shuts down in order first, by force only after a while; PostgreSQL recovers from
 * either without loss. The caller holds the data folder's lock, so that nobody's server in use is ended.
 */
export async function endLeftovers(cluster: string, log: (line: string) => void): Promise<void> {
  const lockFile = join(cluster, 'postmaster.pid')
  const pid = Number((await readFile(lockFile, 'utf8').catch(() => '')).split('\n')[0])
  if (pid > 0 && (await isRunning(pid))) {
    if (await isServerOf(pid, cluster)) {
      log(`Stopping the PostgreSQL (process ${pid}) that an earlier run left behind.`)
      await end([pid], ['SIGINT', 'SIGQUIT', 'SIGKILL'], [20_000, 5_000, 5_000])
    } else {
      // The number belongs to another program by now; PostgreSQL itself cannot tell and would refuse to start.
      await rm(lockFile, { force: true })
    }
  }
  const orphans = await serverProcesses(cluster)
  if (orphans.length > 0) {
    log(`Waiting for ${orphans.length} process(es) of an earlier PostgreSQL.`)
    await end(orphans, ['SIGTERM', 'SIGQUIT', 'SIGKILL'], [2_000, 2_000, 5_000])
  }
}

/** Sends the signals in turn, each followed by its time (ms) to take effect, until none of the processes is left. */
async function end(pids: number[], signals: NodeJS.Signals[], patience: number[]): Promise<void> {
  for (const [index, signal] of signals.entries()) {
    for (const pid of pids) {
      try {
        process.kill(pid, signal)
      } catch {
        // Ended already.
      }
    }
    const deadline = Date.now() + (patience[index] ?? 0)
    while (Date.now() < deadline) {
      if (!(await Promise.all(pids.map(isRunning))).includes(true)) return
      await delay(25)
    }
  }
}

async function isRunning(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0)
  } catch (error) {
    // Not ours to signal, but there.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
  if (process.platform !== 'linux') return true
  // An ended process that nobody has waited for (state Z) still has its number: so it stays below a careless init.
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  return status !== '' && !/\) Z /.test(status)
}

async function isServerOf(pid: number, cluster: string): Promise<boolean> {
  if (process.platform === 'linux') return worksIn(pid, await realpath(cluster))
  const { output } = await run('/bin/ps', ['-o', 'command=', '-p', `${pid}`], undefined)
  return output.includes('postgres') && output.includes(cluster)
}

/** Every process of a PostgreSQL on the cluster. Elsewhere than on Linux the system cannot be asked: none. */
async function serverProcesses(cluster: string): Promise<number[]> {
  if (process.platform !== 'linux') return []
  const folder = await realpath(cluster)
  const found: number[] = []
  for (const name of await readdir('/proc')) {
    if (/^\d+$/.test(name) && (await worksIn(Number(name), folder))) found.push(Number(name))
  }
  return found
}

/** Every process of PostgreSQL has its cluster as working folder; a shell that stands there is not meant. */
async function worksIn(pid: number, folder: string): Promise<boolean> {
  const [cwd, program] = await Promise.all(
    ['cwd', 'exe'].map(name => readlink(`/proc/${pid}/${name}`).catch(() => undefined)),
  )
  return cwd === folder && /\/postgres( \(deleted\))?$/.test(program ?? '')
}
