import { randomUUID } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Caller, type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { type TestDatabase, testDatabase } from '../../../tests/support/database.ts'
import {
  asSystem,
  newCompany,
  newKey,
  newMember,
  newPerson,
  type TestCompany,
  testOrigin,
} from '../../../tests/support/factories.ts'
import { testRootKey } from '../../../tests/support/root-key.ts'
import { tableScopes } from '../../modules.ts'
import { verifyChain } from '../audit/verify.ts'
import { createPool } from '../db/pool.ts'
import { AppError } from '../errors/app-error.ts'
import { addMember } from '../identity/commands/provision.ts'
import { getSession } from '../identity/contract/account.ts'
import { getCompany } from '../identity/contract/company.ts'
import { queueMail } from '../mail/queue.ts'
import { keyringOf } from '../secrets/keyring.ts'
import { inAccount } from '../tenancy/transaction.ts'
import { type BackupReport, makeBackup } from './backup.ts'
import { type RestoreReport, restoreBackup } from './restore.ts'

const keys = [{ id: 'test', bytes: testRootKey }]
let folder: string
let application: TestApplication
let company: TestCompany
let other: TestCompany
let apiKey: Caller
let backup: BackupReport
let writes = 0
const targets: TestDatabase[] = []

function backupTo(path: string): Promise<BackupReport> {
  return makeBackup({
    ownerUrl: application.database.ownerUrl,
    keyring: keyringOf(keys),
    scopes: tableScopes,
    version: '0.0.0',
    path,
    withKeys: false,
  })
}

function restoreTo(target: TestDatabase, path: string, replace = false, given = keys): Promise<RestoreReport> {
  const wish = { keys: { keys: given, dataDir: folder }, scopes: tableScopes, requestId: 'test' }
  return restoreBackup({ ...wish, ownerUrl: target.ownerUrl, path, replace })
}

async function newTarget(): Promise<TestDatabase> {
  const target = await testDatabase()
  targets.push(target)
  return target
}

async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end()
  }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kizuna-backup-'))
  application = await testApplication({
    smtp: { url: 'smtp://127.0.0.1:1', from: { name: 'Kizuna', address: 'no-reply@kizuna.test' } },
  })
  company = await newCompany(application)
  other = await newCompany(application, 'Ōther "company"\t\\N 株式会社')
  apiKey = await newKey(company, 'administrator')
  await newMember(company, 'csm', { name: '改行のない名前' })
  await inAccount(application.installation, testOrigin(), account =>
    queueMail(account, 'invited-somebody@example.test', 'ja', { kind: 'password_changed', name: '佐藤' }),
  )
  await application.pool.query("update job set state = 'leased', lease = $1, lease_until = now(), key = null", [
    randomUUID(),
  ])
  await query(
    application.database.superuserUrl,
    "create table if not exists event_202001 partition of event for values from ('2020-01-01T00:00:00Z') to ('2020-02-01T00:00:00Z')",
  )
  await query(
    application.database.superuserUrl,
    `insert into event (tenant_id, occurred_at, id, type, payload) values ('${company.tenantId}', '2020-01-15T00:00:00Z', gen_random_uuid(), 'old.fact', '{}')`,
  )
  // Writes go on while the backup is made.
  const stop = new AbortController()
  const writing = (async () => {
    while (!stop.signal.aborted) {
      const person = await newPerson(application)
      await asSystem(company, ctx => addMember(ctx, person.id, 'csm'))
      writes += 1
    }
  })()
  while (writes < 5) await new Promise(resolve => setTimeout(resolve, 5))
  backup = await backupTo(join(folder, 'backup.tar.gz'))
  const during = writes
  while (writes < during + 3) await new Promise(resolve => setTimeout(resolve, 5))
  stop.abort()
  await writing
})

afterAll(async () => {
  await application?.end()
  for (const target of targets) await target.drop()
  await rm(folder, { recursive: true, force: true })
})

describe('a backup', () => {
  it('is readable by its owner only, and leaves no draft behind', async () => {
    expect((await stat(backup.path)).mode & 0o777).toBe(0o600)
    expect(await readdir(folder)).toEqual(['backup.tar.gz'])
    expect(backup.tenants).toBe(2)
  })

  it('never takes the place of a file that is there', async () => {
    await expect(backupTo(backup.path)).rejects.toMatchObject({ code: 'invalid_input' })
    expect(await readdir(folder)).toEqual(['backup.tar.gz'])
  })

  it('holds no secret in clear (E1)', async () => {
    const bytes = gunzipSync(await readFile(backup.path))
    expect(bytes.includes('invited-somebody@example.test')).toBe(false)
    expect(bytes.includes(testRootKey)).toBe(false)
    expect(bytes.includes(testRootKey.toString('base64'))).toBe(false)
  })

  it('refuses a database with a table that no module declares', async () => {
    const target = await newTarget()
    await query(target.ownerUrl, 'create table forgotten (id integer)')
    const wish = { keyring: keyringOf(keys), scopes: tableScopes, version: '0', withKeys: false }
    const path = join(folder, 'never.tar.gz')
    await expect(makeBackup({ ...wish, ownerUrl: target.ownerUrl, path })).rejects.toThrow('forgotten')
    expect(await readdir(folder)).toEqual(['backup.tar.gz'])
  })
})

describe('a restore', () => {
  let target: TestDatabase
  let report: RestoreReport

  beforeAll(async () => {
    target = await newTarget()
    report = await restoreTo(target, backup.path)
  })

  it('brings back one moment of what went on: every member has a person, and all rows are there', async () => {
    expect(report).toMatchObject({ takenAt: backup.takenAt, tenants: 2, rows: backup.rows, heldMails: 1, migrated: [] })
    const [counts] = await query(
      target.superuserUrl,
      `select (select count(*)::int from member) as members, (select count(*)::int from user_tenant) as entries,
        (select count(*)::int from member m where not exists (select 1 from app_user u where u.id = m.user_id)) as orphans,
        (select count(*)::int from event where type = 'old.fact') as old`,
    )
    expect(counts).toMatchObject({ orphans: 0, old: 1 })
    expect(counts?.members).toBe(counts?.entries)
    expect(counts?.members).toBeGreaterThanOrEqual(8)
    expect(counts?.members).toBeLessThan(3 + writes)
  })

  it('keeps every audit chain whole and notes the gap in it (E5)', async () => {
    const pool = createPool(target.appUrl, 2)
    const restored = { ...application, installation: { ...application.installation, pool } }
    for (const one of [company, other]) {
      const result = await asSystem({ ...one, application: restored }, verifyChain)
      expect(result).toMatchObject({ intact: true, fault: null })
    }
    await pool.end()
    const lines = await query(
      target.superuserUrl,
      "select details ->> 'takenAt' as at, details ->> 'by' as by from audit_entry where action = 'backup.restored'",
    )
    expect(lines).toEqual(Array(2).fill({ at: backup.takenAt, by: 'operator' }))
  })

  it('works: row-level security is forced again, counters go on, keys sign in, sessions do not', async () => {
    expect(
      await query(
        target.ownerUrl,
        "select relname from pg_class where relname in ('tenant', 'member', 'event', 'audit_entry') and not relforcerowsecurity",
      ),
    ).toEqual([])
    const [{ top, next } = {}] = await query(
      target.superuserUrl,
      "select max(id) as top, nextval(pg_get_serial_sequence('job', 'id')) as next from job",
    )
    expect(Number(next)).toBeGreaterThan(Number(top))
    const { installation } = application
    const pool = createPool(target.appUrl, 4)
    const before = installation.pool
    installation.pool = pool
    try {
      const reply = await apiKey.call(getCompany)
      expect(reply.body).toMatchObject({ id: company.tenantId, name: '株式会社みなと商事' })
      const signedIn = new Caller(application, { cookie: company.admin.cookie })
      expect((await signedIn.call(getSession)).status).toBe(401)
    } finally {
      installation.pool = before
      await pool.end()
    }
  })

  it('holds mails that may have left, and gives leased jobs out again', async () => {
    expect(await query(target.superuserUrl, 'select state from system_mail')).toEqual([{ state: 'uncertain' }])
    const states = await query(target.superuserUrl, 'select distinct state, lease from job where lease_until is null')
    expect(states).toContainEqual({ state: 'waiting', lease: null })
    expect(await query(target.superuserUrl, "select 1 from job where state = 'leased'")).toEqual([])
  })

  it('refuses data that is there, unless it may go', async () => {
    await expect(restoreTo(target, backup.path)).rejects.toMatchObject({ code: 'conflict' })
    await query(target.ownerUrl, "insert into tenant_directory (tenant_id, slug) values (gen_random_uuid(), 'later')")
    await restoreTo(target, backup.path, true)
    expect(await query(target.ownerUrl, "select 1 from tenant_directory where slug = 'later'")).toEqual([])
  })

  it('refuses while a server is connected', async () => {
    const pool = createPool(target.appUrl, 1)
    await pool.query('select 1')
    await expect(restoreTo(target, backup.path, true)).rejects.toThrow('Stop all of them')
    await pool.end()
  })

  it('refuses other keys, and says which it needs', async () => {
    const foreign = [{ id: 'else', bytes: Buffer.alloc(32, 1) }]
    await expect(restoreTo(target, backup.path, true, foreign)).rejects.toThrow(/keys of this backup \(test\)/)
  })
})

it('restores a backup of an older schema and brings it up to date', async () => {
  const old = await newTarget()
  await query(old.ownerUrl, 'drop table encryption_key')
  await query(old.ownerUrl, "delete from migration where name = '0006-keys.sql'")
  await query(old.ownerUrl, "insert into tenant_directory (tenant_id, slug) values (gen_random_uuid(), 'old')")
  await query(
    old.superuserUrl,
    'insert into tenant select tenant_id, slug, slug, $$ja$$, $$Asia/Tokyo$$, $$JPY$$, 4 from tenant_directory',
  )
  await query(old.superuserUrl, "insert into audit_head select id, 0, decode(repeat('00', 32), 'hex') from tenant")
  const wish = { keyring: keyringOf(keys), scopes: tableScopes, version: '0', withKeys: false }
  const { path } = await makeBackup({ ...wish, ownerUrl: old.ownerUrl, path: join(folder, 'old.tar.gz') })
  const report = await restoreTo(await newTarget(), path)
  expect(report).toMatchObject({ tenants: 1, migrated: ['0006-keys.sql'] })
})

it('leaves what was there when the database breaks off in the middle', async () => {
  const target = await newTarget()
  await query(target.ownerUrl, "insert into tenant_directory (tenant_id, slug) values (gen_random_uuid(), 'kept')")
  const restoring = restoreTo(target, backup.path, true).catch((error: Error) => error)
  for (let ended = 0; ended === 0; ) {
    const rows = await query(
      target.superuserUrl,
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'kizuna restore' and datname = current_database() and backend_xid is not null",
    )
    ended = rows.length
  }
  expect(await restoring).toBeInstanceOf(Error)
  expect(await query(target.ownerUrl, 'select slug from tenant_directory')).toEqual([{ slug: 'kept' }])
  expect(await restoreTo(target, backup.path, true)).toMatchObject({ tenants: 2 })
})

describe('a damaged backup', () => {
  let target: TestDatabase
  let whole: Buffer

  beforeAll(async () => {
    whole = await readFile(backup.path)
    target = await newTarget()
    await query(target.ownerUrl, "insert into tenant_directory (tenant_id, slug) values (gen_random_uuid(), 'kept')")
  })

  async function refusal(content: Buffer): Promise<AppError> {
    const path = join(folder, `${randomUUID()}.tar.gz`)
    await writeFile(path, content)
    const error = await restoreTo(target, path, true).catch(failure => failure)
    await rm(path)
    expect(await query(target.ownerUrl, 'select slug from tenant_directory')).toEqual([{ slug: 'kept' }])
    expect(error).toBeInstanceOf(AppError)
    return error
  }

  it.each([0, 0.1, 0.5, 0.9, 0.999])('is refused when cut after %d of its length', async part => {
    const error = await refusal(whole.subarray(0, Math.floor(whole.length * part)))
    expect(error.message).toContain('Nothing was changed')
  })

  it('is refused when cut between two entries and closed properly', async () => {
    const tar = gunzipSync(whole)
    const manifestAt = tar.indexOf('manifest.json')
    const error = await refusal(gzipSync(Buffer.concat([tar.subarray(0, manifestAt), Buffer.alloc(1024)])))
    expect(error.message).toContain('not written to its end')
  })

  it('is refused when one letter differs', async () => {
    const tar = gunzipSync(whole)
    const at = tar.indexOf('株式会社みなと商事')
    tar.write('X', at)
    expect((await refusal(gzipSync(tar))).message).toContain('altered')
  })

  it('is refused when the manifest was made to fit by somebody without the keys', async () => {
    const tar = gunzipSync(whole)
    const at = tar.lastIndexOf('"rows":1')
    tar.write('"rows":2', at)
    expect((await refusal(gzipSync(tar))).message).toContain('altered')
  })

  it('is refused when it is something else', async () => {
    expect((await refusal(Buffer.from('hello'))).message).toContain('cut short or damaged')
    expect((await refusal(gzipSync('hello'))).message).toContain('Nothing was changed')
  })
})
