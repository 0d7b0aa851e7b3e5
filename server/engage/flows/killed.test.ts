import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { asSystem, newCompany, type TestCompany } from '../../../tests/support/factories.ts'
import { newFlow, runAt } from '../../../tests/support/flows.ts'
import { createCustomers } from '../../customers/accounts/commands/save.ts'
import { enqueue } from '../../platform/context/context.ts'
import { runJob } from './commands/enrol.ts'
import { enrol } from './contract/enrolments.ts'

let application: TestApplication
let company: TestCompany

beforeAll(async () => {
  application = await testApplication()
  company = await newCompany(application)
})
afterAll(() => application.end())

const worker = new URL('../../../tests/support/product-worker.ts', import.meta.url)
const people = 2_000

async function kill(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit')
  child.kill('SIGKILL')
  await exited
}

async function sums(flowId: string) {
  const { rows } = await asSystem(company, ctx =>
    sql<{ enrolments: number; ended: number; runs: number; tasks: number; contacts: number }>`
      select (select count(*)::int from flow_enrolment e where e.tenant_id = ${ctx.tenantId} and e.flow_id = ${flowId}) as enrolments,
        (select count(*)::int from flow_enrolment e where e.tenant_id = ${ctx.tenantId} and e.flow_id = ${flowId} and e.state = 'ended') as ended,
        (select count(*)::int from flow_step_run r where r.tenant_id = ${ctx.tenantId} and r.flow_id = ${flowId}) as runs,
        (select count(*)::int from task t where t.tenant_id = ${ctx.tenantId} and t.source = 'flow') as tasks,
        (select count(*)::int from flow_contact c where c.tenant_id = ${ctx.tenantId}) as contacts`.execute(ctx.tx),
  )
  return rows[0]!
}

describe('FLW-3 kill -9', () => {
  it('workers killed in the middle of a batch, two at a time: every step is done once for everybody', async () => {
    const ids = Array.from({ length: people }, () => crypto.randomUUID())
    await asSystem(company, ctx =>
      createCustomers(
        ctx,
        ids.map((id, place) => ({ id, values: { name: `顧客${place}`, plan: place % 2 === 0 ? 'Pro' : 'Free' } })),
        { origin: 'person' },
      ),
    )
    const ring = (key: string, next: string | null) =>
      ({ key, kind: 'call', title: '電話', assign: { kind: 'nobody' }, next }) as const
    const flow = await newFlow(company, {
      steps: [
        ring('first', 'plan'),
        {
          key: 'plan',
          kind: 'branch',
          cases: [{ name: 'Pro', condition: { field: 'plan', op: 'in', value: ['Pro'] }, next: 'second' }],
          otherwise: 'second',
        },
        ring('second', 'mark'),
        { key: 'mark', kind: 'change', changes: [{ kind: 'add_tag', tag: '済み' }], next: null },
      ],
    })
    await company.admin.call(enrol, { params: { id: flow.id }, body: { subjectIds: ids } })
    let kills = 0
    for (const wait of [10, 60, 150, 300, 600]) {
      await asSystem(company, async ctx => enqueue(ctx, { name: runJob, payload: {}, key: `again ${wait}` }))
      const children = [fork(worker, [application.database.appUrl]), fork(worker, [application.database.appUrl])]
      await Promise.all(children.map(child => once(child, 'message')))
      await delay(wait)
      await Promise.all(children.map(kill))
      kills += children.length
      // The database notices that they are gone; their leases are over.
      await application.pool.query(`update job set lease_until = now() where state = 'leased'`)
      const { enrolments, runs, tasks, contacts } = await sums(flow.id)
      expect([enrolments, tasks, contacts]).toEqual([people, contacts, contacts])
      expect(runs).toBeGreaterThanOrEqual(tasks)
    }
    await delay(500)
    while ((await runAt(company)) > 0);
    expect(kills).toBe(10)
    expect(await sums(flow.id)).toEqual({
      enrolments: people,
      ended: people,
      runs: people * 4,
      tasks: people * 2,
      contacts: people * 2,
    })
  }, 240_000)
})
