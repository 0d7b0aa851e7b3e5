import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { asSystem, newCompany, newMember, type TestCompany } from '../../../tests/support/factories.ts'
import { newCustomer } from '../../../tests/support/facts.ts'
import {
  enrolIn,
  enrolmentsOf,
  flowDocumentOf,
  inDays,
  logOf,
  newCustomers,
  newFlow,
  plan,
  restAndRing,
  runAt,
  setPlan,
} from '../../../tests/support/flows.ts'
import { updateCustomers } from '../../customers/accounts/commands/save.ts'
import { createContacts } from '../../customers/contacts/commands/save.ts'
import * as enrolments from './contract/enrolments.ts'
import * as contract from './contract/flows.ts'

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

describe('FLW-3 who comes in and who leaves', () => {
  it('entry and re-entry: who does not come in is told with the reason', async () => {
    const [one, other] = [await newCustomer(company, { plan: 'Pro' }), await newCustomer(company, { plan: 'Free' })]
    const flow = await newFlow(company, { entry: plan('Pro'), steps: ring, reentry: { kind: 'after_days', days: 30 } })
    expect(await enrol(flow.id, [one, other])).toMatchObject({
      enrolled: 1,
      refused: [{ reason: 'entry_not_met', count: 1 }],
    })
    expect(await enrol(flow.id, [one])).toMatchObject({ enrolled: 0, refused: [{ reason: 'already_in', count: 1 }] })
    await runAt(company)
    expect(await enrol(flow.id, [one])).toMatchObject({ enrolled: 0, refused: [{ reason: 'reentry', count: 1 }] })
    await asSystem(company, ctx =>
      sql`update flow_enrolment set entered_at = entered_at - interval '31 days' where tenant_id = ${ctx.tenantId} and flow_id = ${flow.id}`.execute(
        ctx.tx,
      ),
    )
    expect(await enrol(flow.id, [one])).toMatchObject({ enrolled: 1 })
    const refusals = await company.admin.call(enrolments.listRefusals, { params: { id: flow.id } })
    expect(refusals.body.items.map(({ reason, text }) => [reason, text.ja])).toEqual([
      ['reentry', '再開始の設定により、もう一度は始まりません。'],
      ['already_in', 'すでにこのフローを進行中です。'],
      ['entry_not_met', '対象の条件を満たしていません。'],
    ])
  })

  it('exits are looked at before every step, the goal as well', async () => {
    const [leaves, reaches, stays] = await customers(3, { plan: 'Free' })
    const flow = await newFlow(company, {
      steps: waits,
      exits: [{ name: '解約', condition: { field: 'status', op: 'in', value: ['CHURNED'] } }],
      goal: { condition: plan('Pro'), withinDays: 30 },
    })
    await enrol(flow.id, [leaves!, reaches!, stays!])
    await runAt(company)
    await asSystem(company, ctx =>
      updateCustomers(ctx, [{ id: leaves!, values: { status: 'CHURNED' } }], { origin: 'person' }),
    )
    await setPlan(company, reaches!, 'Pro')
    await runAt(company, inDays(1.1))
    const all = new Map((await enrolmentsOf(company, flow.id)).map(each => [each.subjectId, each]))
    expect([leaves, reaches, stays].map(id => [all.get(id!)!.reason, ...logOf(all.get(id!)!)])).toEqual([
      ['exit', 'rest exit'],
      ['goal', 'rest goal'],
      ['finished', 'rest next', 'ring next'],
    ])
    expect(all.get(leaves!)!.log[0]!.details).toEqual({ exit: '解約' })
  })

  it('hold-out: the same accounts in every flow, contacts with their customer; they are never acted on', async () => {
    const many = await customers(80)
    const held = async (percent: number) => {
      const flow = await newFlow(company, { steps: ring, holdoutPercent: percent })
      await enrol(flow.id, many)
      await runAt(company)
      return (await enrolmentsOf(company, flow.id)).filter(({ state }) => state === 'holdout')
    }
    const [half, again, third] = [await held(50), await held(50), await held(30)]
    const ids = (list: typeof half) => list.map(({ subjectId }) => subjectId).sort()
    expect(ids(half)).toEqual(ids(again))
    expect(ids(third).every(id => ids(half).includes(id))).toBe(true)
    expect(half.length).toBeGreaterThan(20)
    expect(half.length).toBeLessThan(60)
    expect(half.flatMap(({ log }) => log)).toEqual([])
    const people = half
      .slice(0, 3)
      .map(({ subjectId: customerId }) => ({ id: randomUUID(), values: { name: '鈴木', customerId } }))
    await asSystem(company, ctx => createContacts(ctx, people, { origin: 'person' }))
    const contacts = await newFlow(company, {
      subject: 'contact',
      steps: [{ key: 'end', kind: 'end' }],
      holdoutPercent: 50,
    })
    expect(
      await enrol(
        contacts.id,
        people.map(({ id }) => id),
      ),
    ).toMatchObject({ enrolled: 0, heldOut: 3 })
  })

  it('caps over all flows: the more urgent flow goes first, what is held back is written down', async () => {
    const customer = await newCustomer(company)
    const cap = { most: 1, days: 7 }
    await company.admin.call(enrolments.changeFlowSettings, { body: { cap, exemptPriority: 1 } })
    const [low, high, exempt] = [
      await newFlow(company, { steps: ring, priority: 7 }),
      await newFlow(company, { steps: ring, priority: 3 }),
      await newFlow(company, { steps: ring, priority: 1 }),
    ]
    for (const flow of [low, high]) await enrol(flow.id, [customer])
    await runAt(company)
    await enrol(exempt.id, [customer])
    await runAt(company)
    const logs = await Promise.all(
      [low, high, exempt].map(async ({ id }) => logOf((await enrolmentsOf(company, id))[0]!)),
    )
    expect(logs).toEqual([['ring cap'], ['ring next'], ['ring next']])
    const { body } = await company.admin.call(enrolments.listSuppressions, { query: { customerId: customer } })
    expect(body.items.map(each => [each.flowId, each.step, each.reason, each.subjectId])).toEqual([
      [low.id, 'ring', 'cap', customer],
    ])
    await company.admin.call(enrolments.changeFlowSettings, { body: { cap: null, exemptPriority: 0 } })
  })

  it('quiet hours: a contact waits until they are over', async () => {
    const customer = await newCustomer(company)
    const flow = await newFlow(company, { steps: ring, quiet: { start: '21:00', end: '08:00' } })
    await enrol(flow.id, [customer])
    const night = new Date(`${inDays(1).toISOString().slice(0, 10)}T14:00:00Z`)
    await runAt(company, night)
    const [waiting] = await enrolmentsOf(company, flow.id)
    expect([waiting!.log, new Date(waiting!.dueAt!).toISOString().slice(11)]).toEqual([[], '23:00:00.000Z'])
    await runAt(company, new Date(night.getTime() + 9 * 3_600_000 + 1_000))
    expect(logOf((await enrolmentsOf(company, flow.id))[0]!)).toEqual(['ring next'])
  })
})

describe('FLW-3 versions and hands', () => {
  it('an edit is a new version: who runs stays, or is moved by choice after a preview', async () => {
    const ids = await customers(2)
    const flow = await newFlow(company, { steps: waits })
    await enrol(flow.id, ids)
    await runAt(company)
    const document = flowDocumentOf({
      steps: [
        { key: 'pause', kind: 'wait', amount: 2, unit: 'days', next: 'tell' },
        { key: 'tell', kind: 'task', title: '連絡', assign: { kind: 'nobody' }, next: null },
      ],
    })
    await company.admin.call(contract.updateFlow, { params: { id: flow.id }, body: { document } })
    const published = await company.admin.call(contract.publishFlow, { params: { id: flow.id }, body: {} })
    expect(published.body.version).toBe(2)
    const preview = (mapping = {}) =>
      company.admin.call(enrolments.previewMove, { params: { id: flow.id }, body: { ids: [first!.id], mapping } })
    const [first, second] = await enrolmentsOf(company, flow.id)
    expect((await preview()).body).toEqual({
      version: 2,
      movable: 0,
      steps: [{ version: 1, step: 'rest', count: 1, to: null }],
    })
    const mapping = { rest: 'pause' }
    expect((await preview(mapping)).body.movable).toBe(1)
    const moved = await company.admin.call(enrolments.moveEnrolments, {
      params: { id: flow.id },
      body: { ids: [first!.id], mapping },
    })
    expect(moved.body).toEqual({ moved: 1, stayed: 0 })
    for (const days of [0, 1.1, 2.2]) await runAt(company, inDays(days))
    const after = new Map((await enrolmentsOf(company, flow.id)).map(each => [each.id, logOf(each)]))
    expect(after.get(first!.id)).toEqual(['rest moved_by_hand', 'pause next', 'tell next'])
    expect(after.get(second!.id)).toEqual(['rest next', 'ring next'])
    const versions = await company.admin.call(contract.flowVersions, { params: { id: flow.id } })
    expect(versions.body.items.map(({ number }) => number)).toEqual([2, 1])
  })

  it('pause, resume, skip, retry, cancel for many; a CSM only for the own customers', async () => {
    const csm = await newMember(company, 'csm')
    const mine = await newCustomer(company, { ownerId: csm.memberId })
    const [other] = await customers(1)
    const flow = await newFlow(company, { steps: waits })
    await enrol(flow.id, [mine, other!])
    await runAt(company)
    const ids = (await enrolmentsOf(company, flow.id)).map(({ id }) => id)
    const act = async (action: string, caller = company.admin) =>
      (await caller.call(enrolments.actOnEnrolments, { body: { action, ids } as never })).body
    expect(await act('pause', csm)).toEqual({ changed: 1, skipped: 1 })
    await runAt(company, inDays(1.1))
    const states = async () =>
      new Map((await enrolmentsOf(company, flow.id)).map(each => [each.subjectId, `${each.state} ${each.step}`]))
    expect([(await states()).get(mine), (await states()).get(other!)]).toEqual(['paused rest', 'ended null'])
    expect(await act('resume')).toEqual({ changed: 1, skipped: 1 })
    expect(await act('skip')).toEqual({ changed: 1, skipped: 1 })
    expect((await states()).get(mine)).toBe('active ring')
    expect(await act('cancel')).toEqual({ changed: 1, skipped: 1 })
    const [cancelled] = (await enrolmentsOf(company, flow.id)).filter(({ subjectId }) => subjectId === mine)
    expect([cancelled!.reason, logOf(cancelled!)]).toEqual(['cancelled', ['rest skipped_by_hand', 'ring cancelled']])
  })

  it('a step that its version lacks fails and waits for a person, who tries it again', async () => {
    const [customer] = await customers(1)
    const broken = await newFlow(company, {
      steps: [
        {
          key: 'ask',
          kind: 'branch',
          cases: [{ name: 'x', condition: plan('Pro'), next: null }],
          otherwise: null,
        },
      ],
    })
    await enrol(broken.id, [customer!])
    await asSystem(company, ctx =>
      sql`update flow_enrolment set step = 'gone' where tenant_id = ${ctx.tenantId} and flow_id = ${broken.id}`.execute(
        ctx.tx,
      ),
    )
    await runAt(company)
    expect((await enrolmentsOf(company, broken.id))[0]).toMatchObject({
      state: 'failed',
      fault: 'Step "gone" is missing.',
    })
    await asSystem(company, ctx =>
      sql`update flow_enrolment set step = 'ask' where tenant_id = ${ctx.tenantId} and flow_id = ${broken.id}`.execute(
        ctx.tx,
      ),
    )
    const ids = (await enrolmentsOf(company, broken.id)).map(({ id }) => id)
    await company.admin.call(enrolments.actOnEnrolments, { body: { action: 'retry', ids } })
    await runAt(company)
    expect((await enrolmentsOf(company, broken.id))[0]!.reason).toBe('finished')
  })

  it('a paused flow rests, an archived one ends what runs; counts by step and reason', async () => {
    const ids = await customers(3)
    const flow = await newFlow(company, { steps: waits })
    await enrol(flow.id, ids)
    await runAt(company)
    const to = (state: string) =>
      company.admin.call(contract.changeFlowState, { params: { id: flow.id }, body: { to: state } as never })
    await to('paused')
    expect(await runAt(company, inDays(2))).toBe(0)
    await to('enabled')
    await company.admin.call(enrolments.actOnEnrolments, {
      body: { action: 'pause', ids: [(await enrolmentsOf(company, flow.id))[0]!.id] },
    })
    await runAt(company, inDays(2))
    const { body } = await company.admin.call(contract.flowCounts, { params: { id: flow.id } })
    expect(body).toMatchObject({ entered: 3, ended: [{ reason: 'finished', count: 2 }] })
    expect(body.steps.find(({ step }) => step === 'rest')).toMatchObject({ now: 1, passed: 2, left: 0 })
    await to('archived')
    const reasons = (await enrolmentsOf(company, flow.id)).map(({ reason }) => reason).sort()
    expect(reasons).toEqual(['finished', 'finished', 'flow_archived'])
    expect((await to('paused')).status).toBe(409)
  })
})
