import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import {
  asSystem,
  newCompany,
  newKey,
  newMember,
  type TestCompany,
  type TestMember,
} from '../../../tests/support/factories.ts'
import { dayAgo, newCustomer } from '../../../tests/support/facts.ts'
import { newTask, taskOf, titlesOf } from '../../../tests/support/tasks.ts'
import { updateCustomers } from '../../customers/accounts/commands/save.ts'
import { createContact } from '../../customers/contacts/contract.ts'
import { setRevenue } from '../../customers/contracts/commands/save.ts'
import { getTimeline } from '../../customers/timeline/contract.ts'
import { createTeam, removeMember } from '../../platform/identity/contract/company.ts'
import { listNotices } from '../notices/contract/inbox.ts'
import { releaseTasks } from './commands/tasks.ts'
import { countTasks } from './contract/counts.ts'
import * as contract from './contract/tasks.ts'

let application: TestApplication
let company: TestCompany
let csm: TestMember
let customer: string

beforeAll(async () => {
  application = await testApplication()
})
beforeEach(async () => {
  company = await newCompany(application)
  csm = await newMember(company, 'csm')
  customer = await newCustomer(company, { name: '東和', ownerId: csm.memberId })
})
afterAll(() => application.end())

const patch = (caller: TestMember, id: string, body: object) =>
  caller.call(contract.updateTask, { params: { id }, body })

describe('TSK-1: a task', () => {
  it('TSK-1: holds checklist, links, due time and history, and stands in the timeline when it is done', async () => {
    const contact = await company.admin.call(createContact, { body: { customerId: customer, name: '山田 花子' } })
    expect(contact.status).toBe(201)
    const items = [
      { id: randomUUID(), text: '資料を送る', done: false },
      { id: randomUUID(), text: '日程を決める', done: false },
    ]
    const made = await newTask(csm, {
      title: '四半期レビューの準備',
      customerId: customer,
      links: [{ kind: 'contact', id: contact.body.id }],
      dueOn: dayAgo(-2),
      dueTime: '15:30',
      priority: 'high',
      checklist: items,
    })
    expect(made).toMatchObject({
      status: 'open',
      assigneeId: csm.memberId,
      source: 'manual',
      late: false,
      items: 2,
      itemsDone: 0,
    })
    expect(made.dueAt).toBe(`${dayAgo(-2)}T06:30:00+00:00`)
    expect(made.links).toEqual([{ kind: 'contact', id: contact.body.id, name: '山田 花子' }])
    await patch(csm, made.id, { tick: { id: items[1]!.id, done: true } })
    await patch(csm, made.id, { priority: 'urgent', title: 'レビューの準備' })
    const waiting = await patch(csm, made.id, { status: 'waiting' })
    expect([waiting.status, waiting.problem.errors?.[0]?.path]).toEqual([422, 'body.reason'])
    await patch(csm, made.id, { status: 'waiting', reason: '先方の回答待ち' })
    expect(
      (await csm.call(contract.commentTask, { params: { id: made.id }, body: { text: '電話しました' } })).status,
    ).toBe(201)
    const done = await csm.call(contract.completeTask, { params: { id: made.id } })
    expect([done.status, done.body.nextId]).toEqual([200, null])
    expect((await csm.call(contract.completeTask, { params: { id: made.id } })).status).toBe(409)
    const task = await taskOf(csm, made.id)
    expect(task).toMatchObject({
      status: 'done',
      reason: null,
      itemsDone: 1,
      checklist: [items[0], { ...items[1], done: true }],
    })
    expect(task.steps.map(({ kind }) => kind)).toEqual([
      'changed',
      'comment',
      'changed',
      'changed',
      'changed',
      'created',
    ])
    expect(task.steps[0]).toMatchObject({ from: { status: 'waiting' }, to: { status: 'done' } })
    expect(task.steps[1]).toMatchObject({ note: '電話しました', actorName: '佐藤 美咲' })
    const timeline = await csm.call(getTimeline, { params: { id: customer } })
    expect(timeline.body.items.find(({ kind }) => kind === 'task.done')).toMatchObject({ title: 'レビューの準備' })
    const reopened = await csm.call(contract.reopenTask, { params: { id: made.id } })
    expect(reopened.body).toMatchObject({ status: 'open', doneAt: null })
    expect((await csm.call(contract.deleteTask, { params: { id: made.id } })).status).toBe(204)
    expect((await csm.call(contract.getTask, { params: { id: made.id } })).status).toBe(404)
  })

  it('TSK-1: refuses what cannot be: foreign and missing records, a time without a day, an unknown item', async () => {
    const other = await newCompany(application)
    const theirs = await newCustomer(other, { name: '他社' })
    const create = async (body: object) => {
      const { status, problem } = await company.admin.call(contract.createTask, { body: { title: 't', ...body } })
      return [status, problem.errors?.[0]?.path]
    }
    expect(await create({ customerId: theirs })).toEqual([422, 'body.customerId'])
    expect(await create({ assign: { kind: 'member', id: other.admin.memberId } })).toEqual([422, 'body.assign'])
    expect(await create({ assign: { kind: 'owner' } })).toEqual([422, 'body.assign'])
    for (const kind of ['contact', 'contract', 'ticket', 'alert', 'milestone']) {
      expect(await create({ links: [{ kind, id: theirs }] })).toEqual([422, 'body.links'])
    }
    expect(await create({ dueTime: '10:00' })).toEqual([422, 'body.dueTime'])
    expect(await create({ recurrence: { every: 'day' } })).toEqual([422, 'body.dueOn'])
    expect(await create({ key: 'k' })).toEqual([422, 'body.key'])
    const { id } = await newTask(company.admin)
    expect((await patch(company.admin, id, { tick: { id: randomUUID(), done: true } })).status).toBe(422)
    expect(await titlesOf(other.admin, { view: 'all' })).toEqual([])
  })

  it('TSK-1: a recurring task makes its next once, with its checklist open again', async () => {
    const { id } = await newTask(csm, {
      title: '月次の連絡',
      customerId: customer,
      dueOn: dayAgo(3),
      recurrence: { every: 'week' },
      checklist: [{ id: randomUUID(), text: '数字を見る', done: true }],
    })
    const complete = () => csm.call(contract.completeTask, { params: { id } })
    const next = (await complete()).body.nextId!
    const following = await taskOf(csm, next)
    expect(following).toMatchObject({
      dueOn: dayAgo(-4),
      status: 'open',
      assigneeId: csm.memberId,
      itemsDone: 0,
      customerId: customer,
    })
    await csm.call(contract.reopenTask, { params: { id } })
    expect((await complete()).body.nextId).toBe(next)
    expect(await titlesOf(csm, { mine: 'own' })).toEqual(['月次の連絡'])
  })
})

describe('TSK-1: lists', () => {
  it('TSK-1: filter, search, sort and page', async () => {
    const rich = await newCustomer(company, { name: '大口', ownerId: csm.memberId, renewalOn: dayAgo(-10) })
    await asSystem(company, async ctx => {
      await setRevenue(
        ctx,
        [
          { customerId: rich, mrr: 500_000 },
          { customerId: customer, mrr: 1_000 },
        ],
        { origin: 'person' },
      )
    })
    await newTask(csm, { title: '遅れ', customerId: customer, dueOn: dayAgo(1), priority: 'low' })
    await newTask(csm, { title: '今日', customerId: rich, dueOn: dayAgo(0) })
    await newTask(csm, { title: '来週', customerId: rich, dueOn: dayAgo(-7), priority: 'urgent' })
    await newTask(csm, { title: '期限なし' })
    expect(await titlesOf(csm)).toEqual(['遅れ', '今日', '来週', '期限なし'])
    expect(await titlesOf(csm, { sort: 'priority' })).toEqual(['来週', '今日', '期限なし', '遅れ'])
    expect(await titlesOf(csm, { sort: 'stake' })).toEqual(['来週', '今日', '遅れ', '期限なし'])
    expect(await titlesOf(csm, { late: 'true' })).toEqual(['遅れ'])
    expect(await titlesOf(csm, { dueFrom: dayAgo(0), dueTo: dayAgo(-3) })).toEqual(['今日'])
    expect(await titlesOf(csm, { q: '大口' })).toEqual(['今日', '来週'])
    expect(await titlesOf(csm, { customerId: customer })).toEqual(['遅れ'])
    expect(await titlesOf(csm, { priority: 'urgent', status: 'open,waiting', source: 'manual' })).toEqual(['来週'])
    expect((await csm.call(contract.listTasks, { query: { status: 'none' } })).status).toBe(422)
    for (const sort of contract.taskSorts) {
      const all = await titlesOf(csm, { sort })
      const paged: string[] = []
      let cursor: string | null = null
      do {
        const page: { body: { items: { title: string }[]; next: string | null } } = await csm.call(contract.listTasks, {
          query: { sort, limit: 1, ...(cursor && { cursor }) },
        })
        paged.push(...page.body.items.map(({ title }) => title))
        cursor = page.body.next
      } while (cursor)
      expect(paged).toEqual(all)
    }
    const counts = (await csm.call(countTasks)).body
    expect(counts).toEqual({ today: dayAgo(0), own: 4, ownLate: 1, ownToday: 1, team: 4, all: 4 })
  })

  it('TSK-1: who may see and change follows customers, assignment and teams', async () => {
    const [other, manager, reader] = [
      await newMember(company, 'csm'),
      await newMember(company, 'cs_manager'),
      await newMember(company, 'read_only'),
    ]
    const team = { name: '東', memberIds: [manager.memberId, csm.memberId] }
    expect((await company.admin.call(createTeam, { body: team })).status).toBe(201)
    const about = await newTask(csm, { title: '顧客の', customerId: customer })
    const own = await newTask(csm, { title: '自分の' })
    expect(await titlesOf(other)).toEqual(['顧客の'])
    expect((await titlesOf(manager)).sort()).toEqual(['自分の', '顧客の'])
    expect((await titlesOf(company.admin)).sort()).toEqual(['自分の', '顧客の'])
    expect((await other.call(contract.getTask, { params: { id: own.id } })).status).toBe(404)
    expect((await taskOf(other, about.id)).mayChange).toBe(false)
    expect((await patch(other, about.id, { title: 'x' })).status).toBe(404)
    expect((await patch(manager, own.id, { title: '直した' })).status).toBe(200)
    expect((await reader.call(contract.createTask, { body: { title: 'x' } })).status).toBe(403)
    // A colleague's customer: only what one does oneself.
    const forOthers = { title: 'x', customerId: customer, assign: { kind: 'owner' } }
    expect((await other.call(contract.createTask, { body: forOthers })).status).toBe(403)
    expect((await other.call(contract.createTask, { body: { title: '手伝い', customerId: customer } })).status).toBe(
      201,
    )
  })

  it('TSK-1: whoever is given a task is told; of who leaves they are nobody’s', async () => {
    const { id } = await newTask(company.admin, { title: '引き継ぎ', assign: { kind: 'owner' }, customerId: customer })
    const inbox = (await csm.call(listNotices, { query: {} })).body.items
    expect(inbox.map(({ link }) => link)).toEqual([`/tasks?open=${id}`])
    await asSystem(company, ctx => releaseTasks(ctx, csm.memberId))
    expect(await taskOf(company.admin, id)).toMatchObject({ assigneeId: null })
    expect(await titlesOf(company.admin, { nobodys: 'true' })).toEqual(['引き継ぎ'])
    expect((await company.admin.call(removeMember, { params: { id: csm.memberId } })).status).toBe(204)
    await asSystem(company, ctx =>
      updateCustomers(ctx, [{ id: customer, values: { status: 'PAUSED' } }], { origin: 'person' }),
    )
  })

  it('TSK-1: a program makes one task of a key, however often and at once it asks', async () => {
    const key = await newKey(company, 'administrator')
    const body = { title: '連携から', key: 'crm-17', customerId: customer, assign: { kind: 'owner' } }
    const answers = await Promise.all(Array.from({ length: 8 }, () => key.call(contract.createTask, { body })))
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(201))
    expect(new Set(answers.map(answer => answer.body.id)).size).toBe(1)
    expect(answers[0]!.body).toMatchObject({ source: 'api', assigneeId: csm.memberId })
    expect(await titlesOf(company.admin)).toEqual(['連携から'])
  })
})
