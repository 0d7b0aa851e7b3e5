import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { writeLeavers } from '../../../tests/support/churn.ts'
import { asSystem, newCompany, type TestCompany } from '../../../tests/support/factories.ts'
import { finishJobs } from '../../../tests/support/mails.ts'
import { readModel } from '../../platform/learning/model.ts'
import * as models from './contract/models.ts'

let application: TestApplication
let company: TestCompany

beforeAll(async () => {
  application = await testApplication()
  company = await newCompany(application)
  await writeLeavers(company, { customers: 170, left: 60, days: 260 })
})
afterAll(() => application.end())

const worker = new URL('../../../tests/support/product-worker.ts', import.meta.url)
const promoter = new URL('../../../tests/support/promote-process.ts', import.meta.url)

function start(script: URL, ...words: string[]): ChildProcess {
  return fork(script, [application.database.appUrl, ...words], { execArgv: [] })
}

async function kill(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit')
  child.kill('SIGKILL')
  await exited
}

const train = async () => (await company.admin.call(models.trainChurnModel, { body: {} })).body.id
const stateOf = async (id: string) => (await company.admin.call(models.getChurnModel, { params: { id } })).body

/** The versions that serve; of each whether its content can be read. */
async function serving(): Promise<string[]> {
  const { rows } = await asSystem(company, ctx =>
    sql<{ id: string; content: Buffer }>`
      select m.id, r.content from churn_model m
      join churn_model_content r on r.tenant_id = ${ctx.tenantId} and r.model_id = m.id and r.algorithm = m.algorithm
      where m.tenant_id = ${ctx.tenantId} and m.state = 'live'`.execute(ctx.tx),
  )
  for (const { content } of rows) expect(readModel(content).columns().length).toBeGreaterThan(0)
  return rows.map(({ id }) => id)
}

describe('kill -9', () => {
  it('during training leaves the model that serves, and another worker trains to the end', async () => {
    const first = await train()
    await finishJobs(application)
    await company.admin.call(models.promoteChurnModel, { params: { id: first }, body: {} })
    await finishJobs(application)
    const second = await train()
    for (const progress of [0.1, 0.35]) {
      const child = start(worker)
      while ((await stateOf(second)).progress < progress) await delay(20)
      await kill(child)
      expect([await serving(), (await stateOf(second)).state]).toEqual([[first], 'training'])
      await application.pool.query(`update job set lease_until = now() where name = 'churn.train' and state = 'leased'`)
    }
    await finishJobs(application)
    expect((await stateOf(second)).state).toBe('ready')
    expect(await serving()).toEqual([first])
  })

  it('during promotion leaves exactly one version serving, whole', async () => {
    const ids = (await company.admin.call(models.listChurnModels)).body.items.map(({ id }) => id)
    for (const wait of [0, 3, 7, 15, 40, 90]) {
      const child = start(promoter, company.tenantId, ...ids)
      await once(child, 'message')
      await delay(wait)
      await kill(child)
      const [live, ...others] = await serving()
      expect([ids.includes(live!), others]).toEqual([true, []])
    }
  })
})
