/**
 * `npm run test:faults`: kills server, worker and database at random while sign-ups, invitations and jobs run, and
 * counts what was lost or done twice. Ends with exit code 1 when anything was, or when it was not healthy again within
 * 30 s without a person. Takes about three minutes; `node tests/faults/run.ts 50` kills 50 times.
 */

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { freePort } from '../support/free-port.ts'
import { type Acknowledged, client, send } from './load.ts'
import { findVictim, type Victim } from './processes.ts'
import { judge } from './verdict.ts'

const kills = Number(process.argv[2] ?? 36)
const victims: Victim[] = ['server', 'worker', 'database', 'server', 'worker', 'database session']
const dataDir = mkdtempSync(join(tmpdir(), 'kizuna-faults-'))
chmodSync(dataDir, 0o755)
const port = await freePort()
const supervisor = startProduct()
const recoveries: { victim: Victim; seconds: number }[] = []
const acknowledged: Acknowledged[] = []
try {
  await healthy(60)
  const authorization = await signInAsKey()
  let stop = false
  const kinds: Acknowledged['kind'][] = ['sign-up', 'invitation', 'team', 'sign-up', 'invitation', 'team']
  const clients = Promise.all(kinds.map(kind => client(kind, port, authorization, acknowledged, () => stop)))
  // A client that sees a wrong answer ends the run.
  clients.catch(() => {})
  for (let count = 0; count < kills; count++) {
    await Promise.race([delay(500 + Math.random() * 2_000), clients])
    await killOne(victims[count % victims.length]!)
  }
  stop = true
  await clients
  const instance = JSON.parse(readFileSync(join(dataDir, 'running.json'), 'utf8'))
  const verdict = await judge(instance.ownerUrl, join(dataDir, 'keys'), acknowledged)
  const seconds = recoveries.map(recovery => recovery.seconds).sort((a, b) => a - b)
  const result = {
    kills: recoveries.length,
    acknowledged: acknowledged.length,
    ...verdict,
    recoverySeconds: { median: seconds[seconds.length >> 1], longest: seconds.at(-1) },
  }
  console.log(JSON.stringify(result))
  if (verdict.lost + verdict.doubled > 0 || !verdict.auditIntact || (seconds.at(-1) ?? 0) > 30) process.exitCode = 1
} finally {
  await end(supervisor)
  rmSync(dataDir, { recursive: true, force: true })
}

function startProduct(): ChildProcess {
  const main = fileURLToPath(new URL('../../server/main.ts', import.meta.url))
  return spawn(process.execPath, [main, 'all'], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...process.env,
      KIZUNA_DATA_DIR: dataDir,
      PORT: `${port}`,
      LOG_LEVEL: 'silent',
      KIZUNA_REQUESTS_PER_MINUTE: '1000000',
    },
  })
}

/** Kills one process and waits until all is healthy again without help. */
async function killOne(victim: Victim): Promise<void> {
  const pid = await found(victim)
  const begin = performance.now()
  process.kill(pid, 'SIGKILL')
  await healthy(60)
  if (victim === 'worker') await replaced(victim, pid)
  recoveries.push({ victim, seconds: Number(((performance.now() - begin) / 1_000).toFixed(2)) })
  console.log(
    `${recoveries.length}/${kills} killed ${victim}, healthy after ${recoveries.at(-1)!.seconds} s, ${acknowledged.length} acknowledged`,
  )
}

async function found(victim: Victim): Promise<number> {
  for (let wait = 0; wait < 300; wait++) {
    const pid = findVictim(supervisor.pid!, victim)
    if (pid) return pid
    await delay(100)
  }
  throw new Error(`There is no ${victim} to kill.`)
}

async function replaced(victim: Victim, before: number): Promise<void> {
  for (let wait = 0; wait < 600; wait++) {
    const pid = findVictim(supervisor.pid!, victim)
    if (pid && pid !== before) return
    await delay(50)
  }
  throw new Error(`The ${victim} did not come back.`)
}

/** Ready means: the server answers and reaches the database. */
async function healthy(seconds: number): Promise<void> {
  const limit = performance.now() + seconds * 1_000
  while (performance.now() < limit) {
    const reply = await send(port, 'GET', '/readyz', {}).catch(() => undefined)
    if (reply?.status === 200) return
    await delay(50)
  }
  throw new Error(`Not healthy after ${seconds} s.`)
}

/** Signs in as the administrator of the demo and makes a key for the load. */
async function signInAsKey(): Promise<string> {
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

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  child.kill('SIGTERM')
  await once(child, 'exit')
}
