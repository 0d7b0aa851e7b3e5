import { exitCode, exitCodeOf } from './exit-code.ts'
import { settings } from './platform/config/environment.ts'
import type { Settings } from './platform/config/settings.ts'
import { AppError } from './platform/errors/app-error.ts'
import { runningInstance } from './platform/postgres/instance.ts'
import type { RoleMessage } from './role-process.ts'

const usage = `使い方 / Usage: node server/main.ts <role>

  all      データベース、サーバー、ワーカーをまとめて起動 / database, server and worker in one process tree
  serve    Webサーバーのみ / the web server only
  work     ワーカーのみ / the worker only
  migrate  データベースを最新の構造に更新 / bring the database to the newest schema
`

/** A little less than the supervisor waits before it kills (ms). */
const drainLimit = 9_500

interface Running {
  close(): Promise<void>
}

async function main(role: string | undefined): Promise<void> {
  switch (role) {
    case 'all': {
      const [{ supervise }, { runMigrate }] = await Promise.all([import('./supervise.ts'), import('./migrate.ts')])
      process.exit(await supervise(settings(), { script: import.meta.filename, migrate: runMigrate }))
      break
    }
    case 'serve': {
      const { serve } = await import('./serve.ts')
      const server = await serve(settings(), await ownerUrl(settings()))
      runUntilStopped(server)
      if (server.demo) tell({ kind: 'demo', ...server.demo })
      tell({ kind: 'listening', address: server.address })
      break
    }
    case 'work': {
      const { work } = await import('./work.ts')
      runUntilStopped(await work(settings(), await ownerUrl(settings())))
      tell({ kind: 'ready' })
      break
    }
    case 'migrate': {
      const [{ runMigrate }, { withDatabase }] = await Promise.all([
        import('./migrate.ts'),
        import('./own-database.ts'),
      ])
      await withDatabase(settings(), database => runMigrate(settings(), database.ownerUrl))
      break
    }
    default:
      process.stderr.write(usage)
      process.exitCode = exitCode.wrongSettings
  }
}

/** The database of the settings, else that of the Kizuna that runs on the same data folder. */
async function ownerUrl({ databaseUrl, dataDir }: Settings): Promise<string> {
  const url = databaseUrl ?? (await runningInstance(dataDir))?.ownerUrl
  if (url) return url
  throw new AppError('unavailable', {
    ja: 'データベースがありません。DATABASE_URLを指定するか、先に「npm start」で起動してください。',
    en: 'There is no database. Set DATABASE_URL, or start "npm start" first.',
  })
}

/** Finishes what runs when asked to stop; ends at once when the supervisor is gone, since its database may be, too. */
function runUntilStopped(running: Running): void {
  let stopping = false
  const stop = () => {
    if (stopping) return
    stopping = true
    setTimeout(() => process.exit(exitCode.fault), drainLimit).unref()
    running.close().then(
      () => process.exit(exitCode.well),
      error => fail(error),
    )
  }
  process.on('SIGTERM', stop)
  // Control-C reaches the whole tree; below a supervisor it is the supervisor who says when.
  process.on('SIGINT', () => {
    if (!process.connected) stop()
  })
}

function tell(message: RoleMessage): void {
  process.send?.(message)
}

function fail(error: unknown): never {
  const text =
    error instanceof AppError ? `${error.words.ja}\n\n${error.words.en}` : error instanceof Error ? error.stack : error
  process.stderr.write(`${text}\n`)
  process.exit(exitCodeOf(error))
}

// Only a role below a supervisor has a channel; it closes with the supervisor, even when that was killed.
process.on('disconnect', () => process.exit(exitCode.fault))

await main(process.argv[2]).catch(fail)
