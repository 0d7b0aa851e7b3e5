import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { newCompany, newMember, type TestCompany } from '../../../tests/support/factories.ts'
import { jobDefinitions } from '../../modules.ts'
import { runPendingJobs } from '../work/pending.ts'
import { listAuditEntries } from './contract/audit.ts'
import { cancelJob, jobStatistics, listJobs, retryJob } from './contract/jobs.ts'

let application: TestApplication
let company: TestCompany
let other: TestCompany
beforeAll(async () => {
  application = await testApplication()
  company = await newCompany(application)
  other = await newCompany(application, '北辰精密工業株式会社')
  await runPendingJobs(application.installation, jobDefinitions)
})
afterAll(() => application.end())

async function addJob(tenantId: string, state: string, name = 'test.something'): Promise<number> {
  const { rows } = await application.pool.query(
    `insert into job (tenant_id, name, payload, state, attempts, max_attempts, last_error, run_at, key)
    values ($1, $2, '{"secret":"hush"}', $3, 3, 12, 'Error: …', now() + interval '1 hour', $4) returning id`,
    [tenantId, name, state, state === 'delayed' ? 'once' : null],
  )
  return rows[0].id
}

test('lists the jobs of the company newest first, page by page, without payloads, and none of another company', async () => {
  const [failed, delayed, leased] = [
    await addJob(company.tenantId, 'failed'),
    await addJob(company.tenantId, 'delayed', 'test.other'),
    await addJob(company.tenantId, 'leased'),
  ]
  await addJob(other.tenantId, 'failed')
  const first = await company.admin.call(listJobs, { query: { limit: '2' } })
  expect(first.status).toBe(200)
  expect(listJobs.reply.parse(first.body)).toEqual(first.body)
  expect(first.body.items.map(job => [job.id, job.state])).toEqual([
    [leased, 'leased'],
    [delayed, 'waiting'],
  ])
  const second = await company.admin.call(listJobs, { query: { limit: '2', cursor: first.body.next } })
  expect(second.body).toMatchObject({ items: [{ id: failed, attempts: 3, lastError: 'Error: …' }], next: null })
  expect(first.text + second.text).not.toContain('hush')

  const waiting = await company.admin.call(listJobs, { query: { state: 'waiting' } })
  expect(waiting.body.items.map(job => job.id)).toEqual([delayed])
  const named = await company.admin.call(listJobs, { query: { name: 'test.other' } })
  expect(named.body.items.map(job => job.id)).toEqual([delayed])
  expect((await company.admin.call(listJobs, { query: { cursor: 'nonsense' } })).status).toBe(400)
})

test('counts the jobs of the company and names its schedules', async () => {
  await application.pool.query(
    `insert into job_schedule (tenant_id, name, cron, time_zone, next_at) values ($1, 'test.daily', '0 6 * * *', 'Asia/Tokyo', now())`,
    [company.tenantId],
  )
  const { body } = await company.admin.call(jobStatistics)
  expect(jobStatistics.reply.parse(body)).toEqual(body)
  expect(body).toMatchObject({ waiting: 1, leased: 1, failed: 1, oldestWaitingSeconds: null })
  expect(body.schedules.map(schedule => schedule.name)).toContain('test.daily')
})

test('retries and cancels, with a line in the audit log', async () => {
  const [retried, cancelled] = [
    await addJob(company.tenantId, 'failed', 'test.retried'),
    await addJob(company.tenantId, 'failed', 'test.cancelled'),
  ]
  const again = await company.admin.call(retryJob, { params: { id: String(retried) } })
  expect(again.body).toMatchObject({ id: retried, state: 'waiting', attempts: 0 })
  expect(retryJob.reply.parse(again.body)).toEqual(again.body)
  expect((await company.admin.call(cancelJob, { params: { id: String(cancelled) } })).status).toBe(204)
  expect((await company.admin.call(cancelJob, { params: { id: String(cancelled) } })).status).toBe(409)
  expect((await company.admin.call(retryJob, { params: { id: String(cancelled) } })).status).toBe(409)

  const { body } = await company.admin.call(listAuditEntries, { query: { action: 'job.' } })
  expect(body.items.map(line => [line.action, line.details])).toEqual([
    ['job.cancelled', { job: cancelled, name: 'test.cancelled' }],
    ['job.retried', { job: retried, name: 'test.retried' }],
  ])
})

test('answers for a job of another company as for one that does not exist, and refuses lower roles (A1)', async () => {
  const foreign = await addJob(other.tenantId, 'failed')
  for (const contract of [retryJob, cancelJob]) {
    const answers = [foreign, 999_999_999].map(id => company.admin.call(contract, { params: { id: String(id) } }))
    const [one, two] = await Promise.all(answers)
    expect([one!.status, two!.status]).toEqual([404, 404])
    expect({ ...one!.problem, requestId: '' }).toEqual({ ...two!.problem, requestId: '' })
  }
  const csm = await newMember(company, 'csm')
  expect((await csm.call(listJobs)).status).toBe(403)
  const { rows } = await application.pool.query('select state from job where id = $1', [foreign])
  expect(rows).toEqual([{ state: 'failed' }])
})
