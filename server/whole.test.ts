import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { Caller, testApplication } from '../tests/support/application.ts'
import { type TestDatabase, testDatabase } from '../tests/support/database.ts'
import { freePort } from '../tests/support/free-port.ts'
import { testRootKey } from '../tests/support/root-key.ts'
import type { DemoSignIn } from './demo.ts'
import { readSettings, type Settings } from './platform/config/settings.ts'
import { signIn as enter } from './platform/identity/contract/account.ts'

/** The real server and the real worker in this process, on a database of their own, and the operator beside them. */

let folder: string
let database: TestDatabase
let settings: Settings
let server: { address: string; demo: DemoSignIn | undefined; close(): Promise<void> }
let worker: { close(): Promise<void> }
let operator: typeof import('./operator.ts')

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kizuna-whole-'))
  database = await testDatabase()
  const environment = {
    KIZUNA_DATA_DIR: folder,
    DATABASE_URL: database.ownerUrl,
    KIZUNA_KEYS: `test:${testRootKey.toString('base64')}`,
    PORT: '0',
    LOG_LEVEL: 'silent',
    KIZUNA_WORKERS: '2',
  }
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value)
  settings = readSettings(process.env)
  const { runMigrate } = await import('./migrate.ts')
  expect(await runMigrate(settings, database.ownerUrl)).toEqual([])
  const [{ serve }, { work }] = await Promise.all([import('./serve.ts'), import('./work.ts')])
  server = await serve({ ...settings, port: await freePort() }, database.ownerUrl)
  worker = await work(settings, database.ownerUrl)
  operator = await import('./operator.ts')
  // The demo is made here: on a busy machine that takes more than a minute.
}, 300_000)
afterAll(async () => {
  vi.unstubAllEnvs()
  await Promise.all([server?.close(), worker?.close()])
  await database.drop()
  await rm(folder, { recursive: true, force: true })
})

const call = (path: string, options: RequestInit = {}) =>
  fetch(`${server.address}/api/v1${path}`, {
    ...options,
    headers: { 'content-type': 'application/json', ...options.headers },
  })

describe('the demo (OPS-1)', () => {
  it('has a company with colleagues and teams, and a password that only this data folder knows', async () => {
    expect(server.demo?.password).toHaveLength(12)
    expect(((await stat(join(folder, 'demo-sign-in.json'))).mode & 0o077).toString(8)).toBe('0')
    const { openDemo } = await import('./demo.ts')
    const { openInstallation } = await import('./installation.ts')
    const installation = await openInstallation({ ...settings, poolSize: 2 }, database.ownerUrl, server.address)
    expect(await openDemo(installation, folder)).toEqual(server.demo)
    // Another data folder did not make it: it neither knows the password nor pretends to.
    const elsewhere = await mkdtemp(join(tmpdir(), 'kizuna-elsewhere-'))
    expect(await openDemo(installation, elsewhere)).toBeUndefined()
    expect(await readdir(elsewhere)).toEqual([])
    await rm(elsewhere, { recursive: true })
    await installation.pool.end()
    const cookie = await signIn(server.demo!)
    const members = await (await call('/members?limit=200', { headers: { cookie } })).json()
    expect(members.items).toHaveLength(15)
    const teams = await (await call('/teams', { headers: { cookie } })).json()
    expect(teams.items.map((team: { members: unknown[] }) => team.members.length)).toEqual([3, 3, 2])
  })

  it('is not made where its password cannot be kept, and once where two servers of a folder begin together', {
    timeout: 420_000,
  }, async () => {
    const { openDemo } = await import('./demo.ts')
    const application = await testApplication()
    const own = await mkdtemp(join(tmpdir(), 'kizuna-demo-'))
    await expect(openDemo(application.installation, join(own, 'missing'))).rejects.toThrow()
    const { rows } = await application.pool.query(`select 1 from tenant_directory where slug = 'demo'`)
    expect(rows).toEqual([])
    const [one, two] = await Promise.all([1, 2].map(() => openDemo(application.installation, own)))
    expect(one).toEqual({ email: 'admin@demo.kizuna.example', password: expect.any(String) })
    expect(two).toEqual(one)
    expect(await readdir(own)).toEqual(['demo-sign-in.json'])
    const caller = new Caller(application)
    expect((await caller.call(enter, { body: one })).status).toBe(200)
    await application.end()
    await rm(own, { recursive: true })
  })

  it('shows kept mails to its administrators, and a sign-up goes all the way with them', async () => {
    const cookie = await signIn(server.demo!)
    const body = {
      company: '株式会社試験',
      slug: 'shiken',
      name: '試験 花子',
      email: 'hanako@shiken.example',
      password: 'とても長い合言葉',
      locale: 'ja',
    }
    expect((await call('/sign-up', { method: 'POST', body: JSON.stringify(body) })).status).toBe(202)
    const mail = await vi.waitFor(
      async () => {
        const { items } = await (await call('/mails?limit=5', { headers: { cookie } })).json()
        const found = items.find((item: { recipient: string }) => item.recipient === body.email)
        expect(found).toMatchObject({ kind: 'verify_email', state: 'kept' })
        return (await call(`/mails/${found.id}`, { headers: { cookie } })).json()
      },
      { timeout: 10_000, interval: 50 },
    )
    const token = /#(\S+)/.exec(mail.text)?.[1]
    expect((await call('/email-verifications', { method: 'POST', body: JSON.stringify({ token }) })).status).toBe(200)
    const own = await signIn(body)
    expect((await call('/mails', { headers: { cookie: own } })).status).toBe(404)
    expect((await operator.keptMails(5)).map(kept => kept.to)).toContain(body.email)
  })
})

describe('the operator', () => {
  it('makes companies, people and keys that work at once, and says what is wrong otherwise', async () => {
    const company = await operator.createCompany({
      name: '運用株式会社',
      slug: 'unyo',
      locale: 'ja',
      timeZone: 'Asia/Tokyo',
      adminEmail: 'admin@unyo.example',
      adminName: '運用 太郎',
    })
    const cookie = await signIn({ email: company.email, password: company.password! })
    expect((await call('/company', { headers: { cookie } })).status).toBe(200)
    const user = await operator.createUser({ tenant: 'unyo', email: 'csm@unyo.example', name: '担当', role: 'csm' })
    expect(user).toMatchObject({ newPerson: true, password: expect.any(String) })
    const { key } = await operator.createApiKey({ tenant: 'unyo', name: 'BI', role: 'analyst', scopes: [] })
    const listed = await call('/members', { headers: { authorization: `Bearer ${key}` } })
    expect((await listed.json()).items).toHaveLength(2)
    expect((await operator.listCompanies()).map(line => line.slug)).toEqual(expect.arrayContaining(['demo', 'unyo']))
    const again = operator.createCompany({
      name: 'x',
      slug: 'unyo',
      locale: 'ja',
      timeZone: 'Asia/Tokyo',
      adminEmail: 'a@b.example',
      adminName: 'x',
    })
    await expect(again).rejects.toMatchObject({ code: 'conflict' })
    await expect(operator.createApiKey({ tenant: 'nobody', name: 'x', role: 'csm', scopes: [] })).rejects.toMatchObject(
      { code: 'not_found' },
    )
    expect(operator.failureOf(new Error('x')).exitCode).toBe(operator.exitCode.fault)
  })

  it('verifies every audit chain, examines the installation, and makes a backup', async () => {
    const chains = await operator.verifyAudit(undefined)
    expect(chains.length).toBeGreaterThanOrEqual(3)
    expect(chains.every(chain => chain.intact)).toBe(true)
    expect(await operator.verifyAudit('unyo')).toHaveLength(1)
    const findings = await operator.diagnose()
    expect(findings.filter(finding => finding.state === 'failed')).toEqual([])
    const report = await operator.backup(join(folder, 'backup.tar.gz'), false)
    expect(report).toBeTruthy()
    expect((await stat(join(folder, 'backup.tar.gz'))).size).toBeGreaterThan(1_000)
    expect(await operator.migrateDatabase()).toEqual([])
  })
})

describe('the server', () => {
  it('counts what it answers', async () => {
    const text = await (await fetch(`${server.address}/metrics`)).text()
    expect(text).toContain('http_server_request_duration')
  })

  it('refuses a database whose schema is another version’s', async () => {
    const { refuseOtherSchema } = await import('./platform/db/migrate.ts')
    const pg = (await import('pg')).default
    const owner = new pg.Client({ connectionString: database.ownerUrl })
    await owner.connect()
    await owner.query(`insert into migration (name, checksum) values ('9999-later.sql', '')`)
    await expect(refuseOtherSchema(database.ownerUrl)).rejects.toMatchObject({ code: 'unavailable' })
    await owner.query(`delete from migration where name = '9999-later.sql'`)
    await owner.end()
  })
})

async function signIn({ email, password }: DemoSignIn): Promise<string> {
  const reply = await call('/session', { method: 'POST', body: JSON.stringify({ email, password }) })
  expect(reply.status).toBe(200)
  return reply.headers.getSetCookie()[0]!.split(';')[0]!
}
