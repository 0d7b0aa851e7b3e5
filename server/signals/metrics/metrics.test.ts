import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Caller, type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { asSystem, newCompany, type TestCompany } from '../../../tests/support/factories.ts'
import { newSource, processAll, type TestSource } from '../../../tests/support/ingest.ts'
import { deleteRecords } from '../../customers/accounts/commands/records.ts'
import { createCustomers, updateCustomers } from '../../customers/accounts/commands/save.ts'
import { createInvoices, createPayments, updateInvoices } from '../../customers/billing/commands/save.ts'
import { createContacts } from '../../customers/contacts/commands/save.ts'
import { createContracts, deleteContracts } from '../../customers/contracts/commands/save.ts'
import { createAnswers } from '../../customers/feedback/commands/save.ts'
import { ticketShape } from '../../customers/support/catalog.ts'
import { createTickets, updateTickets } from '../../customers/support/commands/save.ts'
import { vocabulary } from '../../modules.ts'
import type { Context } from '../../platform/context/context.ts'
import { computeDay, computeNow } from './commands/compute.ts'
import { computeAll, followFacts, openRun, rebuildDays } from './commands/follow.ts'
import { createOwnMetric, customerFigures, deleteOwnMetric, listMetrics, previewOwnMetric } from './contract.ts'
import { shiftDay } from './kept-days.ts'
import { calendarOf } from './queries/as-of.ts'
import { metricsOf } from './queries/definitions.ts'
import { metricColumns } from './queries/statement.ts'

let application: TestApplication
let company: TestCompany
let source: TestSource
const by = { origin: 'person' } as const

beforeAll(async () => {
  application = await testApplication()
})
beforeEach(async () => {
  company = await newCompany(application)
  source = await newSource(company)
})
afterAll(() => application.end())

const dayLength = 86_400_000
const at = (daysAgo: number) => new Date(Date.now() - daysAgo * dayLength).toISOString()
const dayOf = (daysAgo: number) => shiftDay(new Date(Date.now() + 9 * 3_600_000).toISOString().slice(0, 10), -daysAgo)

async function send(...batch: Record<string, unknown>[]): Promise<void> {
  const answer = await new Caller(application).send({
    method: 'POST',
    url: '/v1/batch',
    headers: { authorization: `Basic ${btoa(`${source.writeKey}:`)}` },
    payload: { batch: batch.map(message => ({ messageId: randomUUID(), ...message })) },
  })
  expect(answer.status).toBe(200)
  await processAll(company)
}

const use = (person: string, group: string, daysAgo: number, event = 'Report Created') => ({
  type: 'track',
  event,
  userId: person,
  context: { groupId: group },
  timestamp: at(daysAgo),
})

async function newCustomer(values: Record<string, string | number | null> = {}): Promise<string> {
  const id = randomUUID()
  await asSystem(company, ctx => createCustomers(ctx, [{ id, values: { name: '東和', ...values } }], by))
  return id
}

async function figures(ctx: Context, keys: string[], customer: string, day?: string) {
  const { rows } = await sql<Record<string, number | null>>`
    select m.* from (${await metricColumns(ctx, { keys, day, customers: [customer] })}) m`.execute(ctx.tx)
  return rows[0]
}

describe('catalogue of metrics', () => {
  it('holds about 120 metrics, each once, with words in both languages, and all of them can be computed', async () => {
    const declared = vocabulary.flatMap(part => [
      ...(part.sources ?? []).flatMap(each => each.metrics),
      ...(part.derived ?? []),
    ])
    expect(declared.length).toBeGreaterThanOrEqual(100)
    expect(new Set(declared.map(({ key }) => key)).size).toBe(declared.length)
    for (const { words, definition, formula } of declared) {
      for (const text of [words.ja, words.en, definition.ja, definition.en, formula]) expect(text).not.toBe('')
    }
    const customer = await newCustomer()
    await asSystem(company, async ctx => {
      const keys = [...(await metricsOf(ctx)).keys()]
      const row = await figures(ctx, keys, customer)
      expect(Object.keys(row!)).toHaveLength(keys.length + 1)
      expect(row!['usage.active_people_30']).toBe(0)
      expect(row!['surveys.nps_score']).toBeNull()
    })
  })

  it('counts use by person and day as a person would by hand', async () => {
    const customer = await newCustomer({ externalId: 'g1', licenceCount: 4 })
    await send(
      use('u1', 'g1', 0),
      use('u1', 'g1', 0, 'Export'),
      use('u1', 'g1', 3),
      use('u2', 'g1', 3),
      use('u2', 'g1', 40),
      use('u3', 'g1', 35),
      use('u3', 'g1', 65),
    )
    const keys = [
      'usage.active_people_1',
      'usage.active_people_7',
      'usage.active_people_30',
      'usage.active_people_90',
      'usage.active_people_before_30',
      'usage.lost_people_30',
      'usage.new_people_30',
      'usage.events_7',
      'usage.active_days_30',
      'usage.login_days_30',
      'usage.dau_mau',
      'usage.features_30',
      'usage.active_share_30',
      'usage.days_since_last_use',
      'usage.people_change_30',
    ]
    const now = await asSystem(company, ctx => figures(ctx, keys, customer))
    expect(now).toEqual({
      customer_id: customer,
      'usage.active_people_1': 1,
      'usage.active_people_7': 2,
      'usage.active_people_30': 2,
      'usage.active_people_90': 3,
      'usage.active_people_before_30': 2,
      'usage.lost_people_30': 1,
      'usage.new_people_30': 1,
      'usage.events_7': 4,
      'usage.active_days_30': 2,
      'usage.login_days_30': 1.5,
      'usage.dau_mau': expect.closeTo((100 * 3) / 30 / 2, 9),
      'usage.features_30': 2,
      'usage.active_share_30': 50,
      'usage.days_since_last_use': 0,
      'usage.people_change_30': 0,
    })
    const then = await asSystem(company, ctx => figures(ctx, keys.slice(0, 4), customer, dayOf(4)))
    // On that day nobody but u2 and u3 had come in the 30 days before (35 and 40 days ago), and u3 61 days before.
    expect(then).toBeUndefined()
    await asSystem(company, ctx =>
      sql`
      update customer set contract_start = ${dayOf(100)}::date where tenant_id = ${ctx.tenantId}`.execute(ctx.tx),
    )
    expect(await asSystem(company, ctx => figures(ctx, keys.slice(0, 4), customer, dayOf(15)))).toEqual({
      customer_id: customer,
      'usage.active_people_1': 0,
      'usage.active_people_7': 0,
      'usage.active_people_30': 2,
      'usage.active_people_90': 2,
    })
  })
})

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
    const customer = await newCustomer({ externalId: 'g1', contractStart: dayOf(100) })
    await send(
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
    await newCustomer()
    await asSystem(company, computeAll)
  })
})

describe('figures that are kept', () => {
  it('are those of a computation from scratch, whatever facts come late, change or go (property)', async () => {
    const customers = await Promise.all(
      ['g1', 'g2', 'g3'].map(externalId => newCustomer({ externalId, contractStart: dayOf(200) })),
    )
    await asSystem(company, ctx => rebuildDays(ctx, { oldest: dayOf(9) }))
    await asSystem(company, computeAll)
    const tickets: string[] = []
    const invoices: string[] = []
    const contracts: string[] = []
    const step = fc.record({
      kind: fc.constantFrom(
        'use',
        'ticket',
        'solve',
        'remove',
        'invoice',
        'pay',
        'answer',
        'contract',
        'cancel',
        'licences',
        'contact',
      ),
      customer: fc.integer({ min: 0, max: 2 }),
      ago: fc.integer({ min: 0, max: 60 }),
      number: fc.integer({ min: 1, max: 5 }),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), async steps => {
        for (const { kind, customer, ago, number } of steps) {
          const customerId = customers[customer]!
          const id = randomUUID()
          await asSystem(company, async ctx => {
            switch (kind) {
              case 'ticket':
                tickets.push(id)
                return createTickets(
                  ctx,
                  [{ id, values: { customerId, subject: `件${number}`, openedAt: at(ago) } }],
                  by,
                )
              case 'solve':
                if (tickets[0]) {
                  const values = { status: 'RESOLVED', resolvedAt: at(Math.min(ago, 3)), satisfaction: number }
                  await updateTickets(ctx, [{ id: tickets[number % tickets.length]!, values }])
                }
                return
              case 'remove':
                if (tickets[0]) await deleteRecords(ctx, ticketShape, [tickets.pop()!])
                return
              case 'invoice':
                invoices.push(id)
                return createInvoices(
                  ctx,
                  [
                    {
                      id,
                      values: {
                        customerId,
                        amount: 100 * number,
                        currency: 'JPY',
                        issuedOn: dayOf(ago + 20),
                        dueOn: dayOf(ago),
                      },
                    },
                  ],
                  by,
                )
              case 'pay':
                if (invoices[0]) {
                  const invoiceId = invoices[number % invoices.length]!
                  await updateInvoices(ctx, [
                    { id: invoiceId, values: { status: 'PAID', paidOn: dayOf(Math.min(ago, 4)) } },
                  ])
                  await createPayments(
                    ctx,
                    [
                      {
                        id,
                        values: {
                          customerId,
                          amount: 100,
                          currency: 'JPY',
                          attemptedAt: at(ago),
                          outcome: number > 3 ? 'FAILED' : 'SUCCEEDED',
                        },
                      },
                    ],
                    by,
                  )
                }
                return
              case 'answer':
                return createAnswers(
                  ctx,
                  [{ id, values: { customerId, kind: 'NPS', score: number * 2, answeredAt: at(ago) } }],
                  by,
                )
              case 'contract':
                contracts.push(id)
                return createContracts(
                  ctx,
                  [
                    {
                      id,
                      values: {
                        customerId,
                        amount: 1_000 * number,
                        currency: 'JPY',
                        interval: 'MONTH',
                        startsOn: dayOf(ago),
                        status: 'ACTIVE',
                        licenceCount: number,
                      },
                    },
                  ],
                  by,
                )
              case 'cancel':
                if (contracts[0]) await deleteContracts(ctx, [contracts.pop()!], by)
                return
              case 'licences':
                return updateCustomers(ctx, [{ id: customerId, values: { licenceCount: number } }], by)
              case 'contact':
                return createContacts(
                  ctx,
                  [
                    {
                      id,
                      values: {
                        customerId,
                        name: '推進役',
                        stakeholderRole: 'CHAMPION',
                        leftOn: number > 3 ? dayOf(ago) : null,
                      },
                    },
                  ],
                  by,
                )
              default:
                return
            }
          })
          if (kind === 'use') await send(use(`u${number}`, `g${customer + 1}`, ago))
        }
        await asSystem(company, followFacts)
        const kept = await allFigures()
        await asSystem(company, async ctx => {
          const run = await openRun(ctx)
          for (let ago = 1; ago <= 9; ago++) await computeDay(ctx, run, dayOf(ago))
          await computeNow(ctx, run)
        })
        expect(await allFigures()).toEqual(kept)
      }),
      { numRuns: 12, endOnFailure: true },
    )
  })

  it('keep every day for some time, then Sundays, then last days of months', async () => {
    await newCustomer({ contractStart: dayOf(400) })
    await asSystem(company, async ctx => {
      await sql`insert into figures_state (tenant_id, updated_at, daily_days, weekly_days, monthly_days)
        values (${ctx.tenantId}, now(), 7, 21, 60)`.execute(ctx.tx)
      const run = await openRun(ctx)
      for (const ago of [1, 7, 8, 9, 10, 11, 12, 13, 14, 61, 70]) await computeDay(ctx, run, dayOf(ago))
      await computeAll(ctx)
      const { rows } = await sql<{ day: string; sunday: boolean; last: boolean }>`
        select day::text as day, extract(isodow from day) = 7 as sunday, extract(day from day + 1) = 1 as last
        from figures_day where tenant_id = ${ctx.tenantId} and day < ${dayOf(7)}::date`.execute(ctx.tx)
      expect(rows.length).toBeGreaterThanOrEqual(1)
      expect(rows.every(({ sunday, last }) => sunday || last)).toBe(true)
      expect(rows.every(({ day }) => day > dayOf(61))).toBe(true)
      const left = await sql`select 1 from figures_daily f where f.tenant_id = ${ctx.tenantId} and f.day not in (
        select d.day from figures_day d where d.tenant_id = ${ctx.tenantId})`.execute(ctx.tx)
      expect(left.rows).toHaveLength(0)
    })
    expect((await calendar()).today).toBe(dayOf(0))
  })
})

function calendar() {
  return asSystem(company, calendarOf)
}

function allFigures() {
  return asSystem(company, async ctx => {
    const { rows } = await sql`
      select f.day, f.customer_id, (select jsonb_object_agg(p.key, f.figures[p.place]) from metric_place p
        where p.tenant_id = ${ctx.tenantId}) as figures
      from (select day::text as day, customer_id, figures from figures_daily where tenant_id = ${ctx.tenantId}
        union all select 'now', customer_id, figures from customer_figures where tenant_id = ${ctx.tenantId}) f
      order by 1, 2`.execute(ctx.tx)
    return rows
  })
}
