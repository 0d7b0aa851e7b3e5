import { afterAll, beforeAll, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { asSystem, newCompany } from '../../../tests/support/factories.ts'
import { createCustomer, getCustomer } from '../accounts/contract/customers.ts'
import { followCalendar } from './commands/calendar.ts'
import { createContract, listContracts } from './contract.ts'

let application: TestApplication

beforeAll(async () => {
  application = await testApplication()
})
afterAll(() => application.end())

it('a new day ends contracts, renews those that renew by themselves, and lets those begin whose day has come', async () => {
  const company = await newCompany(application)
  const { admin } = company
  const id = (await admin.call(createCustomer, { body: { name: '北辰精密工業株式会社', status: 'ACTIVE' } })).body.id
  const params = { id }
  const enter = (body: object) => admin.call(createContract, { params, body })
  await enter({ amount: 100, startsOn: '2024-01-01', endsOn: '2024-12-31', externalId: 'over' })
  await enter({ amount: 200, startsOn: '2024-01-01', endsOn: '2024-12-31', autoRenew: true, externalId: 'renews' })
  await enter({ amount: 400, startsOn: '2099-01-01', externalId: 'ahead' })
  await asSystem(company, ctx => followCalendar(ctx))
  await asSystem(company, ctx => followCalendar({ ...ctx, now: new Date('2025-01-02T00:00:00Z') }))
  const { items } = (await admin.call(listContracts, { params, query: {} })).body
  const state = Object.fromEntries(items.map(({ externalId, status, endsOn }) => [externalId, [status, endsOn]]))
  expect(state.over).toEqual(['ENDED', '2024-12-31'])
  expect(state.renews![0]).toBe('ACTIVE')
  expect(state.renews![1]! > '2025-12-01').toBe(true)
  expect(state.ahead).toEqual(['ACTIVE', null])
  await asSystem(company, ctx => followCalendar({ ...ctx, now: new Date('2099-02-01T00:00:00Z') }))
  expect((await admin.call(getCustomer, { params })).body.mrr).toBeGreaterThanOrEqual(600)
})
