import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { planBlueprint } from '../server/blueprints/programmes/commands/apply.ts'
import { exportSections } from '../server/blueprints/programmes/commands/export.ts'
import type { Context, TenantId } from '../server/platform/context/context.ts'
import { getSession, signIn } from '../server/platform/identity/contract/account.ts'
import { getCompany } from '../server/platform/identity/contract/company.ts'
import { noTenant } from '../server/platform/jobs/enqueue.ts'
import { queueMail } from '../server/platform/mail/queue.ts'
import { inAccount, inTenant } from '../server/platform/tenancy/transaction.ts'
import { Caller, type TestApplication, testApplication } from '../tests/support/application.ts'
import { testOrigin } from '../tests/support/factories.ts'
import { testRootKey } from '../tests/support/root-key.ts'

const kizuna = fileURLToPath(new URL('../bin/kizuna', import.meta.url))

interface Ended {
  code: number | null
  output: string
  errors: string
  json(): unknown
}

let folder: string
let application: TestApplication
let environment: Record<string, string>

async function run(words: string[], more: Record<string, string> = environment, input = ''): Promise<Ended> {
  const child = spawn(kizuna, words, { env: { PATH: process.env.PATH, ...more }, stdio: 'pipe' })
  child.stdin.end(input)
  const [output, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
  return { code, output, errors, json: () => JSON.parse(output) }
}

const company = ['--name', '株式会社しおかぜ', '--slug', 'shiokaze', '--admin-name', '汐風 凪']

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kizuna-cli-'))
  // The account that runs PostgreSQL for root must be able to enter.
  await chmod(folder, 0o755)
  application = await testApplication()
  environment = {
    DATABASE_URL: application.database.ownerUrl,
    KIZUNA_DATA_DIR: join(folder, 'unused'),
    KIZUNA_KEYS: `test:${testRootKey.toString('base64')}`,
    LANG: 'C.UTF-8',
  }
})

afterAll(async () => {
  await application?.end()
  await rm(folder, { recursive: true, force: true })
})

describe('with DATABASE_URL, beside a running server', () => {
  it('makes a company whose administrator signs in with the password shown once', async () => {
    const made = await run(['tenant', 'create', ...company, '--admin-email', 'Nagi@Example.test', '--json'])
    expect(made).toMatchObject({ code: 0, errors: '' })
    const { password, slug, newPerson } = made.json() as Record<string, string>
    expect({ slug, newPerson }).toEqual({ slug: 'shiokaze', newPerson: true })
    const person = new Caller(application)
    expect((await person.call(signIn, { body: { email: 'nagi@example.test', password } })).status).toBe(200)
    const session = await person.call(getSession)
    expect(session.body).toMatchObject({ tenant: { slug: 'shiokaze' }, member: { role: 'administrator' } })
    const again = await run(['tenant', 'create', ...company, '--admin-email', 'x@example.test', '--lang', 'ja'])
    expect(again).toMatchObject({ code: 4, output: '', errors: '「shiokaze」はすでに使われています。\n' })
  })

  it('adds people, with a password from standard input', async () => {
    const words = ['user', 'create', '--tenant', 'shiokaze', '--email', 'two@example.test', '--name', '二', '--role']
    const made = await run([...words, 'csm', '--password-stdin', '--json'], environment, 'a long enough 言葉\n')
    expect(made.json()).toMatchObject({ newPerson: true, password: null })
    const person = new Caller(application)
    const body = { email: 'two@example.test', password: 'a long enough 言葉' }
    expect((await person.call(signIn, { body })).status).toBe(200)
    expect(await run([...words, 'csm', '--lang=en'])).toMatchObject({
      code: 4,
      errors: expect.stringContaining('member already'),
    })
    expect(await run([...words, 'boss'])).toMatchObject({ code: 2, errors: expect.stringContaining('--role') })
    const common = await run(
      [...words, 'csm', '--password-stdin', '--email', 'n@example.test'],
      environment,
      'password',
    )
    expect(common).toMatchObject({ code: 2, errors: expect.stringContaining('most common') })
  })

  it('makes an API key that works', async () => {
    const words = ['api-key', 'create', '--tenant', 'shiokaze', '--role', 'read_only', '--name', 'BI']
    const made = await run([...words, '--scopes', 'company.read', '--expires', '2090-01-01'])
    expect(made.code).toBe(0)
    const caller = new Caller(application, { bearer: made.output.trim() })
    expect((await caller.call(getCompany)).body).toMatchObject({ slug: 'shiokaze' })
    expect(await run([...words, '--expires', 'soon'])).toMatchObject({ code: 2, output: '' })
  })

  it('writes what the operator does into the audit log', async () => {
    const { rows } = await superuserRows("select distinct action from audit_entry where details ->> 'by' = 'operator'")
    expect(rows.map(row => row.action).sort()).toEqual(['api_key.created', 'company.created', 'member.joined'])
  })

  it('lists failed jobs of every company and of none, without payloads, retries and cancels them', async () => {
    const { rows } = await superuserRows("select tenant_id from tenant_directory where slug = 'shiokaze'")
    const add = async (tenantId: string) => {
      const added = await application.pool.query(
        `insert into job (tenant_id, name, payload, state, attempts, max_attempts, last_error)
        values ($1, 'test.broken', '{"secret":"hush"}', 'failed', 12, 12, 'Error: …') returning id`,
        [tenantId],
      )
      return Number(added.rows[0].id)
    }
    const own = await add(rows[0]!.tenant_id as string)
    const nobodys = await add(noTenant)
    const listed = await run(['jobs', 'list', '--failed', '--name', 'test.broken', '--json'])
    expect(listed.json()).toMatchObject([
      { id: nobodys, tenant: null, state: 'failed', attempts: 12, lastError: 'Error: …' },
      { id: own, tenant: 'shiokaze' },
    ])
    const told = await run(['jobs', 'list', '--lang', 'ja'])
    expect(told.output).toMatch(new RegExp(`${nobodys} +- +test.broken +失敗 +12/12`))
    expect(listed.output + told.output).not.toContain('hush')
    expect(await run(['jobs', 'retry', `${nobodys}`])).toMatchObject({ code: 0, errors: '' })
    expect(await run(['jobs', 'retry', `${own}`])).toMatchObject({ code: 0 })
    expect((await run(['jobs', 'cancel', `${own}`, '--json'])).json()).toEqual({ id: own })
    expect(await run(['jobs', 'cancel', `${nobodys}`])).toMatchObject({ code: 0 })
    expect((await run(['jobs', 'list', '--failed', '--name', 'test.broken', '--json'])).json()).toEqual([])
    expect(await run(['jobs', 'retry', `${nobodys}`])).toMatchObject({ code: 4, output: '' })
    expect(await run(['jobs', 'retry', '999999999'])).toMatchObject({ code: 4, output: '' })
    expect(await run(['jobs', 'cancel', 'x'])).toMatchObject({ code: 2, output: '' })
    const lines = await superuserRows("select action from audit_entry where action like 'job.%' order by sequence")
    expect(lines.rows.map(row => row.action)).toEqual(['job.retried', 'job.cancelled'])
  })

  it('shows kept mails with their links', async () => {
    await inAccount(application.installation, testOrigin(), account =>
      queueMail(account, 'new@example.test', 'ja', { kind: 'reset_password', name: '新', token: 'kzr_token' }),
    )
    const shown = await run(['mailbox', '--last', '1', '--json'])
    expect(shown.json()).toMatchObject([{ to: 'new@example.test', link: 'http://kizuna.test/reset#kzr_token' }])
  })

  it('verifies the audit log, and finds a line that a superuser changed (E5)', async () => {
    expect(await run(['audit', 'verify', '--lang', 'ja'])).toMatchObject({
      code: 0,
      output: expect.stringContaining('正常'),
    })
    await superuserRows("update audit_entry set details = '{}' where action = 'api_key.created'")
    const broken = await run(['audit', 'verify', '--tenant', 'shiokaze', '--json'])
    expect(broken.code).toBe(5)
    expect(broken.json()).toMatchObject([{ slug: 'shiokaze', intact: false, fault: 'changed' }])
  })

  it('tells faults of its arguments in both languages, as JSON for programs, without a stack', async () => {
    const missing = await run(['tenant', 'create', '--json'])
    expect(missing.code).toBe(2)
    expect(missing.json()).toMatchObject({ error: { code: 'invalid_input', exitCode: 2 } })
    const unknown = await run(['nonsense'], { ...environment, LANG: 'ja_JP.UTF-8' })
    expect(unknown).toMatchObject({ code: 2, errors: expect.stringContaining('コマンド nonsense はありません') })
    const gone = await run(['tenant', 'list'], { ...environment, DATABASE_URL: 'postgres://a:b@127.0.0.1:1/c' })
    expect(gone).toMatchObject({ code: 4, output: '' })
    expect(gone.errors).not.toMatch(/ {4}at /)
    const wrong = await run(['tenant', 'list'], {
      ...environment,
      KIZUNA_KEYS: `x:${Buffer.alloc(32).toString('base64')}`,
    })
    expect(wrong).toMatchObject({ code: 4, errors: expect.stringContaining('encryption keys') })
    expect(await run(['tenant', 'list'], { KIZUNA_POOL_SIZE: 'x' })).toMatchObject({ code: 2 })
  })

  it('explains itself in the language of the terminal', async () => {
    const english = await run(['backup', '--help'])
    expect(english).toMatchObject({ code: 0, output: expect.stringContaining('Usage: kizuna backup') })
    const japanese = await run(['--help', '--lang', 'ja'])
    expect(japanese).toMatchObject({ code: 0, output: expect.stringContaining('終了コード') })
    expect(japanese.output).not.toMatch(/Usage|Options|display help/)
  })
})

describe('import (CUS-41)', () => {
  it('maps by itself, checks, imports, and changes nothing the second time', async () => {
    const file = join(folder, 'list.csv')
    const rows = [
      'A-1,株式会社みなと,年間,"¥12,000"',
      'A-2,合同会社さくら,月次,abc',
      'A-3,北辰精密工業株式会社,年間,8000円',
      'A-4,汐風水産,月次,0',
    ]
    await writeFile(file, `顧客ID,会社名,契約形態,月額\n${rows.join('\n')}\n`)
    const list = [
      '--name',
      '株式会社なぎさ',
      '--slug',
      'nagisa',
      '--admin-name',
      '渚 湊',
      '--admin-email',
      'n@example.test',
    ]
    expect((await run(['tenant', 'create', ...list])).code).toBe(0)
    const words = ['import', 'customers', file, '--tenant', 'nagisa']
    const dry = await run([...words, '--dry-run', '--lang', 'en'])
    expect([dry.code, dry.output]).toEqual([0, expect.stringContaining('Dry run: 3 created')])
    expect(dry.errors).toMatch(/顧客ID\s+externalId/)
    expect(dry.output).toContain('row 3 月額 "abc": This is not a number.')
    const done = await run([...words, '--json'])
    expect(done.json()).toMatchObject({ import: { state: 'done', counts: { created: 3, failed: 1 } } })
    const again = await run([...words, '--lang', 'ja', '--duplicates', 'update'])
    expect(again.output).toContain('作成 0、更新 0、変更なし 3、スキップ 0、エラー 1')
    expect((await run(['import', 'customers', join(folder, 'missing.csv'), '--tenant', 'nagisa'])).code).toBe(4)
    expect((await run(['import', 'nothing', file])).code).toBe(2)
  })
})

describe('blueprint', () => {
  const words = (...more: string[]) => ['blueprint', ...more, '--tenant', 'shiokaze']

  it('plans, applies only what was planned, exports without a difference, and tells drift', async () => {
    const planned = await run(words('plan', 'early-success', '--lang', 'en'))
    expect([planned.code, planned.errors]).toEqual([0, ''])
    expect(planned.output).toMatch(/^[+] scorecards[/]early-success {2}Four components$/m)
    const unasked = await run(words('apply', 'early-success'))
    expect([unasked.code, unasked.errors]).toEqual([4, expect.stringContaining('--yes')])
    expect((await run(words('apply', 'early-success', '--fingerprint', 'other'))).code).toBe(4)
    const done = await run(words('apply', 'early-success', '--yes', '--json'))
    expect(done.code).toBe(0)
    expect(done.json()).toMatchObject({ id: expect.any(String), faults: [] })
    const into = join(folder, 'exported')
    expect((await run(words('export', into, '--blueprint', 'early-success'))).code).toBe(0)
    const again = await run(words('plan', into, '--json'))
    expect(again.json()).toMatchObject({ changes: [], unchanged: expect.any(Number) })
    expect((await run(words('drift', '--lang', 'en'))).output).toMatch(/^No drift in \d+ things[.]$/m)
    await writeFile(join(into, 'segments.yaml'), 'segments:\n  - key: A\n')
    const faulty = await run(words('plan', into, '--lang', 'en'))
    expect(faulty.code).toBe(4)
    expect(faulty.output).toContain('segments.yaml:2:10 segments.0.key')
    expect((await run(words('plan', 'nothing-of-that-name'))).code).toBe(4)
  })

  it('killed at any point, leaves the old or the new state and nothing between', async () => {
    const inCompany = async <Result>(work: (ctx: Context) => Promise<Result>) => {
      const actor = { kind: 'system', id: undefined, name: 'test' } as const
      const { rows } = await application.installation.pool.query<{ tenant_id: TenantId }>(
        `select tenant_id from tenant_directory where slug = 'shiokaze'`,
      )
      return inTenant(application.installation, testOrigin(), rows[0]!.tenant_id, actor, work)
    }
    const state = () => inCompany(ctx => exportSections(ctx, undefined))
    const counts = () =>
      inCompany(async ctx => {
        const { rows } = await sql`
          select (select count(*) from blueprint_application where tenant_id = ${ctx.tenantId}) as applications,
            (select count(*) from audit_entry where tenant_id = ${ctx.tenantId} and action = 'blueprint.applied') as lines`.execute(
          ctx.tx,
        )
        return rows[0]
      })
    const [before, counted] = [await state(), await counts()]
    const begin = performance.now()
    const full = await run(words('plan', 'plugin-marketplace', '--replace-others', '--json'))
    expect(full.code).toBe(0)
    const length = performance.now() - begin
    for (const share of [0.6, 0.8, 0.95, 1.1]) {
      const child = spawn(kizuna, words('apply', 'plugin-marketplace', '--replace-others', '--yes'), {
        env: { PATH: process.env.PATH, ...environment },
        stdio: 'ignore',
        detached: true,
      })
      await delay(length * share)
      try {
        process.kill(-child.pid!, 'SIGKILL')
      } catch {
        // It was done before.
      }
      await once(child, 'exit').catch(() => {})
      // Backends notice that their client is gone; until then a transaction may still be open.
      const now = await state()
      if (JSON.stringify(now) !== JSON.stringify(before)) break
      expect(await counts()).toEqual(counted)
    }
    expect((await run(words('apply', 'plugin-marketplace', '--replace-others', '--yes'))).code).toBe(0)
    expect(await state()).not.toEqual(before)
    const whole = await inCompany(ctx =>
      planBlueprint(ctx, { source: { blueprint: 'plugin-marketplace' }, replaceOthers: true }),
    )
    expect(whole.changes).toEqual([])
  })
})

describe('on a data folder where nothing runs', () => {
  it('makes, backs up with its keys, and restores into a new installation', async () => {
    const first = { KIZUNA_DATA_DIR: join(folder, 'first'), LANG: 'C' }
    const second = { KIZUNA_DATA_DIR: join(folder, 'second'), LANG: 'C' }
    const file = join(folder, 'backup.tar.gz')
    expect((await run(['migrate', '--json'], first)).json()).toMatchObject({ applied: expect.any(Array) })
    expect((await run(['tenant', 'create', ...company, '--admin-email', 'a@example.test'], first)).code).toBe(0)
    const saved = await run(['backup', file, '--with-keys', '--json'], first)
    expect(saved).toMatchObject({ code: 0, errors: expect.stringContaining('Whoever gets it') })
    // Another installation, with keys of its own that the backup's take the place of.
    expect((await run(['migrate'], second)).code).toBe(0)
    const restored = await run(['restore', file, '--json'], second)
    expect(restored.json()).toMatchObject({ tenants: 1, keysReplaced: true })
    expect(await readFile(join(folder, 'second/keys'), 'utf8')).toBe(await readFile(join(folder, 'first/keys'), 'utf8'))
    expect((await run(['tenant', 'list', '--json'], second)).json()).toMatchObject([{ slug: 'shiokaze', members: 1 }])
    expect((await run(['audit', 'verify'], second)).code).toBe(0)
    const doctor = await run(['doctor', '--json'], second)
    expect((doctor.json() as { state: string }[]).filter(({ state }) => state === 'failed')).toEqual([])
    expect(await run(['restore', file], second)).toMatchObject({
      code: 4,
      errors: expect.stringContaining('--replace'),
    })
    expect(await run(['restore', file, '--replace'], second)).toMatchObject({ code: 4, output: '' })
    expect((await run(['restore', file, '--replace', '--yes'], second)).code).toBe(0)
  }, 180_000)
})

async function superuserRows(statement: string) {
  const client = new pg.Client({ connectionString: application.database.superuserUrl })
  await client.connect()
  try {
    return await client.query(statement)
  } finally {
    await client.end()
  }
}
