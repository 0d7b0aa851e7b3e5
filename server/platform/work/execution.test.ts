import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { addEffects, effectJob, effectsOf, enqueueEffects, numbers } from '../../../tests/support/effects.ts'
import { asSystem, newCompany, type TestCompany, testOrigin } from '../../../tests/support/factories.ts'
import { enqueue, record } from '../context/context.ts'
import { AppError } from '../errors/app-error.ts'
import { claimJobs, completeJobs, extendLeases, wakeJobs } from '../jobs/queue.ts'
import { inAccount } from '../tenancy/transaction.ts'
import { accountJob, type JobDefinition, outsideJob, tenantJob } from './definition.ts'
import { runPendingJobs } from './pending.ts'

let application: TestApplication
let company: TestCompany
let other: TestCompany
beforeAll(async () => {
  application = await testApplication()
  company = await newCompany(application)
  other = await newCompany(application, '北辰精密工業株式会社')
  await addEffects(application.database.ownerUrl)
  await application.pool.query('delete from job')
})
afterEach(() => application.pool.query('delete from job'))
afterAll(() => application.end())

const failures: string[] = []
function run(...definitions: JobDefinition[]): Promise<number> {
  failures.length = 0
  return runPendingJobs(application.installation, definitions, (_, text) => failures.push(text))
}

async function jobs(): Promise<Record<string, unknown>[]> {
  const { rows } = await application.pool.query(
    `select state, attempts, last_error as error, extract(epoch from run_at - now())::float8 as wait, lease from job order by id`,
  )
  return rows
}

test('runs jobs of interleaved tenants, each in its tenant, and leaves connections clean, throwing or not (A6)', async () => {
  for (let number = 0; number < 40; number += 4) {
    await enqueueEffects(company, number, 4)
    await enqueueEffects(other, number, 4)
  }
  const seen = new Map<string, Set<string>>()
  const job = effectJob(async (number, ctx) => {
    const rows = await ctx.tx.selectFrom('tenant').select('id').where('id', 'is not', null).execute()
    for (const { id } of rows) seen.set(ctx.tenantId, (seen.get(ctx.tenantId) ?? new Set()).add(id))
    if (number === 13 && ctx.tenantId === company.tenantId) throw new Error('midway')
  })
  await run(job)
  expect(await effectsOf(company)).toEqual(numbers(0, 40).filter(number => number !== 13))
  expect(await effectsOf(other)).toEqual(numbers(0, 40))
  expect([...seen.entries()].map(([tenant, ids]) => [tenant, [...ids]])).toEqual(
    expect.arrayContaining([company, other].map(({ tenantId }) => [tenantId, [tenantId]])),
  )
  // Every connection that the pool has, one after the other.
  const clients = await Promise.all(Array.from({ length: 8 }, () => application.pool.connect()))
  for (const client of clients) {
    const { rows } = await client.query(`select current_setting('app.tenant', true) as tenant`)
    expect(rows[0].tenant || null).toBeNull()
    client.release()
  }
})

test('a job that throws does not hurt its neighbours: their effects happen once (I2)', async () => {
  await enqueueEffects(other, 100, 60)
  const calls = new Map<number, number>()
  const job = effectJob(async number => {
    calls.set(number, (calls.get(number) ?? 0) + 1)
    if (number === 130) throw new Error('bad')
  })
  await run(job)
  expect((await effectsOf(other)).filter(number => number >= 100)).toEqual(
    numbers(100, 60).filter(number => number !== 130),
  )
  expect(calls.get(110)).toBe(2)
  expect(await jobs()).toMatchObject([{ state: 'delayed', attempts: 1, error: 'Error: bad', lease: null }])
})

test('tries again after growing waits and then sets aside for a person', async () => {
  await asSystem(company, async ctx => enqueue(ctx, { name: 'test.bad', payload: {} }))
  const bad = tenantJob({
    name: 'test.bad',
    maxAttempts: 3,
    payload: z.object({}),
    handle: async () => {
      throw new Error('Mail to "山田" <yamada@example.com> refused')
    },
  })
  expect(await run(bad)).toBe(1)
  const [first] = await jobs()
  expect(first).toMatchObject({ state: 'delayed', attempts: 1 })
  expect(first!.error).not.toMatch(/yamada|山田/)
  expect(first!.wait).toBeGreaterThan(3)
  expect(first!.wait).toBeLessThan(7)
  expect(await run(bad)).toBe(0)
  for (const attempts of [2, 3]) {
    await application.pool.query("update job set run_at = now() - interval '1 s'")
    expect(await run(bad)).toBe(1)
    expect(await jobs()).toMatchObject([{ attempts, state: attempts === 3 ? 'failed' : 'delayed' }])
  }
  expect(await run(bad)).toBe(0)
})

test('refuses a payload of another shape at once, without its values', async () => {
  await asSystem(company, async ctx => enqueue(ctx, { name: 'test.effect', payload: { number: 'hush' } }))
  await run(effectJob())
  expect(await jobs()).toMatchObject([{ state: 'failed', error: expect.stringContaining('number invalid_type') }])
  expect(JSON.stringify(await jobs())).not.toContain('hush')
})

test('leaves jobs waiting that it does not know', async () => {
  await asSystem(company, async ctx => enqueue(ctx, { name: 'test.of-a-newer-version', payload: {} }))
  expect(await run(effectJob())).toBe(0)
  expect(await jobs()).toMatchObject([{ state: 'waiting', attempts: 0 }])
})

test('keeps one waiting job of a key, and takes another once it is claimed', async () => {
  const add = () => asSystem(company, async ctx => enqueue(ctx, { name: 'test.keyed', payload: {}, key: 'once' }))
  await Promise.all([add(), add(), add()])
  expect(await jobs()).toHaveLength(1)
  let added = false
  const keyed = tenantJob({
    name: 'test.keyed',
    payload: z.object({}),
    // While one runs, its news may already be out of date: the next one waits.
    handle: async () => {
      if (!added) await add()
      added = true
    },
  })
  expect(await run(keyed)).toBe(2)
})

test('a job whose lease was taken over rolls back its effect and its audit line (fencing)', async () => {
  await enqueueEffects(company, 900, 1)
  const { rows } = await application.pool.query('select count(*) from audit_entry')
  let takenOver = false
  const slow = effectJob(async (_, ctx) => {
    record(ctx, { action: 'test.effect' })
    if (takenOver) return
    takenOver = true
    // The lease runs out and somebody else claims the job while it still runs here.
    await application.pool.query("update job set lease_until = now() - interval '1 s'")
    await wakeJobs(application.pool)
    const wish = { lease: randomUUID(), names: ['test.effect'], limit: 1, perTenant: 1, after: undefined, passOver: [] }
    expect(await claimJobs(application.pool, wish)).toHaveLength(1)
  })
  await run(slow)
  expect(failures).toEqual(['The lease was lost.'])
  expect(await effectsOf(company)).not.toContain(900)
  expect(await jobs()).toMatchObject([{ state: 'leased', attempts: 2 }])
  expect((await application.pool.query('select count(*) from audit_entry')).rows).toEqual(rows)
})

test('extends only what is still held, completes only under its own lease', async () => {
  await enqueueEffects(company, 950, 2)
  const wish = { names: ['test.effect'], limit: 9, perTenant: 9, after: undefined, passOver: [] }
  const mine = await claimJobs(application.pool, { ...wish, lease: randomUUID() })
  await application.pool.query('update job set lease = $2 where id = $1', [mine[0]!.id, randomUUID()])
  expect([...(await extendLeases(application.pool, mine))]).toEqual([`${mine[1]!.id} ${mine[1]!.lease}`])
  expect(await completeJobs(application.pool, [mine[0]!])).toBe(false)
  expect(await completeJobs(application.pool, [mine[1]!])).toBe(true)
})

test('a lost worker’s job waits again at once, later with patience, and ends with a person', async () => {
  await enqueueEffects(company, 960, 1)
  const lose = async (attempts: number) => {
    await application.pool.query(
      `update job set state = 'leased', attempts = $1, lease = $2, lease_until = now() - interval '1 s'`,
      [attempts, randomUUID()],
    )
    await wakeJobs(application.pool)
    return (await jobs())[0]
  }
  expect(await lose(1)).toMatchObject({ state: 'waiting', lease: null })
  expect(await lose(5)).toMatchObject({ state: 'waiting' })
  expect(await lose(7)).toMatchObject({ state: 'delayed', wait: expect.closeTo(160, -2.5) })
  expect(await lose(12)).toMatchObject({ state: 'failed', error: expect.stringContaining('lost') })
})

test('runs jobs of no tenant, and jobs that call out after which it completes them', async () => {
  const said: string[] = []
  const account = accountJob({
    name: 'test.account',
    payload: z.object({ word: z.string() }),
    async handle(surroundings, { word }) {
      said.push(word)
      enqueue(surroundings, { name: 'test.outside', payload: {} })
    },
  })
  const outside = outsideJob({
    name: 'test.outside',
    payload: z.object({}),
    handle: async (_, __, signal) => {
      said.push(`aborted: ${signal.aborted}`)
      if (said.length < 3) throw new AppError('unavailable', { ja: '不通', en: 'Not there' })
    },
  })
  await inAccount(application.installation, testOrigin(), async surroundings =>
    enqueue(surroundings, { name: 'test.account', payload: { word: 'こんにちは' } }),
  )
  expect(await run(account, outside)).toBe(2)
  expect(await jobs()).toMatchObject([{ state: 'delayed', error: 'unavailable: Not there' }])
  await application.pool.query("update job set run_at = now() - interval '1 s'")
  expect(await run(account, outside)).toBe(1)
  expect(said).toEqual(['こんにちは', 'aborted: false', 'aborted: false'])
  expect(await jobs()).toEqual([])
})
