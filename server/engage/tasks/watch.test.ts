import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { asSystem, newCompany, newMember, type TestCompany, type TestMember } from '../../../tests/support/factories.ts'
import { dayAgo, newCustomer } from '../../../tests/support/facts.ts'
import { attribute, followLeads, newLead, newScoringRule, putSettings } from '../../../tests/support/leads.ts'
import { newTask, taskOf, watchAt } from '../../../tests/support/tasks.ts'
import { updateCustomers } from '../../customers/accounts/commands/save.ts'
import { createContacts } from '../../customers/contacts/commands/save.ts'
import { createTeam } from '../../platform/identity/contract/company.ts'
import { listNotices } from '../notices/contract/inbox.ts'
import { changeTaskSettings, readTaskSettings } from './contract/settings.ts'
import { listTasks, updateTask } from './contract/tasks.ts'
import { jobs, reactions } from './jobs.ts'

let application: TestApplication
let company: TestCompany
let csm: TestMember
let manager: TestMember

beforeAll(async () => {
  application = await testApplication()
})
beforeEach(async () => {
  company = await newCompany(application)
  csm = await newMember(company, 'csm')
  manager = await newMember(company, 'cs_manager')
  await company.admin.call(createTeam, { body: { name: '東', memberIds: [csm.memberId, manager.memberId] } })
})
afterAll(() => application.end())

/** A moment by the clock of the company on a day. */
const at = (day: string, time: string) => new Date(`${day}T${time}:00+09:00`)
const told = async (caller: TestMember) =>
  (await caller.call(listNotices, { query: {} })).body.items.map(({ title }) => title.ja)

/** Does what the jobs do that react to what was announced. */
async function react(events: { type: string; subject?: { id: string }; payload: object }[]) {
  for (const { type, subject, payload } of events) {
    for (const name of (reactions as Record<string, string[]>)[type] ?? []) {
      const job = jobs.find(each => each.name === name)!
      const event = job.payload.parse({ event: { type, subject_id: subject?.id ?? null, payload } })
      await asSystem(company, ctx => job.handle(ctx as never, event as never, undefined as never))
    }
  }
}

describe('TSK-1: the clock', () => {
  it('TSK-1: reminds 24 hours before, once, and again of a new due day', async () => {
    const due = dayAgo(-5)
    const { id } = await newTask(csm, { title: '提案書', dueOn: due, dueTime: '15:00' })
    await newTask(csm, { title: '終日', dueOn: due })
    const day = dayAgo(-4)
    expect(await watchAt(company, at(day, '08:59'))).toEqual([0, 0])
    expect(await watchAt(company, at(day, '09:00'))).toEqual([1, 0])
    expect(await watchAt(company, at(day, '14:59'))).toEqual([0, 0])
    expect(await watchAt(company, at(day, '15:00'))).toEqual([1, 0])
    expect(await watchAt(company, at(due, '10:00'))).toEqual([0, 0])
    expect((await told(csm)).sort()).toEqual(['タスクの期限まで24時間です: 提案書', 'タスクの期限まで24時間です: 終日'])
    expect((await taskOf(csm, id)).steps.map(({ kind }) => kind)).toEqual(['reminded', 'created'])
    await csm.call(updateTask, { params: { id }, body: { dueOn: dayAgo(-20) } })
    expect(await watchAt(company, at(dayAgo(-19), '15:00'))).toEqual([1, 1])
  })

  it('TSK-1: tells the CS manager of the team when it is late by the days of the task or the company, once', async () => {
    await newTask(csm, { title: '会社の設定', dueOn: dayAgo(0) })
    await newTask(csm, { title: 'すぐ', dueOn: dayAgo(0), escalateDays: 0 })
    const closed = await newTask(csm, { title: '完了', dueOn: dayAgo(0), escalateDays: 0 })
    await csm.call(updateTask, { params: { id: closed.id }, body: { status: 'done' } })
    expect(await watchAt(company, at(dayAgo(0), '23:59'))).toEqual([0, 0])
    expect(await watchAt(company, at(dayAgo(-1), '00:00'))).toEqual([0, 1])
    expect(await watchAt(company, at(dayAgo(-3), '23:59'))).toEqual([0, 0])
    expect(await watchAt(company, at(dayAgo(-4), '00:00'))).toEqual([0, 1])
    expect(await watchAt(company, at(dayAgo(-9), '00:00'))).toEqual([0, 0])
    expect((await told(manager)).sort()).toEqual(
      ['タスクが遅れています: すぐ', 'タスクが遅れています: 会社の設定'].sort(),
    )
    expect(await told(company.admin)).toEqual([])
  })

  it('TSK-1: many late ones are told in one notice, and without a manager the heads of CS are', async () => {
    const loner = await newMember(company, 'csm')
    const head = await newMember(company, 'head_of_cs')
    for (let number = 0; number < 5; number++) await newTask(loner, { title: `遅れ${number}`, dueOn: dayAgo(9) })
    expect(await watchAt(company, new Date())).toEqual([0, 5])
    expect(await told(head)).toEqual(['チームのタスク5件が遅れています'])
    expect(await watchAt(company, new Date(), null)).toEqual([0, 0])
  })
})

describe('TSK-1: rules', () => {
  const tasks = async () => (await company.admin.call(listTasks, { query: { view: 'all' } })).body.items

  it('TSK-1: a hot lead makes one task for whom it was given to', async () => {
    await putSettings(company, { hotAt: 20, assign: [{ kind: 'member', id: csm.memberId }] })
    await newScoringRule(company, attribute({ field: 'title', op: 'contains', value: '部長' }, 30))
    const lead = await newLead(company, { title: '部長', company: '東和工業' })
    const events = await followLeads(company)
    await react(events)
    await react(events)
    const made = await tasks()
    expect(made).toMatchObject([
      { source: 'lead', assigneeId: csm.memberId, priority: 'high', dueOn: dayAgo(-1), items: 3 },
    ])
    expect(made[0]!.title).toContain('東和工業')
    expect((await taskOf(csm, made[0]!.id)).links).toMatchObject([{ kind: 'contact', id: lead }])
    expect(await told(csm)).toContain(`タスクの担当になりました: ${made[0]!.title}`)
  })

  it('TSK-1: many leads that get hot at once get one task each, in the same statements', async () => {
    await putSettings(company, { hotAt: 20, assign: [{ kind: 'member', id: csm.memberId }] })
    const rows = Array.from({ length: 120 }, () => ({ id: randomUUID(), values: { name: '見込み客', title: '部長' } }))
    await asSystem(company, ctx => createContacts(ctx, rows, { origin: 'person' }))
    await newScoringRule(company, attribute({ field: 'title', op: 'contains', value: '部長' }, 30))
    const { rows: events } = await asSystem(company, ctx =>
      sql<{
        type: string
        payload: object
      }>`select type, payload from event where tenant_id = ${ctx.tenantId} and type = 'leads.hot'`.execute(ctx.tx),
    )
    expect(events).toHaveLength(1)
    await react(events)
    await react(events)
    const made = (await company.admin.call(listTasks, { query: { source: 'lead', limit: 200 } })).body.items
    expect(made.map(({ assigneeId }) => assigneeId)).toEqual(Array(120).fill(csm.memberId))
    expect(await told(csm)).toContain('タスク120件の担当になりました')
  })

  it('TSK-1: a customer that churned makes one task for its CSM, unless the rule is off', async () => {
    const churn = async (name: string) => {
      const id = await newCustomer(company, { name, ownerId: csm.memberId })
      const events = await asSystem(company, async ctx => {
        await updateCustomers(ctx, [{ id, values: { status: 'CHURNED' } }], { origin: 'person' })
        return [...ctx.pending.events]
      })
      await react(events)
      await react(events)
    }
    await churn('東和')
    expect(await tasks()).toMatchObject([
      { source: 'churn', assigneeId: csm.memberId, customerName: '東和', dueOn: dayAgo(-3) },
    ])
    const off = { leadHot: true, customerChurned: false, escalateDays: null }
    expect((await csm.call(changeTaskSettings, { body: off })).status).toBe(403)
    expect((await company.admin.call(changeTaskSettings, { body: off })).body).toEqual(off)
    expect((await csm.call(readTaskSettings)).body).toEqual(off)
    await churn('西和')
    expect(await tasks()).toHaveLength(1)
  })
})
