import { setTimeout as delay } from 'node:timers/promises'
import type { Settings } from './platform/config/settings.ts'
import { AppError } from './platform/errors/app-error.ts'
import { type InstanceLock, lockInstance, runningInstance } from './platform/postgres/instance.ts'
import { startPostgres } from './platform/postgres/server.ts'

/** A database that is there for the time of a command. */
export interface OwnDatabase {
  ownerUrl: string
  /** Whether nobody else works with it: our own server, started for this command. */
  alone: boolean
  /** Where the running Kizuna is opened, when there is one. */
  address: string | undefined
}

/** How long a Kizuna that has just begun to start, or another command, may take (ms). */
const patience = 60_000

/**
 * Lends the database of the settings: the one of DATABASE_URL, else that of the Kizuna that runs on the data folder, else
 * our own server, started for that long under the lock of the data folder.
 */
export async function withDatabase<Result>(
  { databaseUrl, dataDir }: Settings,
  work: (database: OwnDatabase) => Promise<Result>,
): Promise<Result> {
  if (databaseUrl) return work({ ownerUrl: databaseUrl, alone: false, address: undefined })
  const deadline = Date.now() + patience
  while (Date.now() < deadline) {
    const lock = await lockInstance(dataDir)
    if (lock) return startedFor(dataDir, lock, work)
    const running = await runningInstance(dataDir)
    if (running?.ownerUrl) return work({ ownerUrl: running.ownerUrl, alone: false, address: running.address })
    await delay(250)
  }
  throw new AppError('unavailable', {
    ja: `データフォルダー ${dataDir} は、起動処理中のKizunaまたは別のコマンドが使用しています。しばらくしてからもう一度実行してください。`,
    en: `A Kizuna that is starting, or another command, uses the data folder ${dataDir}. Try again in a while.`,
  })
}

async function startedFor<Result>(
  dataDir: string,
  lock: InstanceLock,
  work: (database: OwnDatabase) => Promise<Result>,
): Promise<Result> {
  try {
    const postgres = await startPostgres({ dataDir, log: () => {} })
    // The server is in a process group of its own: Control-C does not reach it.
    const interrupted = new AbortController()
    const onSignal = () => interrupted.abort()
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
    for (const signal of signals) process.once(signal, onSignal)
    const stopped = new Promise<never>((_, reject) => {
      interrupted.signal.addEventListener('abort', () => reject(interruption()))
    })
    stopped.catch(() => {})
    try {
      return await Promise.race([work({ ownerUrl: postgres.url, alone: true, address: undefined }), stopped])
    } finally {
      for (const signal of signals) process.off(signal, onSignal)
      await postgres.stop()
    }
  } finally {
    await lock.release()
  }
}

function interruption(): AppError {
  return new AppError('unavailable', {
    ja: '中断しました。',
    en: 'Interrupted.',
  })
}
