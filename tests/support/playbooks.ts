import { sql } from 'kysely'
import { expect } from 'vitest'
import * as contract from '../../server/blueprints/programmes/contract/blueprints.ts'
import { followTriggers } from '../../server/engage/flows/commands/follow.ts'
import { listFlows } from '../../server/engage/flows/contract/flows.ts'
import { listTasks } from '../../server/engage/tasks/contract/tasks.ts'
import { asSystem, type TestCompany } from './factories.ts'

/** Plans a programme that comes with the product and applies it, over the API. */
export async function applyProgramme(company: TestCompany, blueprint: string) {
  const source = { blueprint }
  const planned = await company.admin.call(contract.planBlueprint, { body: { source, replaceOthers: false } })
  const problems = planned.body.changes.filter(({ problem }) => problem).map(({ key, problem }) => [key, problem!.en])
  expect([planned.status, planned.body.faults, problems]).toEqual([200, [], []])
  const { fingerprint } = planned.body
  const { status, problem, body } = await company.admin.call(contract.applyBlueprint, {
    body: { source, replaceOthers: false, fingerprint },
  })
  expect([status, problem.detail]).toEqual([201, undefined])
  return { radius: planned.body.radius!, id: body.id }
}

/** The id of a flow by its key. */
export async function flowId(company: TestCompany, key: string): Promise<string> {
  const { items } = (await company.admin.call(listFlows, { query: {} })).body
  return items.find(flow => flow.key === key)!.id
}

/** Gives a customer a churn score, and lets the flows see it. */
export async function setScore(company: TestCompany, customer: string, score: number): Promise<void> {
  await asSystem(company, async ctx => {
    await sql`update customer set churn_score = ${score} where tenant_id = ${ctx.tenantId} and id = ${customer}`.execute(
      ctx.tx,
    )
    await followTriggers(ctx)
  })
}

/** A moment so many hours from now. */
export const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000)

/** The tasks of a customer as the API lists them. */
export async function tasksOf(company: TestCompany, customer: string) {
  const { items } = (await company.admin.call(listTasks, { query: { customerId: customer } })).body
  return items
}
