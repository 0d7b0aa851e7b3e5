import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { runningInstance } from './platform/postgres/instance.ts'
import { startPostgres } from './platform/postgres/server.ts'

/** A small server and worker in the place of the product's: `/slow` answers after a second, `/pid` with its process. */
const roles = `
import { createServer } from 'node:http'
process.on('disconnect', () => process.exit(1))
process.on('SIGINT', () => {})
if (process.argv[2] === 'work') {
  process.on('SIGTERM', () => process.exit(0))
  process.send({ kind: 'demo', email: 'demo@example.com', password: 'from ' + process.pid })
  setInterval(() => {}, 1000)
} else {
  const server = createServer((request, response) => {
    setTimeout(() => response.end(String(process.pid)), request.url === '/slow' ? 1000 : 0)
  })
  process.on('SIGTERM', () => server.close(() => process.exit(0)))
  server.on('error', () => process.exit(3))
  server.listen(Number(process.env.PORT), '127.0.0.1', () => {
    process.send({ kind: 'listening', address: process.env.KIZUNA_URL })
  })
}`

const supervisorSource = `
import { exitCodeOf } from ${JSON.stringify(new URL('./exit-code.ts', import.meta.url).href)}
import { settings } from ${JSON.stringify(new URL('./platform/config/environment.ts', import.meta.url).href)}
import { supervise } from ${JSON.stringify(new URL('./supervise.ts', import.meta.url).href)}
const program = { script: process.argv[2], migrate: async (_, url) => console.log('migrating ' + new URL(url).pathname) }
process.exit(await supervise(settings(), program).catch(error => {
  console.error(error.message)
  return exitCodeOf(error)
}))`

interface Supervisor {
  child: ChildProcess
  output(): string
  exited: Promise<[number | null, NodeJS.Signals | null]>
}

let folder: string
const started: ChildProcess[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kizuna-supervise-'))
  // The account that runs PostgreSQL for root must be able to enter.
  await chmod(folder, 0o755)
  await writeFile(join(folder, 'roles.mjs'), roles)
  await writeFile(join(folder, 'supervisor.mjs'), supervisorSource)
})

afterAll(async () => {
  for (const child of started) {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM')
      await once(child, 'exit')
    }
  }
  await rm(folder, { recursive: true, force: true })
})

function start(env: Record<string, string>): Supervisor {
  const child = spawn(process.execPath, [join(folder, 'supervisor.mjs'), join(folder, 'roles.mjs')], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  started.push(child)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', chunk => {
      output += chunk
    })
  }
  return { child, output: () => output, exited: once(child, 'exit') as Supervisor['exited'] }
}

/** Tries until it works, for at most 45 s. */
async function eventually<T>(attempt: () => Promise<T> | T): Promise<T> {
  const deadline = Date.now() + 45_000
  for (;;) {
    try {
      return await attempt()
    } catch (error) {
      if (Date.now() > deadline) throw error
      await delay(25)
    }
  }
}

async function fetchText(url: string): Promise<string> {
  const response = await fetch(url, { headers: { connection: 'close' } })
  return response.text()
}

async function listening(dataDir: string): Promise<{ address: string; ownerUrl: string }> {
  return eventually(async () => {
    const instance = await runningInstance(dataDir)
    if (!instance?.address || !instance.ownerUrl) throw new Error('not yet listening')
    await fetchText(instance.address)
    return { address: instance.address, ownerUrl: instance.ownerUrl }
  })
}

async function rowsOf(url: string, statement: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query(statement)).rows
  } finally {
    await client.end()
  }
}

async function workerOf(supervisor: Supervisor): Promise<number> {
  return eventually(async () => {
    const children = await readFile(`/proc/${supervisor.child.pid}/task/${supervisor.child.pid}/children`, 'utf8')
    for (const pid of children.trim().split(' ')) {
      const command = await readFile(`/proc/${pid}/cmdline`, 'utf8')
      if (command.includes('\0work\0')) return Number(pid)
    }
    throw new Error('no worker')
  })
}

function isGone(pid: number): void {
  expect(() => process.kill(pid, 0)).toThrow()
}

describe('one process tree', () => {
  let dataDir: string
  let supervisor: Supervisor
  let address: string
  let ownerUrl: string

  beforeAll(async () => {
    dataDir = join(folder, 'data')
    supervisor = start({ KIZUNA_DATA_DIR: dataDir, PORT: '0' })
    ;({ address, ownerUrl } = await listening(dataDir))
  })
  afterEach(({ task }) => {
    if (task.result?.state === 'fail') console.error(`The supervisor said:\n${supervisor.output()}`)
  })

  test('migrates first, then says where it listens and how to sign in to the demo, in both languages', async () => {
    await eventually(() => expect(supervisor.output()).toContain('demo@example.com'))
    const output = supervisor.output()
    expect(output.indexOf('migrating /kizuna')).toBeLessThan(output.indexOf(address))
    expect(output).toMatch(/ブラウザーで上のアドレスを開いてください[\s\S]*Open the address in a browser/)
  })

  test('a second start says that it is running, where, and ends well', async () => {
    const second = start({ KIZUNA_DATA_DIR: dataDir })
    expect(await second.exited).toEqual([0, null])
    expect(second.output()).toContain(`Kizunaは既に起動しています: ${address}`)
    expect(second.output()).toContain(`Kizuna is already running at ${address}`)
  })

  test('starts a killed server again on the same port', async () => {
    const before = await fetchText(`${address}/pid`)
    process.kill(Number(before), 'SIGKILL')
    expect(await eventually(() => fetchText(`${address}/pid`))).not.toBe(before)
    expect(supervisor.output()).toContain('The process "serve" ended (killed); starting it again.')
  })

  test.skipIf(process.platform !== 'linux')('starts a killed worker again (looks into /proc)', async () => {
    const before = await workerOf(supervisor)
    process.kill(before, 'SIGKILL')
    await eventually(async () => expect(await workerOf(supervisor)).not.toBe(before))
  })

  test('starts a killed PostgreSQL again under the same address, committed rows kept', async () => {
    await rowsOf(ownerUrl, 'create table kept as select 1 as n')
    const cluster = join(dataDir, 'postgres/cluster')
    for (let kill = 0; kill < 3; kill += 1) {
      const pid = Number((await readFile(join(cluster, 'postmaster.pid'), 'utf8')).split('\n')[0])
      process.kill(pid, 'SIGKILL')
      await eventually(async () => expect(await rowsOf(ownerUrl, 'select n from kept')).toEqual([{ n: 1 }]))
    }
  })

  test('killed itself, it leaves no server and no worker, and the next start works', async () => {
    const server = Number(await fetchText(`${address}/pid`))
    supervisor.child.kill('SIGKILL')
    await supervisor.exited
    await eventually(() => isGone(server))
    expect(await runningInstance(dataDir)).toBeUndefined()
    supervisor = start({ KIZUNA_DATA_DIR: dataDir, PORT: new URL(address).port })
    const again = await listening(dataDir)
    expect(again.address).toBe(address)
    expect(await rowsOf(again.ownerUrl, 'select n from kept')).toEqual([{ n: 1 }])
    ownerUrl = again.ownerUrl
  })

  test('on SIGTERM answers what it has begun, then stops everything', async () => {
    const slow = fetchText(`${address}/slow`)
    await delay(200)
    supervisor.child.kill('SIGTERM')
    const server = Number(await slow)
    expect(server).toBeGreaterThan(1)
    expect(await supervisor.exited).toEqual([0, null])
    isGone(server)
    await expect(rowsOf(ownerUrl, 'select 1')).rejects.toThrow('ECONNREFUSED')
  })
})

describe('with a database that is given', () => {
  let databaseUrl: string
  let stop: () => Promise<void>

  beforeAll(async () => {
    const server = await startPostgres({ dataDir: join(folder, 'given'), log: () => {} })
    databaseUrl = server.url
    stop = server.stop
  })
  afterAll(() => stop())

  /** A port that stays taken while the test runs. */
  async function withTakenPort(work: (port: number) => Promise<void>): Promise<void> {
    const server = createServer()
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    await work(typeof address === 'object' && address ? address.port : 0)
    server.close()
  }

  test('ends with code 3 and a clear message when the port that was asked for is taken', () =>
    withTakenPort(async port => {
      const supervisor = start({ KIZUNA_DATA_DIR: join(folder, 'a'), DATABASE_URL: databaseUrl, PORT: `${port}` })
      expect(await supervisor.exited).toEqual([3, null])
      expect(supervisor.output()).toContain(`Port ${port} is in use`)
    }))

  test('starts no PostgreSQL of its own', async () => {
    const dataDir = join(folder, 'b')
    const supervisor = start({ KIZUNA_DATA_DIR: dataDir, DATABASE_URL: databaseUrl, PORT: '0' })
    expect((await listening(dataDir)).ownerUrl).toBe(databaseUrl)
    await expect(readFile(join(dataDir, 'postgres/passwords.json'))).rejects.toThrow('ENOENT')
    supervisor.child.kill('SIGINT')
    expect(await supervisor.exited).toEqual([0, null])
  })
})
