import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, chown, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { run, serverAccount } from './account.ts'
import { type Postgres, startPostgres } from './server.ts'

const isRoot = process.getuid?.() === 0
const folders: string[] = []
const running = new Set<Postgres>()
const lines: string[] = []
const log = (line: string) => lines.push(line)

afterAll(async () => {
  await Promise.all([...running].map(server => server.stop()))
  for (const folder of folders) await rm(folder, { recursive: true, force: true })
})

/** A data folder that every account may enter, below `/tmp`. */
async function dataFolder(mode = 0o755): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'kizuna-postgres-'))
  await chmod(folder, mode)
  folders.push(folder)
  return folder
}

async function start(dataDir: string, port?: number): Promise<Postgres> {
  const server = await startPostgres({ dataDir, log, port })
  running.add(server)
  void server.exited.then(() => running.delete(server))
  return server
}

async function query(url: string, statement: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query(statement)).rows
  } finally {
    await client.end()
  }
}

/** Another process that starts PostgreSQL on the data folder and stays. */
function otherProcess(dataDir: string, more: { uid?: number; gid?: number } = {}): ChildProcess {
  const module = new URL('./server.ts', import.meta.url).href
  const source = `
    import { startPostgres } from ${JSON.stringify(module)}
    const server = await startPostgres({ dataDir: ${JSON.stringify(dataDir)}, log: line => console.error(line) })
    console.log(JSON.stringify({ url: server.url, pid: server.pid }))
    process.on('SIGTERM', () => server.stop().then(() => process.exit(0)))`
  return spawn(process.execPath, ['--input-type=module', '-e', source], {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    cwd: '/',
    ...more,
  })
}

async function whatItStarted(child: ChildProcess): Promise<{ url: string; pid: number }> {
  let said = ''
  child.stderr?.on('data', chunk => {
    said += chunk
  })
  const [first] = await Promise.race([
    once(child.stdout!, 'data'),
    once(child, 'exit').then(() => Promise.reject(new Error(said))),
  ])
  return JSON.parse(String(first))
}

describe('on one data folder', () => {
  let dataDir: string
  let server: Postgres

  beforeAll(async () => {
    dataDir = await dataFolder()
    server = await start(dataDir)
  })

  test('is version 18 with checksums and everything on that keeps an acknowledged write', async () => {
    const rows = await query(
      server.url,
      `select name, setting from pg_settings where name in
        ('data_checksums', 'fsync', 'full_page_writes', 'synchronous_commit', 'listen_addresses', 'server_encoding', 'TimeZone')`,
    )
    expect(Object.fromEntries(rows.map(row => [row.name, row.setting]))).toEqual({
      data_checksums: 'on',
      fsync: 'on',
      full_page_writes: 'on',
      synchronous_commit: 'on',
      listen_addresses: '127.0.0.1',
      server_encoding: 'UTF8',
      TimeZone: 'UTC',
    })
    const [words] = await query(
      server.url,
      `select current_setting('server_version') as version, upper('é') as upper, 'あ' < 'い' as sorted`,
    )
    expect(words).toMatchObject({ version: expect.stringMatching(/^18\./), upper: 'É', sorted: true })
  })

  test('gives the owner of the database a role that is no superuser but may create roles', async () => {
    const [role] = await query(
      server.url,
      `select current_user as name, current_database() as database, rolsuper, rolcreaterole, rolbypassrls,
        (select pg_get_userbyid(datdba) from pg_database where datname = current_database()) as owner
       from pg_roles where rolname = current_user`,
    )
    expect(role).toEqual({
      name: 'kizuna_owner',
      database: 'kizuna',
      rolsuper: false,
      rolcreaterole: true,
      rolbypassrls: false,
      owner: 'kizuna_owner',
    })
    const [superuser] = await query(server.superuserUrl, 'select rolsuper from pg_roles where rolname = current_user')
    expect(superuser).toEqual({ rolsuper: true })
    await expect(query(server.url.replace(/:[^:@]+@/, ':wrong@'), 'select 1')).rejects.toMatchObject({ code: '28P01' })
  })

  test('keeps the passwords where only Kizuna reads them', async () => {
    expect((await stat(join(dataDir, 'postgres/passwords.json'))).mode & 0o777).toBe(0o600)
  })

  test('starts again after a stop, on the same port when asked, with its rows', async () => {
    await query(server.url, 'create table kept (n int primary key)')
    await query(server.url, 'insert into kept values (1)')
    const { port } = server
    await server.stop()
    await expect(query(server.url, 'select 1')).rejects.toThrow()
    server = await start(dataDir, port)
    expect(server.port).toBe(port)
    expect(await query(server.url, 'select n from kept')).toEqual([{ n: 1 }])
  })

  test('keeps committed rows through kill -9 of the postmaster while a statement runs', async () => {
    const busy = query(server.url, "select pg_sleep(600), 'x'").catch(() => 'ended')
    await query(server.url, 'insert into kept select generate_series(2, 1000)')
    process.kill(server.pid, 'SIGKILL')
    await server.exited
    server = await start(dataDir)
    expect(await query(server.url, 'select count(*)::int as rows from kept')).toEqual([{ rows: 1000 }])
    expect(await busy).toBe('ended')
  })

  test('stops the server that a killed supervisor left behind, and goes on with its rows', async () => {
    await server.stop()
    const child = otherProcess(dataDir)
    const orphan = await whatItStarted(child)
    await query(orphan.url, 'insert into kept values (2000)')
    process.kill(-child.pid!, 'SIGKILL')
    await once(child, 'exit')
    server = await start(dataDir)
    await expect(query(orphan.url, 'select 1')).rejects.toThrow()
    expect(await query(server.url, 'select max(n) as n from kept')).toEqual([{ n: 2000 }])
  })

  test('is not held up by a lock file whose process number another program has by now', async () => {
    await server.stop()
    const account = await serverAccount(join(dataDir, 'postgres/cluster'))
    const bystander = spawn('/bin/sleep', ['60'], { uid: account?.uid, gid: account?.gid })
    try {
      await writeFile(join(dataDir, 'postgres/cluster/postmaster.pid'), `${bystander.pid}\n/somewhere\n0\n5432\n\n\n`)
      server = await start(dataDir)
      expect(bystander.exitCode).toBeNull()
      expect(await query(server.url, 'select max(n) as n from kept')).toEqual([{ n: 2000 }])
    } finally {
      bystander.kill('SIGKILL')
    }
  })

  test('takes another port when the wanted one is in use', async () => {
    const second = await start(await dataFolder(), server.port)
    expect(second.port).not.toBe(server.port)
    await second.stop()
  })

  test('refuses a cluster of another major version and leaves it alone', async () => {
    await server.stop()
    const file = join(dataDir, 'postgres/cluster/PG_VERSION')
    await writeFile(file, '17\n')
    await expect(startPostgres({ dataDir, log })).rejects.toMatchObject({
      code: 'unavailable',
      words: {
        en: expect.stringContaining('made by PostgreSQL 17'),
        ja: expect.stringContaining('PostgreSQL 17で作成'),
      },
    })
    await writeFile(file, '18\n')
    server = await start(dataDir)
  })

  test('refuses a cluster whose passwords are lost instead of making a new one', async () => {
    await server.stop()
    await rm(join(dataDir, 'postgres/passwords.json'))
    await expect(startPostgres({ dataDir, log })).rejects.toMatchObject({
      words: { en: expect.stringContaining('Restore') },
    })
    expect(await readFile(join(dataDir, 'postgres/cluster/PG_VERSION'), 'utf8')).toBe('18\n')
  })
})

test('begins anew after kill -9 in the middle of initdb', async () => {
  const dataDir = await dataFolder()
  const child = otherProcess(dataDir)
  const home = join(dataDir, 'postgres')
  const draftOf = async () => (await readdir(home).catch(() => [])).find(name => name.startsWith('initdb-'))
  let draft = await draftOf()
  while (!draft || (await readdir(join(home, draft, 'cluster')).catch(() => [])).length < 5) {
    await delay(5)
    draft = await draftOf()
  }
  process.kill(-child.pid!, 'SIGKILL')
  await once(child, 'exit')
  expect(await readdir(home)).not.toContain('cluster')
  const server = await start(dataDir)
  expect(await query(server.url, 'select 1 as one')).toEqual([{ one: 1 }])
  expect((await readdir(home)).sort()).toEqual(['cluster', 'passwords.json'])
  await server.stop()
})

describe.skipIf(!isRoot)('as root (skipped otherwise: needs to lend another account)', () => {
  test('keeps the cluster elsewhere when the account cannot enter the data folder, and finds it again', async () => {
    const dataDir = await dataFolder(0o700)
    const server = await start(dataDir)
    const { home } = JSON.parse(await readFile(join(dataDir, 'postgres/place.json'), 'utf8'))
    folders.push(home)
    expect(lines.some(line => line.includes(`the database is kept in ${home}`))).toBe(true)
    await query(server.url, 'create table kept (n int)')
    await server.stop()
    const again = await start(dataDir)
    expect(await query(again.url, 'select * from kept')).toEqual([])
    await again.stop()

    const copy = await dataFolder(0o700)
    await mkdir(join(copy, 'postgres'))
    for (const name of ['place.json', 'passwords.json']) {
      await writeFile(join(copy, 'postgres', name), await readFile(join(dataDir, 'postgres', name)))
    }
    await expect(startPostgres({ dataDir: copy, log })).rejects.toMatchObject({
      words: { en: expect.stringContaining(`belongs to another data folder, ${dataDir}/postgres`) },
    })

    await rm(home, { recursive: true })
    await expect(startPostgres({ dataDir, log })).rejects.toMatchObject({
      words: { en: expect.stringContaining('is missing. Check mounts') },
    })
  })

  test('gives a cluster that root restored from a copy back to the account', async () => {
    const dataDir = await dataFolder()
    await (await start(dataDir)).stop()
    const cluster = join(dataDir, 'postgres/cluster')
    for (const name of ['', ...(await readdir(cluster, { recursive: true }))]) await chown(join(cluster, name), 0, 0)
    const server = await start(dataDir)
    expect(await query(server.url, 'select 1 as one')).toEqual([{ one: 1 }])
    await server.stop()
  })

  test('works as an ordinary user, too', async ({ skip }) => {
    const account = (await serverAccount('/nowhere'))!
    const { code } = await run(process.execPath, ['-e', ''], account)
    skip(code !== 0, 'the ordinary account cannot run this Node')
    const dataDir = await dataFolder()
    await chown(dataDir, account.uid, account.gid)
    const child = otherProcess(dataDir, { uid: account.uid, gid: account.gid })
    const { url, pid } = await whatItStarted(child)
    expect(await query(url, 'select current_user as name')).toEqual([{ name: 'kizuna_owner' }])
    child.kill('SIGTERM')
    expect(await once(child, 'exit')).toEqual([0, null])
    expect(() => process.kill(pid, 0)).toThrow()
  })
})
