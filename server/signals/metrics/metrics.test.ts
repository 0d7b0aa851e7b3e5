import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { asSystem, newCompany, type TestCompany } from '../../../tests/support/factories.ts'
import {
  daysAgo as at,
  dayAgo as dayOf,
  newCustomer,
  rebuildHistory,
  sendUse,
  usageEvent as use,
} from '../../../tests/support/facts.ts'
import { deleteRecords } from '../../customers/accounts/commands/records.ts'
import { updateCustomers } from '../../customers/accounts/commands/save.ts'
import { createInvoices, createPayments, updateInvoices } from '../../customers/billing/commands/save.ts'
import { createContacts } from '../../customers/contacts/commands/save.ts'
import { createContracts, deleteContracts } from '../../customers/contracts/commands/save.ts'
import { createAnswers } from '../../customers/feedback/commands/save.ts'
import { ticketShape } from '../../customers/support/catalog.ts'
import { createTickets, updateTickets } from '../../customers/support/commands/save.ts'
import { vocabulary } from '../../modules.ts'
import type { Context } from '../../platform/context/context.ts'
import { computeDay, computeNow } from './commands/compute.ts'
import { computeAll, followFacts, openRun } from './commands/follow.ts'
import { calendarOf } from './queries/as-of.ts'
import { metricsOf } from './queries/definitions.ts'
import { metricColumns } from './queries/statement.ts'

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

async function figures(ctx: Context, keys: string[], customer: string, day?: string) {
  const { rows } = await sql<Record<string, number | null>>`
    select m.* from (${await metricColumns(ctx, { keys, day, customers: [customer] })}) m`.execute(ctx.tx)
  return rows[0]
}

describe('catalogue of metrics', () => {
  it('holds more than 170 metrics, each once, with words in both languages, and all of them can be computed', async () => {
    const declared = vocabulary.flatMap(part => [
      ...(part.sources ?? []).flatMap(each => each.metrics),
      ...(part.derived ?? []),
    ])
    expect(declared.length).toBeGreaterThanOrEqual(170)
    expect(new Set(declared.map(({ key }) => key)).size).toBe(declared.length)
    for (const { words, definition, formula } of declared) {
      for (const text of [words.ja, words.en, definition.ja, definition.en, formula]) expect(text).not.toBe('')
    }
    const customer = await newCustomer(company)
    await asSystem(company, async ctx => {
      const keys = [...(await metricsOf(ctx)).keys()]
      const row = await figures(ctx, keys, customer)
      expect(Object.keys(row!)).toHaveLength(keys.length + 1)
      expect(row!['usage.active_people_30']).toBe(0)
      expect(row!['surveys.nps_score']).toBeNull()
    })
  })

  it('counts use by person and day as a person would by hand', async () => {
    const customer = await newCustomer(company, { externalId: 'g1', licenceCount: 4 })
    await sendUse(
      company,
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

describe('figures that are kept', () => {
  it('are those of a computation from scratch, whatever facts come late, change or go (property)', async () => {
    const customers = await Promise.all(
      ['g1', 'g2', 'g3'].map(externalId => newCustomer(company, { externalId, contractStart: dayOf(200) })),
    )
    await rebuildHistory(company, 9)
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
          if (kind === 'use') await sendUse(company, use(`u${number}`, `g${customer + 1}`, ago))
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
    await newCustomer(company, { contractStart: dayOf(400) })
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
