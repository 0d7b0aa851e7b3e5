import { createServer } from 'node:net'
import { alreadyRunning, banner, demoSignIn, portMoved } from './banner.ts'
import { exitCode } from './exit-code.ts'
import { listenOnFreePort } from './listen.ts'
import { childEnvironment } from './platform/config/environment.ts'
import { publicUrl, type Settings } from './platform/config/settings.ts'
import { type Instance, lockInstance, runningInstance } from './platform/postgres/instance.ts'
import { keepPostgres } from './postgres-process.ts'
import { keepRole, type RoleMessage } from './role-process.ts'

/** What the supervisor drives; tests put small programs in the place of the product. */
export interface SupervisedProgram {
  /** Run with the name of a role as its argument. */
  script: string
  migrate: (settings: Settings, ownerUrl: string) => Promise<unknown>
}

/**
 * The whole product in one process tree: database, migrations, server and worker, each started again when it ends.
 * Runs until a signal asks it to stop.
 * @returns exit code
 * @throws AppError when the database cannot be started or migrated
 */
export async function supervise(settings: Settings, program: SupervisedProgram): Promise<number> {
  const lock = await lockInstance(settings.dataDir)
  if (!lock) {
    print(alreadyRunning((await runningInstance(settings.dataDir))?.address))
    return exitCode.well
  }
  const log = logger(settings)
  const stop = stopRequest()
  const cleanUp: (() => Promise<void>)[] = [lock.release]
  const note: Instance = { pid: process.pid }
  const tell = (news: Partial<Instance>) => lock.tell(Object.assign(note, news))
  try {
    await tell({})
    let onMoved = () => {}
    const database = await openDatabase(settings, log, () => onMoved())
    cleanUp.unshift(database.stop)
    if (stop.requested()) return exitCode.well
    await tell({ ownerUrl: database.url() })
    await program.migrate(settings, database.url())
    const port = await choosePort(settings)
    if (stop.requested()) return exitCode.well

    if (port !== settings.port && settings.port !== 0) print(portMoved(settings.port, port))
    const onMessage = greeter(address => void tell({ address }))
    const keep = (role: 'serve' | 'work') =>
      keepRole(role, {
        script: program.script,
        // Both get the port: the worker's mails carry the address, and a server started again stays where it was.
        environment: () =>
          childEnvironment({
            DATABASE_URL: database.url(),
            PORT: `${port}`,
            KIZUNA_URL: publicUrl(settings, port),
            KIZUNA_DATA_DIR: settings.dataDir,
          }),
        onMessage,
        onRefused: stop.request,
        log,
      })
    const roles = [keep('serve'), keep('work')]
    cleanUp.unshift(async () => {
      await Promise.all(roles.map(role => role.stop()))
    })
    onMoved = () => {
      void tell({ ownerUrl: database.url() })
      for (const role of roles) role.restart()
    }
    return await stop.code
  } finally {
    for (const step of cleanUp) await step()
    stop.end()
  }
}

/** A signal, or a role that cannot start, asks for the end; the first one decides the exit code. */
function stopRequest() {
  const { promise, resolve } = Promise.withResolvers<number>()
  let requested = false
  const request = (code: number) => {
    requested = true
    resolve(code)
  }
  const onSignal = () => request(exitCode.well)
  const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const
  for (const signal of signals) process.on(signal, onSignal)
  return {
    code: promise,
    requested: () => requested,
    request,
    end() {
      for (const signal of signals) process.off(signal, onSignal)
    },
  }
}

/** The database of the settings, else our own server. */
async function openDatabase({ databaseUrl, dataDir }: Settings, log: (line: string) => void, onMoved: () => void) {
  if (databaseUrl) return { url: () => databaseUrl, stop: async () => {} }
  return keepPostgres({ dataDir, log, onMoved })
}

/** Finds the port for this run, so that every process of it knows the address from the start. */
async function choosePort({ host, port, portAsked }: Settings): Promise<number> {
  let chosen = port
  const probe = (candidate: number) =>
    new Promise<void>((resolve, reject) => {
      const server = createServer()
      server.once('error', reject)
      server.listen(candidate, host, () => {
        const address = server.address()
        if (address && typeof address === 'object') chosen = address.port
        server.close(() => resolve())
      })
    })
  await listenOnFreePort(probe, { port, asked: portAsked })
  return chosen
}

/** Prints the address when the server listens for the first time, and after it the demo's sign-in, once. */
function greeter(onListening: (address: string) => void): (message: RoleMessage) => void {
  let greeted = false
  let demo: string | undefined
  let demoShown = false
  return message => {
    if (message.kind === 'demo') demo = demoSignIn(message.email, message.password)
    if (message.kind === 'listening' && !greeted) {
      greeted = true
      print(banner(message.address))
      onListening(message.address)
    }
    if (greeted && demo && !demoShown) {
      demoShown = true
      print(demo)
    }
  }
}

function print(text: string): void {
  process.stdout.write(text)
}

/** What the database says is for those who look for a fault; what the supervisor does is for everyone. */
function logger({ logLevel }: Settings): (line: string) => void {
  const detailed = logLevel === 'trace' || logLevel === 'debug'
  return line => {
    const shown = detailed || !line.startsWith('postgres: ') || /PANIC|terminated by signal/.test(line)
    if (shown && logLevel !== 'silent') process.stderr.write(`${line}\n`)
  }
}
