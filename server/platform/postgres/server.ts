import { type ChildProcess, spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { plainEnvironment } from '../config/environment.ts'
import { AppError } from '../errors/app-error.ts'
import { prepareCluster, superuser } from './cluster.ts'
import { endLeftovers } from './leftovers.ts'
import { databaseName, ownerRole, prepareOwner } from './owner.ts'
import { findPlace, type Place } from './place.ts'
import { serverPrograms } from './programs.ts'

/** How long a server may take until it accepts connections, recovery after a crash included (ms). */
const startLimit = 10 * 60_000

/** A running server of our own. */
export interface Postgres {
  /** Connection of the database's owner. */
  url: string
  /** Connection of the superuser to the same server: tests, tools. */
  superuserUrl: string
  port: number
  pid: number
  /** Settles when the server has ended, for whatever reason. */
  exited: Promise<void>
  /** Ends all connections, writes a checkpoint, and waits for the end. */
  stop(): Promise<void>
}

export interface PostgresOptions {
  dataDir: string
  /** Gets one line at a time; those of the server itself start with `postgres: `. */
  log: (line: string) => void
  /** The port to take if it is free, so that a restarted server keeps its address. */
  port?: number
}

/** The server's process, and what it said last. */
interface Launched {
  child: ChildProcess
  pid: number
  port: number
  exited: Promise<void>
  hasExited(): boolean
  /** Its last 20 lines; complete a moment after the end, when its output is closed. */
  lastLines: string[]
  outputClosed: Promise<unknown>
}

/**
 * Starts the PostgreSQL that Kizuna brings on the data folder: creates the cluster at the first start, ends what a
 * killed predecessor left, waits for recovery. The caller must hold the data folder's lock.
 * @throws AppError with the reason when that is impossible; nothing is ever deleted
 */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const { dataDir, log } = options
  const place = await findPlace(dataDir, log)
  const bin = await serverPrograms(place.account, log)
  const passwords = await prepareCluster(place, bin, log)
  const address = (port: number, user: string, password: string, database: string) =>
    `postgres://${user}:${password}@127.0.0.1:${port}/${database}`
  const server = await launchUntilReady(place, bin, options)
  try {
    await prepareOwner(address(server.port, superuser, passwords.superuser, 'postgres'), passwords.owner)
  } catch (error) {
    await stopServer(server)
    throw (error as { code?: string }).code === '28P01' ? wrongPasswords() : error
  }
  return {
    url: address(server.port, ownerRole, passwords.owner, databaseName),
    superuserUrl: address(server.port, superuser, passwords.superuser, databaseName),
    port: server.port,
    pid: server.pid,
    exited: server.exited,
    stop: () => stopServer(server),
  }
}

async function launchUntilReady(place: Place, bin: string, { log, port: wanted }: PostgresOptions): Promise<Launched> {
  const deadline = Date.now() + startLimit
  let port = wanted
  while (Date.now() < deadline) {
    await endLeftovers(place.cluster, log)
    const server = await launch(place, bin, port ?? (await freePort()), log)
    if (await becomesReady(server, place, deadline, log)) return server
    if (!server.hasExited()) {
      await stopServer(server)
      break
    }
    await Promise.race([server.outputClosed, delay(1_000)])
    const said = server.lastLines.join('\n')
    if (/could not create any TCP\/IP sockets/.test(said)) port = undefined
    // Processes of a killed postmaster still hold the shared memory, or have only just let go.
    else if (!/pre-existing shared memory block|lock file .* already exists/.test(said)) throw failedToStart(said)
    await delay(200)
  }
  throw new AppError('unavailable', {
    ja: `PostgreSQLが${startLimit / 60_000}分以内に使用可能になりませんでした（${place.cluster}）。復旧中の可能性があります。LOG_LEVEL=debugで再度起動して経過を確認してください。`,
    en: `PostgreSQL on ${place.cluster} did not become ready within ${startLimit / 60_000} minutes; it may still be recovering. Start again with LOG_LEVEL=debug to watch it.`,
  })
}

async function launch(place: Place, bin: string, port: number, log: (line: string) => void): Promise<Launched> {
  const settings = {
    listen_addresses: '127.0.0.1',
    port: `${port}`,
    unix_socket_directories: '',
    // What keeps an acknowledged write through a crash: given here so that no file can turn it off.
    fsync: 'on',
    full_page_writes: 'on',
    synchronous_commit: 'on',
    // A backup is restored in one transaction, which holds a lock for each table, partition and index of the product.
    max_locks_per_transaction: '256',
    logging_collector: 'off',
    log_destination: 'stderr',
    // Messages about single statements can hold personal data; the log gets those about the server.
    log_min_messages: 'log',
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
  }
  const child = spawn(
    join(bin, 'postgres'),
    ['-D', place.cluster, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    {
      cwd: place.home,
      env: plainEnvironment(),
      stdio: ['ignore', 'ignore', 'pipe'],
      uid: place.account?.uid,
      gid: place.account?.gid,
      // Control-C in the terminal is for the supervisor, which lets the others finish first.
      detached: true,
    },
  )
  const lastLines: string[] = []
  createInterface({ input: child.stderr }).on('line', line => {
    lastLines.push(line)
    if (lastLines.length > 20) lastLines.shift()
    log(`postgres: ${line}`)
  })
  if (child.pid === undefined) {
    const [error] = await once(child, 'error')
    throw failedToStart(error.message)
  }
  // The output of a killed postmaster stays open as long as one of its processes lives: its end is told by `exit`.
  const exited = once(child, 'exit').then(() => {})
  const outputClosed = once(child, 'close')
  const hasExited = () => child.exitCode !== null || child.signalCode !== null
  return { child, pid: child.pid, port, exited, hasExited, lastLines, outputClosed }
}

/**
 * Waits until the server says in its lock file that it accepts connections. (A connection alone proves nothing: where
 * the port is taken, somebody else's server may answer.)
 * @returns false when the server ended or the time is up
 */
async function becomesReady(
  server: Launched,
  place: Place,
  deadline: number,
  log: (line: string) => void,
): Promise<boolean> {
  let nextNote = Date.now() + 5_000
  while (!server.hasExited() && Date.now() < deadline) {
    const lockFile = await readFile(join(place.cluster, 'postmaster.pid'), 'utf8').catch(() => '')
    const lines = lockFile.split('\n').map(line => line.trim())
    if (lines[0] === `${server.pid}` && lines[7] === 'ready') return true
    if (Date.now() > nextNote) {
      log('Waiting for PostgreSQL, which is recovering from an interruption.')
      nextNote += 10_000
    }
    await Promise.race([delay(20), server.exited])
  }
  return false
}

/** Fast shutdown; after half a minute without a checkpoint (recovery then does its work at the next start). */
async function stopServer(server: Launched): Promise<void> {
  for (const [signal, patience] of [
    ['SIGINT', 30_000],
    ['SIGQUIT', 5_000],
    ['SIGKILL', 5_000],
  ] as const) {
    if (server.hasExited()) return
    server.child.kill(signal)
    const limit = new AbortController()
    await Promise.race([server.exited, delay(patience, undefined, { signal: limit.signal }).catch(() => {})])
    limit.abort()
  }
}

/**
 * A free port below those that systems give to outgoing connections (32768 and up on Linux, 49152 elsewhere): while the
 * server is down for a moment, a connection that goes out, even one that looks for the server itself, must not take its
 * place.
 */
async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const port = randomInt(15_000, 32_000)
    if (await isFree(port)) return port
  }
  throw new AppError('unavailable', {
    ja: 'PostgreSQLのための空きポートが15000〜32000に見つかりません。',
    en: 'There is no free port between 15000 and 32000 for PostgreSQL.',
  })
}

function isFree(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
  })
}

function failedToStart(said: string): AppError {
  return new AppError('unavailable', {
    ja: `PostgreSQLを起動できませんでした:\n${said}`,
    en: `PostgreSQL did not start:\n${said}`,
  })
}

function wrongPasswords(): AppError {
  return new AppError('unavailable', {
    ja: 'データフォルダーの postgres/passwords.json がデータベースと一致しません。同じバックアップのものに戻してください。',
    en: 'The file postgres/passwords.json in the data folder does not fit the database. Restore the one of the same backup.',
  })
}
