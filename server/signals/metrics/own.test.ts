import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { asSystem, newCompany, type TestCompany } from '../../../tests/support/factories.ts'
import {
  daysAgo as at,
  dayAgo as dayOf,
  newCustomer,
  sendUse,
  usageEvent as use,
} from '../../../tests/support/facts.ts'
import { createTickets } from '../../customers/support/commands/save.ts'
import { computeAll } from './commands/follow.ts'
import { createOwnMetric, customerFigures, deleteOwnMetric, listMetrics, previewOwnMetric } from './contract.ts'

let application: TestApplication
let company: TestCompany
const by = { origin: 'person' } as const

beforeAll(async () => {
  application = await testApplication()
})
beforeEach(async () => {
  company = await newCompany(application)
})
afterAll(() => application.end())

describe('metrics of a company', () => {
  const metric = (key: string, definition: object) => ({
    key,
    labelJa: key,
    labelEn: key,
    unit: 'count' as const,
    direction: 'up' as const,
    definition: definition as never,
  })

  it('count events, records, shares, trends and ratios with filters, at once and everywhere', async () => {
    const customer = await newCustomer(company, { externalId: 'g1', contractStart: dayOf(100) })
    await sendUse(
      company,
      { ...use('u1', 'g1', 1, 'Exported'), properties: { format: 'pdf', rows: 10 } },
      { ...use('u1', 'g1', 2, 'Exported'), properties: { format: 'csv', rows: 5 } },
      { ...use('u2', 'g1', 40, 'Exported'), properties: { format: 'pdf' } },
      use('u2', 'g1', 3, 'Opened'),
    )
    const tickets = [1, 2, 20].map(ago => ({
      id: randomUUID(),
      values: {
        customerId: customer,
        subject: 'x',
        openedAt: at(ago),
        priority: ago === 2 ? 'URGENT' : 'LOW',
        satisfaction: ago === 1 ? 4 : 2,
      },
    }))
    await asSystem(company, ctx => createTickets(ctx, tickets, by))
    const events = { kind: 'events', events: ['Exported'], days: 30 }
    const records = { kind: 'records', record: 'ticket', days: 10 }
    const wanted: [string, object, number | null][] = [
      ['own.exports', { ...events, measure: 'count' }, 2],
      ['own.pdf', { ...events, measure: 'count', where: [{ field: 'format', op: 'is', value: 'pdf' }] }, 1],
      ['own.rows', { ...events, measure: 'sum', property: 'rows' }, 15],
      ['own.core', { ...events, measure: 'coverage', events: ['Exported', 'Opened', 'Shared', 'Signed'] }, 50],
      ['own.exporters', { ...events, measure: 'rate' }, 50],
      ['own.trend', { ...events, measure: 'trend' }, 100],
      ['own.tickets', { ...records, measure: 'count' }, 2],
      ['own.urgent', { ...records, measure: 'rate', meeting: [{ field: 'priority', op: 'is', value: 'URGENT' }] }, 50],
      ['own.rating', { ...records, measure: 'mean', field: 'satisfaction', days: 30 }, 8 / 3],
      ['own.ratio', { kind: 'ratio', of: 'own.exports', per: 'own.tickets', scale: 1 }, 1],
    ]
    for (const [key, definition] of wanted) {
      const made = await company.admin.call(createOwnMetric, { body: metric(key, definition) })
      expect([key, made.status]).toEqual([key, 201])
    }
    await asSystem(company, computeAll)
    const answer = await company.admin.call(customerFigures, { params: { id: customer }, query: {} })
    for (const [key, , value] of wanted)
      expect([key, answer.body.figures[key]]).toEqual([key, value === null ? null : expect.closeTo(value, 9)])
    const { items } = (await company.admin.call(listMetrics)).body
    expect(items.find(({ key }) => key === 'own.exports')).toMatchObject({
      coverage: 1,
      median: 2,
      usedBy: [{ kind: 'metric', name: 'own.ratio' }],
    })
    const used = items.find(({ key }) => key === 'own.exports')!.ownId!
    expect((await company.admin.call(deleteOwnMetric, { params: { id: used } })).status).toBe(409)
    const free = items.find(({ key }) => key === 'own.pdf')!.ownId!
    expect((await company.admin.call(deleteOwnMetric, { params: { id: free } })).status).toBe(204)
    await asSystem(company, computeAll)
    const later = await company.admin.call(customerFigures, { params: { id: customer }, query: {} })
    expect(later.body.figures).not.toHaveProperty(['own.pdf'])
    expect(later.body.figures['own.rows']).toBe(15)
    const preview = await company.admin.call(previewOwnMetric, {
      body: { definition: { ...events, measure: 'days' } as never },
    })
    expect(preview.body).toMatchObject({ customers: 1, withValue: 1, median: 2 })
  })

  it('are refused where they make no sense, or are hostile', async () => {
    const refused: object[] = [
      { kind: 'events', measure: 'sum', events: [], days: 7 },
      { kind: 'events', measure: 'coverage', events: [], days: 7 },
      { kind: 'records', record: 'ticket', measure: 'mean', field: 'subject', days: 7 },
      {
        kind: 'records',
        record: 'ticket',
        measure: 'count',
        where: [{ field: 'constructor', op: 'is', value: 1 }],
        days: 7,
      },
      { kind: 'records', record: "ticket'; drop table customer; --", measure: 'count', days: 7 },
      { kind: 'ratio', of: '1; select 1', per: 'usage.events_7' },
      {
        kind: 'records',
        record: 'ticket',
        measure: 'count',
        where: [{ field: 'priority', op: 'at_least', value: 'x' }],
        days: 7,
      },
    ]
    for (const definition of refused) {
      const answer = await company.admin.call(createOwnMetric, { body: metric('own.bad', definition) })
      expect([definition, answer.status]).toEqual([definition, 422])
    }
    const inert = {
      kind: 'events',
      measure: 'count',
      events: ["x') or true --"],
      where: [{ field: 'a\'."b', op: 'is', value: "' or 1=1" }],
      days: 7,
    }
    expect((await company.admin.call(createOwnMetric, { body: metric('own.odd', inert) })).status).toBe(201)
    await newCustomer(company)
    await asSystem(company, computeAll)
  })
})
