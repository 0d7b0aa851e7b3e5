import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { asSystem, newCompany, newMember, type TestCompany, type TestMember } from '../../../tests/support/factories.ts'
import { newCustomer } from '../../../tests/support/facts.ts'
import { enrolIn, newFlow, runAt } from '../../../tests/support/flows.ts'
import { inHours, tasksOf } from '../../../tests/support/playbooks.ts'
import { updateCustomers } from '../../customers/accounts/commands/save.ts'
import { completeTask, createTask } from '../tasks/contract/tasks.ts'
import { followGoals } from './commands/leave.ts'
import type { FlowDocumentInput } from './contract/document.ts'
import { decideRequest, listRequests } from './contract/enrolments.ts'
import * as contract from './contract/reports.ts'

let application: TestApplication
let company: TestCompany
let csm: TestMember

beforeAll(async () => {
  application = await testApplication()
  company = await newCompany(application)
  csm = await newMember(company, 'csm', { name: '田中 誠' })
})
afterAll(() => application.end())

const rescue = [
  { key: 'ring', kind: 'call', title: '{customer}に電話', assign: { kind: 'owner' }, next: 'reached' },
  {
    key: 'reached',
    kind: 'approval',
    question: '話せましたか',
    approvers: [{ kind: 'owner' }],
    withinHours: 24,
    approved: 'offer',
    refused: null,
    silent: null,
  },
  {
    key: 'offer',
    kind: 'task',
    title: '{customer}への提案',
    contact: 'offer',
    assign: { kind: 'owner' },
    next: 'answer',
  },
  {
    key: 'answer',
    kind: 'approval',
    question: '受け入れましたか',
    approvers: [{ kind: 'owner' }],
    withinHours: 24,
    approved: null,
    refused: null,
    silent: null,
  },
] satisfies FlowDocumentInput['steps']

const answer = async (name: string, approve: boolean) => {
  const { items } = (await csm.call(listRequests, { query: {} })).body
  const asked = items.find(item => item.subjectName === name)!
  const body = { approve, note: approve ? '' : '予算がない' }
  expect((await csm.call(decideRequest, { params: { id: asked.id }, body })).status).toBe(200)
  await runAt(company)
}
const log = async (query: object, caller = company.admin) =>
  (await caller.call(contract.listContactLog, { query })).body.items

describe('PLB-2 success and contacts', () => {
  let flow: string
  const ids: Record<string, string> = {}

  beforeAll(async () => {
    for (const name of ['東和', '南北', '西海']) ids[name] = await newCustomer(company, { name, ownerId: csm.memberId })
    ids.earlier = await newCustomer(company, { name: '以前', ownerId: csm.memberId })
    ids.foreign = await newCustomer(company, { name: '他' })
    const goal = { condition: { field: 'plan', op: 'in', value: ['Pro'] }, withinDays: 60, ends: false } as const
    flow = (await newFlow(company, { steps: rescue, goal })).id
    await enrolIn(company, flow, [...Object.values(ids)])
    await runAt(company)
    await asSystem(company, ctx =>
      sql`update flow_enrolment set entered_at = entered_at - interval '40 days'
        where tenant_id = ${ctx.tenantId} and subject_id = ${ids.earlier}`.execute(ctx.tx),
    )
    await answer('東和', true)
    await answer('南北', true)
    await answer('南北', false)
    await answer('東和', true)
    const [call] = await tasksOf(company, ids.西海!)
    await csm.call(completeTask, { params: { id: call!.id } })
    await asSystem(company, ctx =>
      updateCustomers(ctx, [{ id: ids.東和!, values: { plan: 'Pro' } }], { origin: 'person' }),
    )
    await asSystem(company, followGoals)
    await runAt(company, inHours(30))
  })

  it('PLB-2: for each step and month of enrolment: reached, succeeded, refused, silent, rate with its interval', async () => {
    const { body, status } = await company.admin.call(contract.flowSuccess, { params: { id: flow } })
    expect(status).toBe(200)
    const figures = ({ reached, succeeded, refused, silent }: (typeof body.steps)[number]) => [
      reached,
      succeeded,
      refused,
      silent,
    ]
    expect(body.steps.map(step => [step.step, ...figures(step)])).toEqual([
      ['ring', 5, 1, 0, 0],
      ['reached', 5, 2, 0, 3],
      ['offer', 2, 0, 0, 0],
      ['answer', 2, 1, 1, 0],
    ])
    const reached = body.steps[1]!
    expect(reached.months.map(({ reached, succeeded, silent }) => [reached, succeeded, silent])).toEqual([
      [4, 2, 2],
      [1, 0, 1],
    ])
    expect(reached.rate!.value).toBeCloseTo(0.4)
    expect([reached.rate!.low < 0.4, reached.rate!.high > 0.4]).toEqual([true, true])
    expect(body.steps.map(({ goal }) => goal)).toEqual([1, 1, 1, 1])
    expect(body.months.map(({ entered, converted }) => [entered, converted])).toEqual([
      [4, 1],
      [1, 0],
    ])
    const latest = await company.admin.call(contract.flowSuccess, { params: { id: flow }, query: { months: 1 } })
    expect(latest.body.steps.map(({ reached }) => reached)).toEqual([4, 4, 2, 2])
  })

  it('PLB-2: every contact is logged: when, to whom, by whom, which step, what came of it', async () => {
    const made = { title: '更新の電話', customerId: ids.南北!, contact: 'call' } as const
    expect((await csm.call(createTask, { body: made })).status).toBe(201)
    expect((await csm.call(createTask, { body: { title: '社内の準備', customerId: ids.南北! } })).status).toBe(201)
    const all = await log({})
    const line = ({ customerName, way, origin, step, outcome, memberName, note }: (typeof all)[number]) => [
      customerName,
      way,
      origin,
      step,
      outcome,
      memberName,
      note,
    ]
    expect((await log({ customerId: ids.南北 })).map(line).sort()).toEqual(
      [
        ['南北', 'call', 'flow', 'ring', 'approved', '田中 誠', null],
        ['南北', 'call', 'task', null, 'open', '田中 誠', null],
        ['南北', 'offer', 'flow', 'offer', 'refused', '田中 誠', '予算がない'],
      ].sort(),
    )
    expect((await log({ customerId: ids.西海 })).map(line)).toEqual([
      ['西海', 'call', 'flow', 'ring', 'silent', '田中 誠', null],
    ])
    expect(all).toHaveLength(8)
    expect([
      (await log({ flowId: flow })).length,
      (await log({ memberId: csm.memberId })).length,
      (await log({ outcome: 'refused' })).length,
      (await log({ way: 'offer' })).length,
      (await log({ month: new Date(Date.now() + 9 * 3_600_000).toISOString().slice(0, 7) })).length,
      (await log({ month: '2001-01' })).length,
    ]).toEqual([7, 7, 1, 2, 8, 0])
    // Page by page it is the same.
    const paged: string[] = []
    let cursor: string | undefined
    do {
      const { body } = await company.admin.call(contract.listContactLog, {
        query: { limit: 3, ...(cursor && { cursor }) },
      })
      paged.push(...body.items.map(({ id }) => id))
      cursor = body.next ?? undefined
    } while (cursor)
    expect(paged).toEqual(all.map(({ id }) => id))
  })

  it('another company has none of it, and guests of the portal may not look', async () => {
    const other = await newCompany(application)
    expect(await log({ flowId: flow }, other.admin)).toEqual([])
    const guest = await newMember(company, 'portal_user')
    expect((await guest.call(contract.listContactLog, { query: {} })).status).toBe(403)
  })
})

describe('PLB-4 the list of those who left', () => {
  it('PLB-4: stage, reason, next step and date, result, and the rate against the target', async () => {
    company = await newCompany(application)
    const wait = (key: string, amount: number, next: string) =>
      ({ key, kind: 'wait', amount, unit: 'days', next }) as const
    const flow = await newFlow(company, {
      steps: [
        { key: 'interview', kind: 'task', title: '終了時の聞き取り', assign: { kind: 'nobody' }, next: 'three' },
        wait('three', 90, 'mail-3'),
        { key: 'mail-3', kind: 'call', title: '3か月後の連絡', assign: { kind: 'nobody' }, next: 'six' },
        wait('six', 90, 'mail-6'),
        { key: 'mail-6', kind: 'call', title: '6か月後の連絡', assign: { kind: 'nobody' }, next: null },
      ],
      goal: { condition: { field: 'status', op: 'in', value: ['ACTIVE'] }, withinDays: 365, ends: true },
    })
    await asSystem(company, ctx =>
      sql`update flow set kind = 'win_back' where tenant_id = ${ctx.tenantId} and id = ${flow.id}`.execute(ctx.tx),
    )
    const left = { status: 'CHURNED', churnedOn: '2026-01-10', churnReason: '価格' } as const
    const ids = await Promise.all(['A', 'B', 'C'].map(name => newCustomer(company, { name, ...left })))
    await enrolIn(company, flow.id, ids)
    await runAt(company)
    const back = (days: number, id: string) =>
      asSystem(company, ctx =>
        sql`update flow_enrolment set entered_at = entered_at - make_interval(days => ${days}::int)
          where tenant_id = ${ctx.tenantId} and subject_id = ${id}`.execute(ctx.tx),
      )
    await back(100, ids[1]!)
    await asSystem(company, ctx =>
      updateCustomers(ctx, [{ id: ids[2]!, values: { status: 'ACTIVE' } }], { origin: 'person' }),
    )
    await asSystem(company, followGoals)
    await back(400, ids[2]!)
    const { items } = (await company.admin.call(contract.listWinBack, { query: {} })).body
    expect(
      items.map(({ customerName, stage, result, churnReason, nextStep }) => [
        customerName,
        stage,
        result,
        churnReason,
        nextStep?.step,
      ]),
    ).toEqual([
      ['A', 'left', 'running', '価格', 'mail-3'],
      ['B', 'month_3', 'running', '価格', 'mail-3'],
      ['C', 'month_12', 'returned', expect.anything(), undefined],
    ])
    expect(items[0]!.nextStep).toMatchObject({ kind: 'call', text: '3か月後の連絡', at: expect.any(String) })
    const figures = (await company.admin.call(contract.readWinBack)).body
    expect(figures).toMatchObject({ entered: 3, running: 2, returned: 1, over: 1, target: 0.1 })
    const returned = await company.admin.call(contract.listWinBack, {
      query: { result: 'returned', stage: 'month_12' },
    })
    expect(returned.body.items.map(({ customerName }) => customerName)).toEqual(['C'])
  })
})
