import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { freePort } from '../support/free-port.ts'
import { send } from './load.ts'
import { findVictim, type Victim } from './processes.ts'

/** The whole product on an embedded PostgreSQL, in processes of its own that may be killed. */
export interface Product {
  port: number
  dataDir: string
  /** Owner's connection to the database of this moment. */
  ownerUrl(): string
  /** Resolves once the server answers and reaches the database. @throws Error after so many seconds */
  healthy(seconds: number): Promise<void>
  /** Kills a process and waits until all is healthy again without help. @returns seconds until then */
  kill(victim: Victim): Promise<number>
  /** A key of the demo's administrator, for `Authorization`. */
  authorization(): Promise<string>
  end(): Promise<void>
}

export async function startProduct(): Promise<Product> {
  const dataDir = mkdtempSync(join(tmpdir(), 'kizuna-faults-'))
  chmodSync(dataDir, 0o755)
  const port = await freePort()
  const supervisor = spawnProduct(dataDir, port)
  const healthy = (seconds: number) => waitUntilHealthy(port, seconds)
  return {
    port,
    dataDir,
    ownerUrl: () => JSON.parse(readFileSync(join(dataDir, 'running.json'), 'utf8')).ownerUrl,
    healthy,
    async kill(victim) {
      const pid = await found(supervisor, victim)
      const begin = performance.now()
      process.kill(pid, 'SIGKILL')
      // Its end takes a moment to show: connections that are open may answer once more.
      await delay(100)
      await healthy(60)
      if (victim === 'worker') await replaced(supervisor, victim, pid)
      return Number(((performance.now() - begin) / 1_000).toFixed(2))
    },
    authorization: () => signInAsKey(dataDir, port),
    async end() {
      if (supervisor.exitCode === null) {
        supervisor.kill('SIGTERM')
        await once(supervisor, 'exit')
      }
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

function spawnProduct(dataDir: string, port: number): ChildProcess {
  const main = fileURLToPath(new URL('../../server/main.ts', import.meta.url))
  return spawn(process.execPath, [main, 'all'], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...process.env,
      KIZUNA_DATA_DIR: dataDir,
      PORT: `${port}`,
      LOG_LEVEL: process.env.LOG_LEVEL ?? 'silent',
      KIZUNA_REQUESTS_PER_MINUTE: '1000000',
    },
  })
}

async function found(supervisor: ChildProcess, victim: Victim): Promise<number> {
  for (let wait = 0; wait < 300; wait++) {
    const pid = findVictim(supervisor.pid!, victim)
    if (pid) return pid
    await delay(100)
  }
  throw new Error(`There is no ${victim} to kill.`)
}

async function replaced(supervisor: ChildProcess, victim: Victim, before: number): Promise<void> {
  for (let wait = 0; wait < 600; wait++) {
    const pid = findVictim(supervisor.pid!, victim)
    if (pid && pid !== before) return
    await delay(50)
  }
  throw new Error(`The ${victim} did not come back.`)
}

async function waitUntilHealthy(port: number, seconds: number): Promise<void> {
  const limit = performance.now() + seconds * 1_000
  while (performance.now() < limit) {
    const reply = await send(port, 'GET', '/readyz', {}).catch(() => undefined)
    if (reply?.status === 200) return
    await delay(50)
  }
  throw new Error(`Not healthy after ${seconds} s.`)
}

/** Signs in as the administrator of the demo and makes a key. */
async function signInAsKey(dataDir: string, port: number): Promise<string> {
  const { email, password } = JSON.parse(readFileSync(join(dataDir, 'demo-sign-in.json'), 'utf8'))
  const reply = await fetch(`http://127.0.0.1:${port}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password }),
  })
  const cookie = reply.headers.getSetCookie()[0]!.split(';')[0]!
  const made = await fetch(`http://127.0.0.1:${port}/api/v1/api-keys`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie },
    body: JSON.stringify({ name: 'faults', role: 'administrator' }),
  })
  return `Bearer ${(await made.json()).key}`
}
