import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { newCompany, type TestCompany, testOrigin, testPassword } from '../../../tests/support/factories.ts'
import { testRootKey } from '../../../tests/support/root-key.ts'
import { boxedColumns, tableScopes } from '../../modules.ts'
import { beginSecondFactor } from '../identity/commands/second-factor.ts'
import { openPayload, requestSignUp } from '../identity/commands/sign-up.ts'
import { createTeam, inviteMember, listInvitations } from '../identity/contract/company.ts'
import { queueMail } from '../mail/queue.ts'
import { unseal } from '../secrets/box.ts'
import { formatKey, keyFile, keyringOf, keysOf, loadKeyring, parseKeys, saveKeys } from '../secrets/keyring.ts'
import { inAccount } from '../tenancy/transaction.ts'
import { readKeptMails } from './kept-mails.ts'
import { countOldBoxes } from './reseal.ts'
import { type RotationReport, rotateKeys } from './rotate.ts'

const kizuna = fileURLToPath(new URL('../../../bin/kizuna', import.meta.url))
const rootKey = { id: 'root', bytes: testRootKey }
const mails = 3_000
let dataDir: string
let application: TestApplication
let company: TestCompany
let signUpJobs: { box: string }[]

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'kizuna-rotate-'))
  await saveKeys(dataDir, [rootKey])
  application = await testApplication()
  // As a running server: it learns of a new key from the file.
  application.installation.keyring = await loadKeyring({ keys: undefined, dataDir })
  company = await newCompany(application)
  await company.admin.call(inviteMember, { body: { email: 'guest@example.test', role: 'csm' } })
  await company.admin.call(createTeam, {
    body: { name: '西日本', memberIds: [] },
    headers: { 'idempotency-key': 'first' },
  })
  await inAccount(application.installation, testOrigin(), async account => {
    const person = { userId: company.admin.userId, sessionId: '', tenantId: null, secondFactorPending: false }
    await beginSecondFactor(Object.assign(account, person), testPassword)
    await requestSignUp(account, {
      company: '未処理の会社',
      slug: 'waiting',
      name: '待機 中',
      email: 'waiting@example.test',
      password: testPassword,
      locale: 'ja',
      timeZone: 'Asia/Tokyo',
    })
    for (let count = 0; count < mails; count++) {
      await queueMail(account, `p${count}@example.test`, 'en', { kind: 'password_changed', name: 'P' })
    }
  })
  signUpJobs = await jobBoxes()
})

afterAll(async () => {
  await application?.end()
  await rm(dataDir, { recursive: true, force: true })
})

async function jobBoxes(): Promise<{ box: string }[]> {
  const { rows } = await application.pool.query("select payload ->> 'box' as box from job where payload ? 'box'")
  return rows
}

function rotate(): Promise<RotationReport> {
  return rotateKeys({
    ownerUrl: application.database.ownerUrl,
    pool: application.pool,
    settings: { keys: undefined, dataDir },
    boxes: boxedColumns,
    scopes: tableScopes,
  })
}

async function keysInFile(): Promise<string[]> {
  return (parseKeys(await readFile(keyFile(dataDir), 'utf8')) ?? []).map(key => key.id)
}

/** Reads one box of every kind as the product does. */
async function everythingIsReadable(): Promise<void> {
  const { installation } = application
  const invitations = await company.admin.call(listInvitations)
  expect(invitations.body.items.map(item => item.email)).toEqual(['guest@example.test'])
  const kept = await readKeptMails(application.pool, installation.keyring, mails + 10)
  expect(kept.filter(mail => mail.kind === 'password_changed')).toHaveLength(mails)
  await inAccount(installation, testOrigin(), async account => {
    const jobs = await jobBoxes()
    expect(jobs).toHaveLength(signUpJobs.length)
    expect(jobs.map(({ box }) => openPayload<{ email: string }>(account, box).email)).toEqual(['waiting@example.test'])
  })
  const again = await company.admin.call(createTeam, {
    body: { name: '西日本', memberIds: [] },
    headers: { 'idempotency-key': 'first' },
  })
  expect(again).toMatchObject({ status: 201, body: { name: '西日本' } })
  const { rows } = await application.pool.query('select id, second_factor_box as box from app_user where id = $1', [
    company.admin.userId,
  ])
  const place = { tenant: '-', table: 'app_user', column: 'second_factor_box', row: company.admin.userId }
  expect(unseal(installation.keyring, place, rows[0].box)).toMatch(/^[A-Z2-7]{32}$/)
}

function startCommand(): ChildProcess {
  return spawn(kizuna, ['secrets', 'rotate', '--json'], {
    env: { PATH: process.env.PATH, DATABASE_URL: application.database.ownerUrl, KIZUNA_DATA_DIR: dataDir },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}

it('knows every column of boxes in the database', async () => {
  const { rows } = await application.pool.query(
    `select c.relname || '.' || a.attname as name from pg_attribute a join pg_class c on c.oid = a.attrelid
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and a.attname like '%\\_box'`,
  )
  const declared = boxedColumns.map(({ table, column }) => `${table}.${column}`)
  expect(declared).toEqual(expect.arrayContaining(rows.map(row => row.name)))
})

describe('a rotation (E2)', () => {
  it('closes every box with the new key while a server runs, and keeps the root', async () => {
    const report = await rotate()
    expect(report).toMatchObject({ state: 'finished', resumed: false, left: 0, dropped: [], keys: undefined })
    expect(report.resealed).toBeGreaterThan(2 * mails)
    expect(await keysInFile()).toEqual([report.current, 'root'])
    await everythingIsReadable()
    expect(application.installation.keyring.current.id).toBe(report.current)
  })

  it('drops the key between the newest and the root', async () => {
    const [before] = await keysInFile()
    const report = await rotate()
    expect(report.dropped).toEqual([before])
    expect(await keysInFile()).toEqual([report.current, 'root'])
    await everythingIsReadable()
  })

  it('goes on after kill -9, at whatever moment, and every value stays readable', async () => {
    for (const patience of [900, 3_300, 3_600, 4_000]) {
      const child = startCommand()
      const timer = setTimeout(() => child.kill('SIGKILL'), patience)
      await once(child, 'exit')
      clearTimeout(timer)
      await everythingIsReadable()
    }
    const report = await rotate()
    expect(report).toMatchObject({ state: 'finished', left: 0 })
    expect(await keysInFile()).toEqual([report.current, 'root'])
    await everythingIsReadable()
    const fresh = await loadKeyring({ keys: undefined, dataDir })
    expect(await countOldBoxes({ pool: application.pool, boxes: boxedColumns, scopes: tableScopes }, fresh)).toBe(0)
  }, 60_000)

  it('takes up a rotation that was interrupted instead of adding another key', async () => {
    const ring = await loadKeyring({ keys: undefined, dataDir })
    await application.pool.query("update system_mail set state = 'kept'")
    const added = keyringOf([{ id: 'added', bytes: Buffer.alloc(32, 5) }, ...keysOf(ring)])
    await saveKeys(dataDir, keysOf(added))
    const report = await rotate()
    expect(report).toMatchObject({ state: 'finished', resumed: true, current: 'added', dropped: [ring.current.id] })
    await everythingIsReadable()
  })

  it('keeps all keys while a box cannot be opened, and says so', async () => {
    const owner = new pg.Client({ connectionString: application.database.ownerUrl })
    await owner.connect()
    await owner.query("insert into mail_suppression (recipient_index, reason) values ('\\x00', 'manual')")
    await owner.query(
      `insert into system_mail (id, kind, recipient_index, recipient_box, content_box, message_id, state)
      values (gen_random_uuid(), 'x', '\\x00', '1.gone.AAAA.AAAA', '1.gone.AAAA.AAAA', 'x', 'accepted')`,
    )
    const report = await rotate()
    expect(report).toMatchObject({ state: 'unfinished', left: 2, dropped: [] })
    await owner.query("delete from system_mail where kind = 'x'")
    await owner.end()
  })

  it('says what to set where the keys come from the environment, then goes on with it', async () => {
    const settings = { dataDir, keys: parseKeys(await readFile(keyFile(dataDir), 'utf8')) }
    const wish = { ownerUrl: application.database.ownerUrl, pool: application.pool, boxes: boxedColumns }
    const first = await rotateKeys({ ...wish, settings, scopes: tableScopes })
    expect(first.state).toBe('set_keys')
    expect(first.keys?.split(',').slice(1)).toEqual(settings.keys?.map(formatKey))
    const keys = parseKeys(first.keys?.replaceAll(',', '\n') ?? '') ?? []
    application.installation.keyring = keyringOf(keys)
    const second = await rotateKeys({ ...wish, settings: { dataDir, keys }, scopes: tableScopes })
    expect(second).toMatchObject({ state: 'finished', resumed: true, current: keys[0]?.id })
    expect(second.keys?.split(',')).toEqual([keys.at(0), keys.at(-1)].map(key => formatKey(key!)))
    await everythingIsReadable()
  })
})
