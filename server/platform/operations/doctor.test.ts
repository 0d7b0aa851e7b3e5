import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { newCompany } from '../../../tests/support/factories.ts'
import { type Mailbox, startMailbox } from '../../../tests/support/mailbox.ts'
import { testRootKey } from '../../../tests/support/root-key.ts'
import { tableScopes } from '../../modules.ts'
import { readSettings } from '../config/settings.ts'
import { keyFile, loadKeyring } from '../secrets/keyring.ts'
import { examineDatabase, examineMachine, type Finding } from './doctor.ts'

let dataDir: string
let application: TestApplication
let mailbox: Mailbox
let superuser: pg.Client

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'kizuna-doctor-'))
  application = await testApplication()
  mailbox = await startMailbox()
  await newCompany(application)
  superuser = new pg.Client({ connectionString: application.database.superuserUrl })
  await superuser.connect()
})

afterAll(async () => {
  await superuser?.end()
  await mailbox?.close()
  await application?.end()
  await rm(dataDir, { recursive: true, force: true })
})

function settings(more: NodeJS.ProcessEnv = {}) {
  const KIZUNA_KEYS = `test:${testRootKey.toString('base64')}`
  return readSettings({ KIZUNA_DATA_DIR: dataDir, KIZUNA_KEYS, ...more })
}

function database(ownerUrl = application.database.ownerUrl): Promise<Finding[]> {
  return examineDatabase(settings(), ownerUrl, tableScopes)
}

function statesOf(findings: Finding[]): Record<string, string> {
  return Object.fromEntries(findings.map(({ name, state }) => [name, state]))
}

it('finds nothing wrong where nothing is', async () => {
  expect(statesOf(await database())).toEqual({
    database: 'well',
    migrations: 'well',
    keys: 'well',
    role: 'well',
    row_security: 'well',
    jobs: 'well',
    audit: 'well',
  })
  const machine = statesOf(await examineMachine(settings({ SMTP_URL: mailbox.url })))
  expect(machine).toMatchObject({ node: 'well', settings: 'well', data_folder: 'well', key_file: 'well', smtp: 'well' })
})

it('finds a mail server that does not answer, and a key file that others may read', async () => {
  await loadKeyring({ keys: undefined, dataDir })
  await chmod(keyFile(dataDir), 0o644)
  const findings = statesOf(
    await examineMachine(readSettings({ KIZUNA_DATA_DIR: dataDir, SMTP_URL: 'smtp://127.0.0.1:1' })),
  )
  expect(findings).toMatchObject({ smtp: 'failed', key_file: 'failed' })
})

it('finds row-level security that was turned off, a stuck job, and a log whose end was cut off', async () => {
  await superuser.query('alter table team no force row level security')
  await superuser.query("update job set run_at = now() - interval '1 hour'")
  await superuser.query(
    'delete from audit_entry e using audit_head h where h.tenant_id = e.tenant_id and h.sequence = e.sequence',
  )
  const findings = await database()
  expect(statesOf(findings)).toMatchObject({ row_security: 'failed', audit: 'failed' })
  expect(findings.find(({ name }) => name === 'row_security')?.words.en).toContain('team')
  await superuser.query(
    "insert into job (tenant_id, name, payload, state, max_attempts, run_at) values (gen_random_uuid(), 'x', '{}', 'waiting', 1, now() - interval '1 hour')",
  )
  expect(statesOf(await database())).toMatchObject({ jobs: 'failed' })
})

it('finds keys that are not those of the database', async () => {
  const keys = [{ id: 'test', bytes: Buffer.alloc(32, 9) }]
  const findings = await examineDatabase({ ...settings(), keys }, application.database.ownerUrl, tableScopes)
  expect(statesOf(findings)).toMatchObject({ keys: 'failed' })
})

it('finds a database that cannot be reached, and one that was not migrated', async () => {
  expect(statesOf(await database('postgres://x:x@127.0.0.1:1/x'))).toEqual({ database: 'failed' })
  await superuser.query("delete from migration where name like '0006%'")
  expect(statesOf(await database())).toMatchObject({ migrations: 'failed' })
})
