import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { asSystem, newCompany, type TestCompany } from '../../../tests/support/factories.ts'
import { jobDefinitions } from '../../modules.ts'
import { enqueue } from '../context/context.ts'
import { createLog } from '../telemetry/log.ts'
import { tenantJob } from './definition.ts'
import { runPendingJobs } from './pending.ts'
import { startRunner } from './runner.ts'

let application: TestApplication
let company: TestCompany
beforeAll(async () => {
  application = await testApplication()
  company = await newCompany(application)
})
afterAll(() => application.end())

test('runs', async () => {
  await runPendingJobs(application.installation, jobDefinitions, (job, text) => console.log(job.name, text))
  const seen: number[] = []
  const job = tenantJob({
    name: 'test.one',
    payload: z.object({ n: z.number() }),
    handle: async (_, { n }) => void seen.push(n),
  })
  await asSystem(company, async ctx => {
    for (let n = 0; n < 500; n++) enqueue(ctx, { name: 'test.one', payload: { n } })
  })
  const runner = startRunner({
    installation: application.installation,
    definitions: [job],
    workers: 4,
    log: createLog('info'),
  })
  await expect.poll(() => seen.length, { timeout: 5000 }).toBe(500)
  await runner.close()
  const { rows } = await application.pool.query('select name, state, last_error from job')
  expect(rows).toEqual([])
})
