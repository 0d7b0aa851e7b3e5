import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { asSystem, newCompany, newKey, newMember, type TestCompany } from '../../../tests/support/factories.ts'
import { daysAgo, newCustomer, sendUse, usageEvent } from '../../../tests/support/facts.ts'
import { finishJobs } from '../../../tests/support/mails.ts'
import { updateCustomers } from '../../customers/accounts/commands/save.ts'
import { listCustomers } from '../../customers/accounts/contract/customers.ts'
import { createTickets, updateTickets } from '../../customers/support/commands/save.ts'
import { computeAll, followFacts } from '../metrics/commands/follow.ts'
import { changedCustomers } from '../metrics/queries/changed.ts'
import { createSegment, getSegment } from '../segments/contract.ts'
import { evaluateSignals, everything } from './commands/evaluate.ts'
import * as contract from './contract.ts'

let application: TestApplication
let company: TestCompany
const by = { origin: 'person' } as const
const openTicket = { field: 'metrics.tickets.open_now', op: 'at_least', value: 1 } as const

beforeAll(async () => {
  application = await testApplication()
})
beforeEach(async () => {
  company = await newCompany(application)
})
afterAll(() => application.end())

async function newSignal(wishes: object = {}) {
  const { body, status, problem } = await company.admin.call(contract.createRiskSignal, {
    body: { nameJa: '未解決', nameEn: 'Open ticket', level: 'high', condition: openTicket, ...wishes } as never,
  })
  expect([status, problem?.detail]).toEqual([201, undefined])
  return body
}

async function openTicketOf(customerId: string): Promise<string> {
  const id = randomUUID()
  await asSystem(company, ctx =>
    createTickets(ctx, [{ id, values: { customerId, subject: '質問', openedAt: daysAgo(1) } }], by),
  )
  return id
}

const solve = (id: string) =>
  asSystem(company, ctx => updateTickets(ctx, [{ id, values: { status: 'CLOSED', resolvedAt: daysAgo(0) } }]))

/** Follows what was noted, as the jobs do. */
async function follow(): Promise<void> {
  await asSystem(company, async ctx => {
    await followFacts(ctx)
    const told = ctx.pending.events.find(event => event.type === 'figures.changed')
    if (!told) return
    const { at, facts } = told.payload as { at: string; facts: never[] }
    await evaluateSignals(ctx, { facts, customers: changedCustomers(ctx, at) })
  })
}

const ofCustomer = async (id: string) =>
  (await company.admin.call(contract.listCustomerSignals, { params: { id } })).body
const get = async (id: string) => (await company.admin.call(contract.getRiskSignal, { params: { id } })).body
const customersOf = async (id: string, show: 'open' | 'ended' = 'open') =>
  (await company.admin.call(contract.listSignalCustomers, { params: { id }, query: { show } })).body.items

describe('CHN-6: signals of risk', () => {
  it('CHN-6: follow the facts by difference, and keep since when and until when', async () => {
    const [first, second] = [await newCustomer(company, { name: '甲' }), await newCustomer(company, { name: '乙' })]
    const ticket = await openTicketOf(first)
    await asSystem(company, computeAll)
    const signal = await newSignal()
    expect(signal).toMatchObject({ customers: 1, customersBefore30: 0, came30: 1, judged: true, state: 'enabled' })
    const since = (await ofCustomer(first)).items[0]!.since
    await openTicketOf(second)
    await follow()
    // Who showed it goes on showing it since the same moment.
    expect((await ofCustomer(first)).items[0]!.since).toBe(since)
    expect((await customersOf(signal.id)).map(({ name }) => name)).toEqual(['乙', '甲'])
    await solve(ticket)
    await follow()
    expect(await ofCustomer(first)).toMatchObject({ items: [], ended: [{ nameEn: 'Open ticket', since }] })
    expect((await customersOf(signal.id, 'ended')).map(({ name }) => name)).toEqual(['甲'])
    await openTicketOf(first)
    await follow()
    const again = await ofCustomer(first)
    expect([again.items.length, again.ended.length]).toEqual([1, 1])
    expect(again.items[0]!.since > since).toBe(true)
    expect(await get(signal.id)).toMatchObject({ customers: 2, came30: 3, ended30: 1 })
  })

  it('CHN-6: followed step by step hold whom a fresh look finds; who left shows none', async () => {
    const id = await newCustomer(company)
    await openTicketOf(id)
    await asSystem(company, computeAll)
    const signal = await newSignal()
    const before = await customersOf(signal.id)
    await asSystem(company, ctx => evaluateSignals(ctx, everything))
    expect(await customersOf(signal.id)).toEqual(before)
    await asSystem(company, ctx => updateCustomers(ctx, [{ id, values: { status: 'CHURNED' } }], by))
    await follow()
    expect(await customersOf(signal.id)).toEqual([])
  })

  it('CHN-6: nobody is judged by events that the company never had', async () => {
    await newCustomer(company, { externalId: 'g' })
    const condition = { event: 'Team Feature Used', did: 'never' }
    const signal = await newSignal({ condition })
    expect(signal).toMatchObject({ customers: 0, judged: false, events: ['Team Feature Used'] })
    const other = await newCustomer(company, { externalId: 'h' })
    await sendUse(company, usageEvent('u', 'h', 1, 'Team Feature Used'))
    await asSystem(company, ctx => evaluateSignals(ctx, everything))
    expect(await get(signal.id)).toMatchObject({ customers: 1, judged: true })
    expect((await ofCustomer(other)).items).toEqual([])
  })

  it('CHN-6: pausing ends them everywhere, enabling looks anew; a changed condition, too', async () => {
    const id = await newCustomer(company)
    await openTicketOf(id)
    await asSystem(company, computeAll)
    const signal = await newSignal()
    const change = (body: object) =>
      company.admin.call(contract.updateRiskSignal, { params: { id: signal.id }, body: body as never })
    expect((await change({ state: 'paused' })).body).toMatchObject({ state: 'paused', customers: 0, ended30: 1 })
    expect((await change({ state: 'enabled' })).body).toMatchObject({ customers: 1 })
    expect((await change({ condition: { ...openTicket, value: 2 } })).body).toMatchObject({ customers: 0 })
    expect((await change({ level: 'low', nameEn: 'Other' })).body).toMatchObject({ level: 'low', nameEn: 'Other' })
  })

  it('CHN-6: conditions, lists and segments name them; what is in use stays, circles are refused', async () => {
    const [first] = [await newCustomer(company, { name: '甲' }), await newCustomer(company, { name: '乙' })]
    await openTicketOf(first)
    await asSystem(company, computeAll)
    const signal = await newSignal({ key: 'open-ticket' })
    const list = await company.admin.call(listCustomers, {
      query: {
        filter: JSON.stringify({ field: 'signals', op: 'in', value: ['open-ticket'] }),
        fields: 'signalsHigh,signals',
      },
    })
    expect(list.body.items.map(({ name, fields }) => [name, fields])).toEqual([
      ['甲', { signalsHigh: 1, signals: ['open-ticket'] }],
    ])
    const segment = await company.admin.call(createSegment, {
      body: {
        record: 'customer',
        nameJa: '高',
        nameEn: 'High',
        kind: 'dynamic',
        condition: {
          all: [
            { field: 'signalsHigh', op: 'at_least', value: 1 },
            { field: 'signals', op: 'in', value: ['open-ticket'] },
          ],
        },
      },
    })
    expect(segment.body.members).toBe(1)
    const remove = () => company.admin.call(contract.deleteRiskSignal, { params: { id: signal.id } })
    expect(await remove()).toMatchObject({ status: 409 })
    for (const condition of [
      { field: 'signalsHigh', op: 'at_least', value: 1 },
      { not: { field: 'signals', op: 'in', value: ['open-ticket'] } },
      { any: [{ field: 'segments', op: 'in', value: [segment.body.id] }] },
    ]) {
      const { status, problem } = await company.admin.call(contract.updateRiskSignal, {
        params: { id: signal.id },
        body: { condition: condition as never },
      })
      expect([status, problem.errors?.[0]?.path]).toEqual([422, 'body.condition'])
    }
    // Segments that name signals follow them by the event.
    await finishJobs(application)
    await company.admin.call(contract.updateRiskSignal, { params: { id: signal.id }, body: { state: 'paused' } })
    await finishJobs(application)
    expect((await company.admin.call(getSegment, { params: { id: segment.body.id } })).body.members).toBe(0)
  })

  it('CHN-6: the ready-made ones are added once; the rest is up to who may manage health', async () => {
    expect((await company.admin.call(contract.listRiskSignals, { query: {} })).body).toMatchObject({
      items: [],
      readyMade: 31,
    })
    await newSignal({ key: 'no-login' })
    expect((await company.admin.call(contract.addReadyMadeSignals)).body).toEqual({ added: 30 })
    expect((await company.admin.call(contract.addReadyMadeSignals)).body).toEqual({ added: 0 })
    const high = (await company.admin.call(contract.listRiskSignals, { query: { level: 'high' } })).body
    expect([high.items.length, high.readyMade]).toEqual([14, 0])
    const csm = await newMember(company, 'csm')
    const key = await newKey(company, 'read_only')
    for (const caller of [csm, key]) {
      expect((await caller.call(contract.addReadyMadeSignals)).status).toBe(403)
      expect((await caller.call(contract.listRiskSignals, { query: {} })).status).toBe(200)
    }
  })

  it('CHN-6: another company sees and touches nothing of it', async () => {
    const id = await newCustomer(company)
    await openTicketOf(id)
    await asSystem(company, computeAll)
    const signal = await newSignal()
    const other = await newCompany(application)
    const params = { id: signal.id }
    const asked = [
      other.admin.call(contract.getRiskSignal, { params }),
      other.admin.call(contract.updateRiskSignal, { params, body: { nameEn: 'x' } }),
      other.admin.call(contract.deleteRiskSignal, { params }),
      other.admin.call(contract.listSignalCustomers, { params, query: {} }),
      other.admin.call(contract.listCustomerSignals, { params: { id } }),
    ]
    expect((await Promise.all(asked)).map(({ status }) => status)).toEqual([404, 404, 404, 404, 404])
    const { body } = await other.admin.call(contract.listRiskSignals, { query: {} })
    expect([body.items, body.customers]).toEqual([[], { high: 0, medium: 0, low: 0 }])
  })

  it('CHN-6: hostile values are refused or kept as they are', async () => {
    const nasty = `"; drop table risk_signal; -- <script>alert(1)</script>`
    expect(await newSignal({ nameEn: nasty, adviceEn: nasty })).toMatchObject({ nameEn: nasty, adviceEn: nasty })
    const refused = async (body: object) =>
      (
        await company.admin.call(contract.createRiskSignal, {
          body: { nameJa: 'x', nameEn: 'x', level: 'high', condition: openTicket, ...body } as never,
        })
      ).status
    expect(await refused({ level: 'extreme' })).toBe(422)
    expect(await refused({ key: `a'; select 1` })).toBe(422)
    expect(await refused({ key: '__proto__' })).toBe(422)
    expect(await refused({ condition: { field: `x') or true; --`, op: 'is_set' } })).toBe(422)
    expect(await refused({ condition: { event: 'a\u0000b', did: 'never' } })).toBe(422)
    expect(await refused({ adviceJa: 'あ'.repeat(501) })).toBe(422)
    const list = await company.admin.call(listCustomers, {
      query: { filter: JSON.stringify({ field: 'signals', op: 'in', value: [nasty] }) },
    })
    expect(list.body.items).toEqual([])
  })
})
