import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { asSystem, newCompany, newMember, type TestCompany } from '../../../tests/support/factories.ts'
import { newCustomer } from '../../../tests/support/facts.ts'
import {
  countRows,
  enrolIn,
  enrolmentsOf,
  flowDocumentOf,
  newCustomers,
  newFlow,
  plan,
  restAndRing,
  runAt,
  setPlan,
} from '../../../tests/support/flows.ts'
import { followGoals } from './commands/leave.ts'
import { flowDocument } from './contract/document.ts'
import * as contract from './contract/flows.ts'
import { graphFaults } from './contract/graph.ts'
import { withWay } from './contract/steps.ts'
import { differenceOf, neededFor } from './difference.ts'

let application: TestApplication
let company: TestCompany

beforeAll(async () => {
  application = await testApplication()
  company = await newCompany(application)
})
afterAll(() => application.end())

const waits = restAndRing
const ring = [waits[1]!]
const enrol = (flowId: string, subjectIds: string[]) => enrolIn(company, flowId, subjectIds)
const customers = (count: number, values = {}) => newCustomers(company, count, values)

describe('FLW-4, FLW-5', () => {
  it('FLW-4: the goal of both arms, with difference, interval and sample size', async () => {
    const many = await customers(60, { plan: 'Free' })
    const flow = await newFlow(company, {
      steps: ring,
      holdoutPercent: 50,
      goal: { condition: plan('Pro'), withinDays: 14, ends: false },
    })
    await enrol(flow.id, many)
    await runAt(company)
    const all = await enrolmentsOf(company, flow.id)
    const treated = all.filter(({ state }) => state !== 'holdout')
    for (const { subjectId } of treated.slice(0, 20)) await setPlan(company, subjectId, 'Pro')
    await asSystem(company, followGoals)
    const open = await company.admin.call(contract.flowResult, { params: { id: flow.id } })
    expect([open.body.treated.people, open.body.open]).toEqual([0, 40])
    await asSystem(company, ctx =>
      sql`update flow_enrolment set entered_at = entered_at - interval '15 days', goal_at = goal_at - interval '10 days'
        where tenant_id = ${ctx.tenantId} and flow_id = ${flow.id}`.execute(ctx.tx),
    )
    await asSystem(company, followGoals)
    const { body } = await company.admin.call(contract.flowResult, { params: { id: flow.id } })
    expect([body.treated.converted, body.treated.people, body.heldOut.converted, body.open]).toEqual([
      20,
      treated.length,
      0,
      0,
    ])
    expect(body.difference!.value).toBeCloseTo(20 / treated.length, 6)
    expect(body.difference!.low).toBeGreaterThan(0)
    expect(body.needed).toBeGreaterThan(2)
  })

  it('FLW-4: Newcombe’s interval and the sample size as in textbooks', () => {
    // Newcombe (1998), table II (a): 56/70 against 48/80, method 10: 0.0524 to 0.3339.
    const share = (hits: number, of: number) => {
      const z = 1.96
      const p = hits / of
      const centre = (p + z ** 2 / (2 * of)) / (1 + z ** 2 / of)
      const half = (z / (1 + z ** 2 / of)) * Math.sqrt((p * (1 - p)) / of + z ** 2 / (4 * of ** 2))
      return { value: p, low: centre - half, high: centre + half }
    }
    const { value, low, high } = differenceOf(share(56, 70), share(48, 80))!
    expect([value, low, high].map(each => each.toFixed(4))).toEqual(['0.2000', '0.0524', '0.3339'])
    // 60 % against 50 %, two-sided 5 %, power 80 %: 388 in each arm.
    expect(neededFor({ hits: 60, of: 100 }, { hits: 50, of: 100 })).toBe(388)
    expect([differenceOf(null, share(1, 2)), neededFor({ hits: 1, of: 2 }, { hits: 1, of: 2 })]).toEqual([null, null])
  })

  it('FLW-5: a rehearsal on a real customer says what each step would do, and leaves nothing behind', async () => {
    const customer = await newCustomer(company, { name: '東和工業', plan: 'Pro' })
    const document = flowDocumentOf({
      steps: [
        { key: 'rest', kind: 'wait', amount: 2, unit: 'days', next: 'plan' },
        { key: 'plan', kind: 'branch', cases: [{ name: 'Pro', condition: plan('Pro'), next: 'set' }], otherwise: null },
        { key: 'set', kind: 'change', changes: [{ kind: 'field', field: 'plan', value: 'Team' }], next: 'ask' },
        {
          key: 'ask',
          kind: 'approval',
          question: '進めますか',
          approvers: [{ kind: 'role', role: 'administrator' }],
          withinHours: 24,
          approved: 'ring',
          refused: null,
          silent: null,
        },
        waits[1]!,
      ],
    })
    const tables = ['task', 'flow', 'flow_enrolment', 'flow_request', 'notice']
    const before = await Promise.all(tables.map(table => countRows(company, table)))
    const viewer = await newMember(company, 'read_only')
    const test = (answers = {}) =>
      viewer.call(contract.testFlow, { body: { document, subjectId: customer, answers } as never })
    const { body, status } = await test()
    expect(status).toBe(200)
    expect(body.steps.map(({ step, way, afterMinutes }) => [step, way, afterMinutes])).toEqual([
      ['rest', 'next', 0],
      ['plan', 'case:0', 2_880],
      ['set', 'next', 2_880],
      ['ask', 'approved', 2_880],
      ['ring', 'next', 2_880],
    ])
    expect(body.steps[4]!.does.ja).toBe('電話のタスクを作成する「電話」')
    expect((await test({ ask: 'refused' })).body.steps.at(-1)).toMatchObject({ step: 'ask', way: 'refused' })
    const after = await Promise.all(tables.map(table => countRows(company, table)))
    expect(after).toEqual(before)
  })

  it('FLW-5: what publishing would do, counted by doing it for trial', async () => {
    await customers(4, { plan: 'Radius' })
    const document = flowDocumentOf({
      triggers: [{ kind: 'condition', condition: plan('Radius') }],
      entry: plan('Radius'),
      steps: ring,
    })
    const { body, status } = await company.admin.call(contract.flowRadius, { body: { document } as never })
    expect([status, body.audience, body.matching, body.wouldStart, body.heldOut, body.samples.length]).toEqual([
      200, 4, 4, 4, 0, 4,
    ])
    expect(
      await company.admin.call(contract.listFlows).then(({ body }) => body.items.some(({ key }) => /radius/.test(key))),
    ).toBe(false)
  })

  it('YAML: what is written is read again as it was, faults have their lines', async () => {
    const flow = await newFlow(company, { steps: waits, exits: [{ name: '解約', condition: plan('None') }] })
    const { yaml } = (await company.admin.call(contract.exportFlow, { params: { id: flow.id } })).body
    const read = (text: string) => company.admin.call(contract.readFlow, { body: { yaml: text } })
    expect((await read(yaml)).body).toEqual({ document: flow.document, faults: [] })
    const lines = yaml.split('\n')
    const line = lines.findIndex(text => text.includes('amount:')) + 1
    const wrong = await read(yaml.replace('amount: 1', 'amount: none'))
    expect([wrong.body.document, wrong.body.faults[0]!.line]).toEqual([null, line])
    const unknown = await read(yaml.replace('next: ring', 'next: nowhere'))
    expect(unknown.body.faults.map(({ path, message }) => [path, message.en])).toContainEqual([
      'steps.0.next',
      'There is no step "nowhere".',
    ])
    expect((await read('a: [')).body.faults[0]!.message.ja).toMatch(/YAMLとして読めません/)
  })

  it('faults of the graph and of what it names keep a flow from being published', async () => {
    const document = flowDocumentOf({
      triggers: [{ kind: 'segment', segment: 'nobody', move: 'entered' }],
      steps: [
        { key: 'a', kind: 'change', changes: [{ kind: 'field', field: 'ownerId', value: 'x' }], next: 'b' },
        { key: 'b', kind: 'webhook', channel: 'none', next: 'a' },
        { key: 'c', kind: 'end' },
      ],
    })
    const { body } = await company.admin.call(contract.checkFlow, { body: { document } as never })
    expect(body.faults.map(({ path, step }) => [path, step]).sort()).toEqual(
      [
        ['steps.2', 'c'],
        ['steps.0', 'a'],
        ['steps.1', 'b'],
        ['triggers.0.segment', null],
        ['steps.0.changes.0', 'a'],
        ['steps.1.channel', 'b'],
      ].sort(),
    )
    const made = await company.admin.call(contract.createFlow, {
      body: { nameJa: '誤り', nameEn: 'Wrong', document } as never,
    })
    const refused = await company.admin.call(contract.publishFlow, { params: { id: made.body.id }, body: {} })
    expect([refused.status, refused.problem.errors!.length]).toEqual([422, 6])
    expect((await company.admin.call(contract.deleteFlow, { params: { id: made.body.id } })).status).toBe(204)
  })

  it('a circle is allowed through a wait only; ways can be led elsewhere', () => {
    const circle = (kind: 'wait' | 'end') =>
      flowDocument.parse(
        flowDocumentOf({
          start: 'a',
          steps: [
            { key: 'a', kind: 'webhook', channel: 'x', next: 'b' },
            kind === 'wait'
              ? { key: 'b', kind, amount: 1, unit: 'days', next: 'a' }
              : { key: 'b', kind: 'webhook', channel: 'x', next: 'a' },
          ],
        }),
      )
    expect(graphFaults(circle('wait'))).toEqual([])
    expect(graphFaults(circle('end')).map(({ step }) => step)).toEqual(['a', 'b'])
    const [, back] = circle('end').steps
    expect(withWay(back!, 'next', null)).toMatchObject({ next: null })
  })
})
