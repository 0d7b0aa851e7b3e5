import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { exitCode } from './exit-code.ts'

export type RoleName = 'serve' | 'work'

/** What a role tells its supervisor over the channel between them. */
export type RoleMessage =
  | { kind: 'listening'; address: string }
  | { kind: 'ready' }
  | { kind: 'demo'; email: string; password: string }

export interface RoleOptions {
  /** Program that is given the role's name as its argument. */
  script: string
  /** Asked at each start, since the database may have moved. */
  environment: () => NodeJS.ProcessEnv
  onMessage: (message: RoleMessage) => void
  /** The role cannot start at all: called once, with the exit code. */
  onRefused: (code: number) => void
  log: (line: string) => void
}

export interface RoleProcess {
  /** Lets it finish what it does for at most 10 s, and keeps it ended. */
  stop(): Promise<void>
  /** Lets it finish, and starts it with its new environment. */
  restart(): void
}

/** How long a role may take to finish what it does (ms). */
const drainLimit = 10_000

/** After so long a life a process's end is a new matter, answered at once again (ms). */
export const healthyLife = 10_000

const firstStarts = 5

/** Waiting time before the next start after so many ends in a row: at once, then longer, up to 5 s. */
export function restartDelay(ends: number): number {
  return ends <= 1 ? 0 : Math.min(250 * 2 ** (ends - 1), 5_000)
}

/** Runs a role in a process of its own and starts it again whenever it ends. */
export function keepRole(role: RoleName, options: RoleOptions): RoleProcess {
  const stopping = new AbortController()
  let child: ChildProcess | undefined
  let expected = false

  const kept = keep()

  async function keep(): Promise<void> {
    let ends = 0
    let everReady = false
    while (!stopping.signal.aborted) {
      const begin = Date.now()
      const code = await runOnce(() => {
        everReady = true
      })
      if (stopping.signal.aborted) return
      if (expected) {
        expected = false
        continue
      }
      ends = Date.now() - begin > healthyLife ? 1 : ends + 1
      if (!everReady && (code === exitCode.portTaken || code === exitCode.refused || code === exitCode.wrongSettings)) {
        return options.onRefused(code)
      }
      if (!everReady && ends >= firstStarts) return options.onRefused(exitCode.fault)
      options.log(`The process "${role}" ended (${code ?? 'killed'}); starting it again.`)
      await delay(restartDelay(ends), undefined, { signal: stopping.signal }).catch(() => {})
    }
  }

  /** @returns exit code, `null` after a signal */
  async function runOnce(onReady: () => void): Promise<number | null> {
    child = spawn(process.execPath, [options.script, role], {
      env: options.environment(),
      // The channel closes with the supervisor, even a killed one: that ends the role.
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    child.on('message', (message: RoleMessage) => {
      if (message.kind !== 'demo') onReady()
      options.onMessage(message)
    })
    const [code] = await once(child, 'exit').catch(() => [exitCode.fault])
    child = undefined
    return code
  }

  async function drain(): Promise<void> {
    const draining = child
    if (!draining) return
    const ended = once(draining, 'exit')
    draining.kill('SIGTERM')
    const limit = setTimeout(() => draining.kill('SIGKILL'), drainLimit)
    await ended
    clearTimeout(limit)
  }

  return {
    async stop() {
      stopping.abort()
      await drain()
      await kept
    },
    restart() {
      expected = child !== undefined
      void drain()
    },
  }
}
