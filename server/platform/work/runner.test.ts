import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { addEffects, effectJob, effectsOf, enqueueEffects, numbers } from '../../../tests/support/effects.ts'
import { asSystem, newCompany, type TestCompany } from '../../../tests/support/factories.ts'
import { enqueue } from '../context/context.ts'
import { type JobDefinition, outsideJob } from './definition.ts'
import { type Runner, startRunner } from './runner.ts'

let application: TestApplication
let company: TestCompany
let other: TestCompany
const runners: Runner[] = []
const children: ChildProcess[] = []

beforeAll(async () => {
  application = await testApplication()
  company = await newCompany(application)
  other = await newCompany(application, '北辰精密工業株式会社')
  await addEffects(application.database.ownerUrl)
  await application.pool.query('delete from job')
})
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  await Promise.all(runners.splice(0).map(runner => runner.close()))
  await application.pool.query('delete from job')
})
afterAll(() => application.end())

function start(definitions: JobDefinition[], workers = 2, lines: string[] = []): Runner {
  const log = pino({ level: 'info' }, { write: line => void lines.push(JSON.parse(line).msg) })
  const runner = startRunner({ installation: application.installation, definitions, workers, log })
  runners.push(runner)
  return runner
}

async function waiting(): Promise<number> {
  return (await application.pool.query('select count(*) from job')).rows[0].count
}

test('effects happen exactly once although workers are killed and leases taken over (I2)', {
  timeout: 60_000,
}, async () => {
  const script = new URL('../../../tests/support/worker-process.ts', import.meta.url)
  const newWorker = async () => {
    const child = fork(script, [application.database.appUrl])
    children.push(child)
    await once(child, 'message')
    return child
  }
  for (const tenant of [company, other]) await enqueueEffects(tenant, 0, 1_500)
  const first = await newWorker()
  await newWorker()
  for (const round of [1, 2, 3]) {
    await expect
      .poll(async () => (await effectsOf(company)).length, { timeout: 20_000, interval: 5 })
      .toBeGreaterThan(round * 150)
    children.at(round === 1 ? 0 : -1)!.kill('SIGKILL')
    // All leases run out at once, those of the worker that lives too.
    await application.pool.query("update job set lease_until = now() where state = 'leased'")
    await newWorker()
  }
  expect(first.killed).toBe(true)
  await expect.poll(waiting, { timeout: 40_000 }).toBe(0)
  for (const tenant of [company, other]) expect(await effectsOf(tenant)).toEqual(numbers(0, 1_500))
})

test('a company with one job does not wait for another’s ten thousand', { timeout: 60_000 }, async () => {
  await enqueueEffects(company, 10_000, 10_000)
  const order: string[] = []
  start([effectJob(async (_, ctx) => void order.push(ctx.tenantId))])
  await expect.poll(() => order.length, { interval: 5 }).toBeGreaterThan(500)
  const before = order.length
  await enqueueEffects(other, 20_000, 1)
  await expect.poll(() => order.indexOf(other.tenantId), { interval: 5 }).toBeGreaterThan(0)
  expect(order.indexOf(other.tenantId) - before).toBeLessThan(4_000)
})

test('starts at once what is enqueued, told by a notice', async () => {
  const started: number[] = []
  start([effectJob(async () => void started.push(performance.now()))])
  await sleep(1_200)
  const times: number[] = []
  for (let sample = 0; sample < 5; sample++) {
    const begin = performance.now()
    await enqueueEffects(company, 30_000 + sample, 1)
    await expect.poll(() => started.length, { interval: 2 }).toBe(sample + 1)
    times.push(started[sample]! - begin)
  }
  expect(Math.min(...times)).toBeLessThan(100)
})

test('closing lets running jobs end and gives back what was not begun', async () => {
  await enqueueEffects(company, 40_000, 50)
  const begun: number[] = []
  const runner = start([
    effectJob(async number => {
      begun.push(number)
      await sleep(300)
    }),
  ])
  await expect.poll(() => begun.length).toBeGreaterThan(0)
  const began = performance.now()
  await runner.close()
  expect(performance.now() - began).toBeLessThan(3_000)
  const { rows } = await application.pool.query('select state, attempts, count(*) from job group by 1, 2')
  expect(rows).toEqual([{ state: 'waiting', attempts: 0, count: 50 - begun.length }])
  expect((await effectsOf(company)).filter(number => number >= 40_000)).toEqual(begun.sort())
})

test('jobs that call out are told to end when their lease is lost, and slow ones leave room for other companies', async () => {
  const ended: string[] = []
  const slow = outsideJob({
    name: 'test.slow',
    payload: z.object({ tenant: z.string() }),
    handle: (_, { tenant }, signal) =>
      new Promise(resolve => {
        const end = () => {
          ended.push(`${tenant} ${signal.aborted}`)
          resolve()
        }
        if (tenant === 'quick') end()
        else signal.addEventListener('abort', end)
      }),
  })
  const add = (tenant: TestCompany, name: string, count: number) =>
    asSystem(tenant, async ctx => {
      for (let index = 0; index < count; index++) enqueue(ctx, { name: 'test.slow', payload: { tenant: name } })
    })
  await add(company, 'slow', 20)
  const runner = start([slow])
  await expect
    .poll(async () => (await application.pool.query("select count(*) from job where state = 'leased'")).rows[0].count)
    .toBe(2)
  await add(other, 'quick', 1)
  await expect.poll(() => ended).toEqual(['quick false'])
  await application.pool.query("delete from job where state = 'waiting'")
  await application.pool.query(
    `update job set lease = gen_random_uuid(), lease_until = now() + interval '1 h' where state = 'leased'`,
  )
  await expect.poll(() => ended.length, { timeout: 12_000 }).toBeGreaterThanOrEqual(3)
  expect(ended.slice(0, 3)).toEqual(['quick false', 'slow true', 'slow true'])
  await runner.close()
})

test('survives a database that goes away, says so once, and goes on by itself', { timeout: 40_000 }, async () => {
  const lines: string[] = []
  start([effectJob()], 2, lines)
  await enqueueEffects(company, 50_000, 300)
  await expect.poll(async () => (await effectsOf(company)).at(-1), { interval: 5 }).toBeGreaterThan(50_010)
  const name = new URL(application.database.superuserUrl).pathname.slice(1)
  const superuser = new URL(application.database.superuserUrl)
  superuser.pathname = '/postgres'
  const administrator = new pg.Client({ connectionString: superuser.toString() })
  await administrator.connect()
  const database = administrator.escapeIdentifier(name)
  await administrator.query(`alter database ${database} allow_connections false`)
  await administrator.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name])
  await sleep(4_000)
  await administrator.query(`alter database ${database} allow_connections true`)
  await administrator.end()
  await enqueueEffects(company, 50_300, 10)
  await expect.poll(waiting, { timeout: 30_000 }).toBe(0)
  expect((await effectsOf(company)).filter(number => number >= 50_000)).toEqual(numbers(50_000, 310))
  expect(lines.filter(line => /does not answer/.test(line))).toHaveLength(1)
  expect(lines).toContain('the database answers again')
})
