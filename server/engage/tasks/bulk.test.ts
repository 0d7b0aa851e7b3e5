import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { asSystem, newCompany, newMember, type TestCompany, type TestMember } from '../../../tests/support/factories.ts'
import { dayAgo, newCustomer } from '../../../tests/support/facts.ts'
import { newTask, taskOf, titlesOf } from '../../../tests/support/tasks.ts'
import { createCustomers } from '../../customers/accounts/commands/save.ts'
import { createTeam } from '../../platform/identity/contract/company.ts'
import { changeSegmentMembers, createSegment } from '../../signals/segments/contract.ts'
import { createTasks } from './commands/create.ts'
import { bulkChangeTasks, bulkCreateTasks, undoTasks } from './contract/bulk.ts'
import { completeTask, listTasks, updateTask } from './contract/tasks.ts'

let application: TestApplication
let company: TestCompany
let members: TestMember[]
let team: string

beforeAll(async () => {
  application = await testApplication()
})
beforeEach(async () => {
  company = await newCompany(application)
  members = [await newMember(company, 'csm'), await newMember(company, 'csm'), await newMember(company, 'csm')]
  const body = { name: '東', memberIds: members.map(({ memberId }) => memberId) }
  team = (await company.admin.call(createTeam, { body })).body.id
})
afterAll(() => application.end())

async function manyCustomers(count: number): Promise<string[]> {
  const rows = Array.from({ length: count }, (_, place) => ({
    id: randomUUID(),
    values: { name: `顧客${place}`, ownerId: members[place % 2]!.memberId },
  }))
  await asSystem(company, ctx => createCustomers(ctx, rows, { origin: 'person' }))
  return rows.map(({ id }) => id)
}

async function loads(): Promise<number[]> {
  const { rows } = await asSystem(company, ctx =>
    sql<{ id: string; open: number }>`select assignee_id as id, count(*)::int as open from task
      where tenant_id = ${ctx.tenantId} group by 1`.execute(ctx.tx),
  )
  return members.map(({ memberId }) => rows.find(row => row.id === memberId)?.open ?? 0)
}

/** How many statements a piece of work sends. */
async function statementsOf(work: (ctx: Parameters<typeof createTasks>[0]) => Promise<unknown>): Promise<string[]> {
  return asSystem(company, async ctx => {
    const sent: string[] = []
    const client = (
      ctx.tx as never as { getExecutor(): { executeQuery: (...parts: unknown[]) => unknown } }
    ).getExecutor()
    const original = client.executeQuery
    client.executeQuery = (query, ...rest) => {
      sent.push((query as { sql: string }).sql)
      return original.call(client, query, ...rest)
    }
    await work(ctx).finally(() => {
      client.executeQuery = original
    })
    return sent
  })
}

describe('TSK-1: many tasks at once', () => {
  it('TSK-1: 1,000 customers get their task in one statement, as many statements as for ten', async () => {
    const ids = await manyCustomers(1_000)
    const draft = (customerId: string) => ({
      title: '更新の確認',
      customerId,
      dueOn: dayAgo(-7),
      source: 'flow' as const,
      key: `f:${customerId}`,
      assign: { kind: 'owner' as const },
    })
    const ten = await statementsOf(ctx => createTasks(ctx, ids.slice(0, 10).map(draft)))
    const rest = await statementsOf(ctx => createTasks(ctx, ids.slice(10).map(draft)))
    expect(rest.filter(text => /insert into task /.test(text))).toHaveLength(1)
    expect(rest.filter(text => /\btask/.test(text))).toHaveLength(ten.filter(text => /\btask/.test(text)).length)
    expect(await loads()).toEqual([500, 500, 0])
    // Again: nothing new, and the same ids.
    const again = await asSystem(company, ctx => createTasks(ctx, ids.map(draft)))
    expect(again.every(({ isNew }) => !isNew)).toBe(true)
    expect(new Set(again.map(({ id }) => id)).size).toBe(1_000)
  })

  it('TSK-1: the route counts first, then makes them, and takes them back but for what was touched', async () => {
    const ids = await manyCustomers(20)
    const body = { ids, task: { title: '一斉連絡', assign: { kind: 'owner' }, priority: 'high' } }
    const bulk = (more: object, caller: TestMember = company.admin) =>
      caller.call(bulkCreateTasks, { body: { ...body, ...more } })
    expect((await bulk({ dryRun: true })).body).toMatchObject({ customers: 20, created: 0, batchId: null, nobody: 0 })
    expect((await bulk({ dryRun: true }, members[0])).body.customers).toBe(10)
    const { body: made } = await bulk({})
    expect(made).toMatchObject({ customers: 20, created: 20, nobody: 0 })
    const [first] = (await company.admin.call(listTasks, { query: {} })).body.items
    await company.admin.call(updateTask, { params: { id: first!.id }, body: { title: '触った' } })
    expect((await members[0]!.call(undoTasks, { params: { id: made.batchId! } })).status).toBe(404)
    expect((await company.admin.call(undoTasks, { params: { id: made.batchId! } })).body.changed).toBe(19)
    expect(await titlesOf(company.admin)).toEqual(['触った'])
    expect((await bulk({ segmentId: randomUUID() })).status).toBe(422)
    expect((await company.admin.call(bulkCreateTasks, { body: { task: body.task } })).status).toBe(422)
  })

  it('TSK-1: of a segment, and of a filter of customers', async () => {
    const ids = await manyCustomers(6)
    const segment = await company.admin.call(createSegment, {
      body: { record: 'customer', nameJa: '対象', nameEn: 'Target', kind: 'static' },
    })
    await company.admin.call(changeSegmentMembers, {
      params: { id: segment.body.id },
      body: { add: ids.slice(0, 4), remove: [] },
    })
    const task = { title: 'セグメントから' }
    const ofSegment = await company.admin.call(bulkCreateTasks, { body: { segmentId: segment.body.id, task } })
    expect(ofSegment.body).toMatchObject({ customers: 4, created: 4 })
    const matching = { search: '顧客5' }
    expect((await company.admin.call(bulkCreateTasks, { body: { matching, task } })).body.samples).toEqual(['顧客5'])
    const other = await newCompany(application)
    expect(
      (await other.admin.call(bulkCreateTasks, { body: { segmentId: segment.body.id, task } })).body.customers,
    ).toBe(0)
    expect((await other.admin.call(bulkCreateTasks, { body: { ids, task } })).body.customers).toBe(0)
  })

  it('TSK-1: many are changed at once and the change is taken back, with what it made', async () => {
    const customer = await newCustomer(company, { ownerId: members[0]!.memberId })
    const once = await newTask(company.admin, { customerId: customer, dueOn: dayAgo(0) })
    const recurring = await newTask(company.admin, { title: '毎日', dueOn: dayAgo(0), recurrence: { every: 'day' } })
    const ids = [once.id, recurring.id, randomUUID()]
    const change = (body: object, caller: TestMember = company.admin) =>
      caller.call(bulkChangeTasks, { body: { ids, ...body } })
    expect((await change({ status: 'cancelled' })).status).toBe(422)
    expect((await change({ status: 'done' }, members[1])).body).toEqual({ batchId: null, changed: 0, unchanged: 3 })
    const { body } = await change({ status: 'done', assign: { kind: 'member', id: members[2]!.memberId } })
    expect(body).toMatchObject({ changed: 2, unchanged: 1 })
    expect(await titlesOf(company.admin)).toEqual(['毎日'])
    expect((await company.admin.call(undoTasks, { params: { id: body.batchId! } })).body.changed).toBe(2)
    expect((await titlesOf(company.admin)).sort()).toEqual(['毎日', '電話する'].sort())
    expect(await taskOf(company.admin, once.id)).toMatchObject({ status: 'open', assigneeId: company.admin.memberId })
    expect((await company.admin.call(undoTasks, { params: { id: body.batchId! } })).status).toBe(404)
    await company.admin.call(completeTask, { params: { id: once.id } })
  })

  it('TSK-1: given to the owners, a task without a customer or an owner stays with whom it is', async () => {
    const [owned, nobodys] = [
      await newCustomer(company, { ownerId: members[0]!.memberId }),
      await newCustomer(company, { ownerId: null }),
    ]
    const tasks = [
      await newTask(company.admin, { customerId: owned }),
      await newTask(company.admin, { customerId: nobodys }),
      await newTask(company.admin),
    ]
    const { body } = await company.admin.call(bulkChangeTasks, {
      body: { ids: tasks.map(({ id }) => id), assign: { kind: 'owner' } },
    })
    expect(body).toMatchObject({ changed: 1, unchanged: 2 })
    const assignees = () => Promise.all(tasks.map(async ({ id }) => (await taskOf(company.admin, id)).assigneeId))
    expect(await assignees()).toEqual([members[0]!.memberId, company.admin.memberId, company.admin.memberId])
    const all = { ids: tasks.map(({ id }) => id), assign: { kind: 'nobody' as const } }
    expect((await company.admin.call(bulkChangeTasks, { body: all })).body).toMatchObject({ changed: 3 })
    expect(await assignees()).toEqual([null, null, null])
  })
})

describe('TSK-1: fair shares', () => {
  it('TSK-1: in turn, also when many are made at the same time', async () => {
    const assign = { kind: 'team', id: team, by: 'turn' }
    await Promise.all(Array.from({ length: 15 }, () => newTask(company.admin, { assign })))
    expect(await loads()).toEqual([5, 5, 5])
  })

  it('TSK-1: by load, also at the same time: who has many gets none until the others have as many', async () => {
    for (let count = 0; count < 4; count++) await newTask(members[0]!)
    const assign = { kind: 'team', id: team, by: 'load' }
    await Promise.all(Array.from({ length: 8 }, () => newTask(company.admin, { assign })))
    expect(await loads()).toEqual([4, 4, 4])
    const analyst = await newMember(company, 'analyst')
    const made = await newTask(company.admin, { assign: { kind: 'role', role: 'analyst' } })
    expect(made.assigneeId).toBe(analyst.memberId)
    expect((await newTask(company.admin, { assign: { kind: 'role', role: 'support_l1' } })).assigneeId).toBeNull()
  })
})
