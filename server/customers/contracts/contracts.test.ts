import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Caller, type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { newCompany } from '../../../tests/support/factories.ts'
import { finishJobs } from '../../../tests/support/mails.ts'
import {
  bulkUpdateCustomers,
  createCustomer,
  deleteCustomer,
  getCustomer,
  updateCustomer,
} from '../accounts/contract/customers.ts'
import {
  createContract,
  deleteContract,
  listContracts,
  listMovements,
  revenueRetention,
  updateContract,
} from './contract.ts'

let application: TestApplication
let admin: Caller
let id: string

beforeAll(async () => {
  application = await testApplication()
})
afterAll(() => application.end())
beforeEach(async () => {
  admin = (await newCompany(application)).admin
  id = (await admin.call(createCustomer, { body: { name: '北辰精密工業株式会社', status: 'ACTIVE' } })).body.id
})

const customer = async () => (await admin.call(getCustomer, { params: { id } })).body
const movements = async () =>
  (await admin.call(listMovements, { params: { id } })).body.items.map(({ occurredOn, kind, amount, mrrAfter }) => [
    occurredOn,
    kind,
    amount,
    mrrAfter,
  ])
const enter = async (body: object) => {
  const made = await admin.call(createContract, { params: { id }, body })
  if (made.status !== 201) throw new Error(JSON.stringify(made.problem))
  return made.body.id
}

describe('the ledger of recurring revenue (CUS-3)', () => {
  it('books new, expansion, contraction, churn and reactivation', async () => {
    const first = await enter({
      amount: 1_200_000,
      interval: 'YEAR',
      startsOn: '2025-01-10',
      plan: 'Pro',
      licenceCount: 20,
    })
    await admin.call(updateContract, { params: { id: first }, body: { amount: 1_800_000, effectiveOn: '2025-05-01' } })
    await admin.call(updateContract, { params: { id: first }, body: { amount: 1_560_000, effectiveOn: '2025-08-01' } })
    await admin.call(updateContract, { params: { id: first }, body: { status: 'CANCELLED', endsOn: '2025-12-31' } })
    await enter({ amount: 90_000, startsOn: '2026-03-01', plan: 'Starter' })
    expect(await movements()).toEqual([
      ['2025-01-10', 'NEW', 100_000, 100_000],
      ['2025-05-01', 'EXPANSION', 50_000, 150_000],
      ['2025-08-01', 'CONTRACTION', -20_000, 130_000],
      ['2026-01-01', 'CHURN', -130_000, 0],
      ['2026-03-01', 'REACTIVATION', 90_000, 90_000],
    ])
    expect(await customer()).toMatchObject({
      mrr: 90_000,
      arr: 1_080_000,
      plan: 'Starter',
      contractStart: '2026-03-01',
    })
  })

  it('judges two contracts together: moving from one to the other on a day is no churn', async () => {
    const old = await enter({ amount: 100_000, startsOn: '2025-01-01' })
    await admin.call(updateContract, { params: { id: old }, body: { status: 'ENDED', endsOn: '2025-06-30' } })
    await enter({ amount: 140_000, startsOn: '2025-07-01' })
    expect((await movements()).map(([day, kind, , after]) => [day, kind, after])).toEqual([
      ['2025-01-01', 'NEW', 100_000],
      ['2025-07-01', 'EXPANSION', 140_000],
      ['2025-07-01', 'EXPANSION', 140_000],
    ])
  })

  it('does not count single payments, drafts and what lies ahead', async () => {
    await enter({ amount: 500_000, interval: 'ONE_TIME', startsOn: '2025-01-01' })
    await enter({ amount: 70_000, startsOn: '2025-01-01', status: 'DRAFT' })
    await enter({ amount: 80_000, startsOn: '2099-01-01' })
    expect(await customer()).toMatchObject({ mrr: 0 })
    expect((await movements()).map(([day, kind]) => [day, kind])).toEqual([['2099-01-01', 'NEW']])
  })

  it('knows revenue that is given as a number, its changes and its end', async () => {
    await admin.call(updateCustomer, { params: { id }, body: { mrr: 50_000 } })
    await admin.call(updateCustomer, { params: { id }, body: { mrr: 50_000 } })
    expect(await movements()).toHaveLength(1)
    const contracts = await admin.call(listContracts, { params: { id }, query: {} })
    expect(contracts.body.items).toMatchObject([{ standing: true, mrr: 50_000 }])
    await admin.call(deleteCustomer, { params: { id } })
    expect(await customer()).toMatchObject({ mrr: 0, status: 'CHURNED' })
  })

  it('lets a contract take the place of revenue that was given as a number', async () => {
    await admin.call(updateCustomer, { params: { id }, body: { mrr: 3_200_000 } })
    await admin.call(updateCustomer, { params: { id }, body: { mrr: 3_300_000 } })
    const before = await admin.call(listContracts, { params: { id }, query: {} })
    expect(before.body.items).toMatchObject([{ standing: true, status: 'ACTIVE', endsOn: null, amount: 3_300_000 }])
    await enter({ amount: 700_000, startsOn: '2026-01-01' })
    expect(await customer()).toMatchObject({ mrr: 700_000 })
    await admin.call(updateCustomer, { params: { id }, body: { mrr: 9 } })
    expect(await customer()).toMatchObject({ mrr: 700_000 })
    expect((await movements()).at(-1)).toMatchObject(['2026-01-01', 'NEW', 700_000, 700_000])
  })

  it('forgets a contract that was entered by mistake', async () => {
    const wrong = await enter({ amount: 999, startsOn: '2025-01-01' })
    expect((await admin.call(deleteContract, { params: { id: wrong } })).status).toBe(204)
    expect(await movements()).toEqual([])
    expect(await customer()).toMatchObject({ mrr: 0 })
  })

  it('refuses an end before the start, an id in use and an unknown currency', async () => {
    const bad = (body: object) =>
      admin.call(createContract, { params: { id }, body: { amount: 1, startsOn: '2025-02-01', ...body } })
    expect((await bad({ endsOn: '2025-01-01' })).problem.errors![0]!.path).toBe('body.endsOn')
    await enter({ amount: 1, startsOn: '2025-01-01', externalId: 'K-1' })
    expect((await bad({ externalId: 'K-1' })).problem.errors![0]!.path).toBe('body.externalId')
    expect((await bad({ currency: '円' })).status).toBe(422)
    expect((await bad({ amount: -1 })).status).toBe(422)
    expect((await bad({ startsOn: '2025-02-30' })).status).toBe(422)
  })

  it('answers NRR and GRR of any past month', async () => {
    const contract = await enter({ amount: 100, startsOn: '2025-01-15' })
    await admin.call(updateContract, { params: { id: contract }, body: { amount: 130, effectiveOn: '2025-03-10' } })
    await admin.call(updateContract, { params: { id: contract }, body: { amount: 120, effectiveOn: '2025-03-20' } })
    const { body } = await admin.call(revenueRetention, { query: { from: '2025-01', to: '2025-04' } })
    expect(
      body.months.map(({ month, opening, closing, netRetention, grossRetention }) => [
        month,
        opening,
        closing,
        netRetention,
        grossRetention,
      ]),
    ).toEqual([
      ['2025-01', 0, 100, null, null],
      ['2025-02', 100, 100, 100, 100],
      ['2025-03', 100, 120, 120, 100],
      ['2025-04', 120, 120, 100, 100],
    ])
  })

  it('looks at the customers of the month’s start: who came and went within it changes nothing', async () => {
    await enter({ amount: 1_000, startsOn: '2025-01-01' })
    const paying = id
    id = (await admin.call(createCustomer, { body: { name: '短い客', status: 'ACTIVE' } })).body.id
    const short = await enter({ amount: 1_000, startsOn: '2025-09-05' })
    await admin.call(updateContract, { params: { id: short }, body: { amount: 3_000, effectiveOn: '2025-09-20' } })
    await admin.call(updateContract, { params: { id: short }, body: { status: 'CANCELLED', endsOn: '2025-09-25' } })
    const { body } = await admin.call(revenueRetention, { query: { from: '2025-09', to: '2025-09' } })
    expect(body.months[0]).toMatchObject({ opening: 1_000, closing: 1_000, netRetention: 100, grossRetention: 100 })
    expect(paying).not.toBe(id)
  })

  it('keeps churn and return of one contract, the last day of a fiscal year, and prices of nothing', async () => {
    const contract = await enter({ amount: 100, startsOn: '2024-04-01', endsOn: '2025-03-31', status: 'ENDED' })
    await enter({ amount: 100, startsOn: '2025-04-01', endsOn: '2025-09-30', status: 'ENDED' })
    expect((await movements()).map(([day, kind]) => [day, kind])).toEqual([
      ['2024-04-01', 'NEW'],
      ['2025-10-01', 'CHURN'],
    ])
    await admin.call(updateContract, { params: { id: contract }, body: { status: 'ACTIVE', endsOn: null } })
    expect((await movements()).map(([, kind]) => kind)).toEqual(['NEW', 'CHURN', 'REACTIVATION'])
    await admin.call(updateContract, { params: { id: contract }, body: { amount: 0 } })
    expect(await customer()).toMatchObject({ mrr: 0 })
  })

  it('knows that a contract whose end lies behind us is over, and moves with its start', async () => {
    const old = await enter({ amount: 100_000, startsOn: '2020-04-01', endsOn: '2021-03-31' })
    expect(await customer()).toMatchObject({ mrr: 0 })
    await admin.call(updateContract, { params: { id: old }, body: { startsOn: '2020-01-01' } })
    expect((await movements())[0]).toEqual(['2020-01-01', 'NEW', 100_000, 100_000])
  })

  it('ends with the customer, whatever the door, and keeps its currency', async () => {
    await enter({ amount: 100_000, startsOn: '2025-01-01' })
    expect((await admin.call(updateCustomer, { params: { id }, body: { mrr: 5 } })).problem.errors![0]!.path).toBe(
      'body.mrr',
    )
    expect((await admin.call(updateCustomer, { params: { id }, body: { currency: 'USD' } })).status).toBe(422)
    const foreign = await admin.call(createContract, {
      params: { id },
      body: { amount: 1, startsOn: '2025-01-01', currency: 'USD' },
    })
    expect(foreign.status).toBe(422)
    await admin.call(bulkUpdateCustomers, { body: { ids: [id], status: 'CHURNED' } })
    await finishJobs(application)
    expect(await customer()).toMatchObject({ status: 'CHURNED', mrr: 0 })
    expect((await movements()).at(-1)![1]).toBe('CHURN')
  })

  it('brings given revenue back when the contract that took its place was a mistake', async () => {
    await admin.call(updateCustomer, { params: { id }, body: { mrr: 1_000 } })
    const mistake = await enter({ amount: 9, startsOn: '2027-04-01' })
    await admin.call(deleteContract, { params: { id: mistake } })
    expect(await customer()).toMatchObject({ mrr: 1_000 })
    expect(await movements()).toHaveLength(1)
  })

  it('holds for any order in which contracts and changes are entered', async () => {
    const days = ['2025-01-01', '2025-02-01', '2025-03-01', '2025-04-01', '2025-05-01']
    const change = fc.record({ day: fc.constantFrom(...days), amount: fc.integer({ min: 1, max: 900 }) })
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uniqueArray(change, { selector: item => item.day, minLength: 1, maxLength: 4 }), {
          minLength: 1,
          maxLength: 3,
        }),
        async plans => {
          id = (await admin.call(createCustomer, { body: { name: 'x', status: 'ACTIVE' } })).body.id
          for (const plan of plans) {
            const [first, ...rest] = plan.toSorted((one, other) => (one.day < other.day ? -1 : 1))
            const contract = await enter({ amount: first!.amount, startsOn: first!.day })
            for (const { day, amount } of rest.toReversed()) {
              await admin.call(updateContract, { params: { id: contract }, body: { amount, effectiveOn: day } })
            }
          }
          // The same by hand: what all contracts are worth on each day.
          const worth = (day: string) =>
            plans.reduce(
              (sum, plan) =>
                sum +
                (plan.filter(item => item.day <= day).toSorted((one, other) => (one.day < other.day ? 1 : -1))[0]
                  ?.amount ?? 0),
              0,
            )
          const booked = await movements()
          for (const day of days) {
            const total = booked
              .filter(([at]) => String(at) <= day)
              .reduce((sum, [, , amount]) => sum + Number(amount), 0)
            expect(total).toBe(worth(day))
          }
        },
      ),
      { numRuns: 15 },
    )
  })
})
