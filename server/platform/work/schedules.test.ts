import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { newCompany, type TestCompany, testOrigin } from '../../../tests/support/factories.ts'
import { jobDefinitions } from '../../modules.ts'
import { updateCompany } from '../identity/contract/company.ts'
import { noTenant } from '../jobs/enqueue.ts'
import { forgetCancelled } from '../jobs/forget.ts'
import { fireSchedules } from '../jobs/schedules.ts'
import { inAccount } from '../tenancy/transaction.ts'
import { accountJob, type JobDefinition, tenantJob } from './definition.ts'
import { runPendingJobs } from './pending.ts'
import { startRunner } from './runner.ts'
import { jobsModule, planAll } from './schedules.ts'

let application: TestApplication
let company: TestCompany
const ran: string[] = []
const definitions: JobDefinition[] = [
  tenantJob({
    name: 'test.daily',
    payload: z.object({}),
    schedule: '0 6 * * *',
    handle: async ctx => void ran.push(ctx.tenantId),
  }),
  accountJob({
    name: 'test.hourly',
    payload: z.object({}),
    schedule: '17 * * * *',
    handle: async () => void ran.push('installation'),
  }),
]
const all = [...definitions, ...(jobsModule(() => definitions).jobs ?? [])]

beforeAll(async () => {
  application = await testApplication()
  company = await newCompany(application)
})
afterAll(() => application.end())

async function schedules(): Promise<{ tenant: string; name: string; zone: string; next: Date; last: Date | null }[]> {
  const { rows } = await application.pool.query(
    `select tenant_id as tenant, name, time_zone as zone, next_at as next, last_at as last from job_schedule
    where name like 'test.%' order by name, tenant_id`,
  )
  return rows
}

/** The hour on the clocks of a zone. */
function hourIn(zone: string, moment: Date): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' }).format(moment)
}

test('gives schedules to the installation and to every company in its time zone, and follows a move', async () => {
  await planAll(application.installation, definitions)
  expect(await schedules()).toMatchObject([
    { tenant: company.tenantId, name: 'test.daily', zone: 'Asia/Tokyo' },
    { tenant: noTenant, name: 'test.hourly', zone: 'UTC' },
  ])
  expect(hourIn('Asia/Tokyo', (await schedules())[0]!.next)).toBe('06:00')

  const moved = await company.admin.call(updateCompany, { body: { timeZone: 'America/New_York' } })
  expect(moved.status).toBeLessThan(300)
  const later = await newCompany(application, '合同会社あおば')
  await runPendingJobs(application.installation, all)
  const daily = (await schedules()).filter(schedule => schedule.name === 'test.daily')
  expect(daily.map(({ tenant, zone }) => [tenant, zone])).toEqual([
    [company.tenantId, 'America/New_York'],
    [later.tenantId, 'Asia/Tokyo'],
  ])
  expect(hourIn('America/New_York', daily[0]!.next)).toBe('06:00')

  const before = await schedules()
  await planAll(application.installation, definitions)
  expect(await schedules()).toEqual(before)
})

test('fires each schedule once with several workers, and once for all the times that were missed', async () => {
  await application.pool.query(`update job_schedule set next_at = now() - interval '3 days' where name like 'test.%'`)
  const due = (await schedules()).length
  const names = definitions.map(definition => definition.name)
  const fired = await Promise.all(Array.from({ length: 4 }, () => fireSchedules(application.pool, names)))
  expect(fired.reduce((sum, count) => sum + count)).toBe(due)
  const { rows } = await application.pool.query(`select count(*) from job where name like 'test.%'`)
  expect(rows[0].count).toBe(due)
  for (const { next, last } of await schedules()) {
    expect(next.getTime()).toBeGreaterThan(Date.now())
    expect(last?.getTime()).toBeGreaterThan(Date.now() - 60_000)
  }
  ran.length = 0
  await runPendingJobs(application.installation, definitions)
  expect(ran.sort()).toEqual(
    (await schedules()).map(({ tenant }) => (tenant === noTenant ? 'installation' : tenant)).sort(),
  )
})

test('leaves a schedule alone whose job it does not know', async () => {
  await application.pool.query(`update job_schedule set next_at = now() - interval '1 s' where name = 'test.daily'`)
  expect(await fireSchedules(application.pool, ['test.hourly'])).toBe(0)
  await fireSchedules(application.pool, ['test.daily'])
  await runPendingJobs(application.installation, definitions)
})

test('two running workers run a due schedule once', async () => {
  const log = pino({ level: 'silent' })
  const { installation } = application
  const workers = [1, 2].map(() => startRunner({ installation, definitions: all, workers: 1, log }))
  ran.length = 0
  await application.pool.query(`update job_schedule set next_at = now() where name = 'test.hourly'`)
  await expect.poll(() => ran.length, { timeout: 5_000 }).toBe(1)
  await Promise.all(workers.map(worker => worker.close()))
  expect(ran).toEqual(['installation'])
})

test('forgets what was cancelled a month ago', async () => {
  await application.pool.query(
    `insert into job (tenant_id, name, payload, state, max_attempts, updated_at)
    select $1, 'test.old', '{}', state, 12, now() - age::interval from (values
      ('cancelled', '31 days'), ('cancelled', '29 days'), ('failed', '99 days')) as line (state, age)`,
    [company.tenantId],
  )
  await inAccount(application.installation, testOrigin(), account => forgetCancelled(account.tx))
  const { rows } = await application.pool.query("select state from job where name = 'test.old' order by id")
  expect(rows).toEqual([{ state: 'cancelled' }, { state: 'failed' }])
})

test('every schedule of the product can be planned', async () => {
  await planAll(application.installation, jobDefinitions)
  const { rows } = await application.pool.query('select distinct name from job_schedule')
  const names = jobDefinitions.filter(definition => definition.schedule).map(definition => definition.name)
  expect(rows.map(row => row.name)).toEqual(expect.arrayContaining(names))
})
