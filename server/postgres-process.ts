import { setTimeout as delay } from 'node:timers/promises'
import { startPostgres } from './platform/postgres/server.ts'
import { healthyLife, restartDelay } from './role-process.ts'

export interface KeptPostgres {
  /** The owner's connection; changes only when the port was lost to another program. */
  url(): string
  stop(): Promise<void>
}

export interface KeepPostgresOptions {
  dataDir: string
  log: (line: string) => void
  /** The server came back under another address. */
  onMoved: () => void
}

/** Our own PostgreSQL, started again whenever it ends. @throws AppError when the first start fails */
export async function keepPostgres({ dataDir, log, onMoved }: KeepPostgresOptions): Promise<KeptPostgres> {
  const stopping = new AbortController()
  let server = await startPostgres({ dataDir, log })
  const kept = keep()

  async function keep(): Promise<void> {
    let ends = 0
    let began = Date.now()
    while (true) {
      await server.exited
      if (stopping.signal.aborted) return
      ends = Date.now() - began > healthyLife ? 1 : ends + 1
      log('PostgreSQL ended; starting it again.')
      await delay(restartDelay(ends), undefined, { signal: stopping.signal }).catch(() => {})
      if (stopping.signal.aborted) return
      const { url } = server
      try {
        server = await startPostgres({ dataDir, log, port: server.port })
      } catch (error) {
        log((error as Error).message)
      }
      began = Date.now()
      if (stopping.signal.aborted) await server.stop()
      else if (server.url !== url) onMoved()
    }
  }

  return {
    url: () => server.url,
    async stop() {
      stopping.abort()
      await server.stop()
      await kept
    },
  }
}
