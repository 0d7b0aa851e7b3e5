import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { asSystem, newCompany, newMember, type TestCompany } from '../../../tests/support/factories.ts'
import { daysAgo as at, dayAgo as dayOf, newCustomer } from '../../../tests/support/facts.ts'
import { deleteRecords } from '../../customers/accounts/commands/records.ts'
import { createInvoices, updateInvoices } from '../../customers/billing/commands/save.ts'
import { createContracts, deleteContracts, updateContracts } from '../../customers/contracts/commands/save.ts'
import { createAnswers } from '../../customers/feedback/commands/save.ts'
import { ticketShape } from '../../customers/support/catalog.ts'
import { createTickets, updateTickets } from '../../customers/support/commands/save.ts'
import type { Context, JobRequest } from '../../platform/context/context.ts'
import { computeAll, followFacts } from '../../signals/metrics/commands/follow.ts'
import { kpis } from './catalog/all.ts'
import { keepMonth, keepMonthJob, keepMonthsSoon, keepsMonths } from './commands/months.ts'
import { getKpi, listKpis } from './contract.ts'
import { jobs } from './jobs.ts'
import { keptFigures, keptMonths } from './queries/kept.ts'
import { companyOf, shiftMonth } from './queries/statement.ts'
import { monthlyFigures } from './queries/values.ts'

let application: TestApplication
beforeAll(async () => {
  application = await testApplication()
})
afterAll(() => application.end())

const by = { origin: 'person' } as const
const waiting = (ctx: Context) => ctx.pending.jobs.filter(({ name }) => name === keepMonthJob).map(monthIn)
const monthIn = ({ payload }: JobRequest) => (payload as { month: string }).month

/** Works out the months that a command asked for. */
async function keep(company: TestCompany, work: (ctx: Context) => Promise<unknown>): Promise<string[]> {
  const months = await asSystem(company, async ctx => {
    await work(ctx)
    const asked = waiting(ctx)
    ctx.pending.jobs.length = 0
    return asked
  })
  for (const month of months) await asSystem(company, ctx => keepMonth(ctx, month))
  return months
}

/** Follows what was noted, and hands what is announced to the job of the KPIs, as the gate does. */
async function follow(ctx: Context): Promise<void> {
  await followFacts(ctx)
  const follows = jobs.find(({ name }) => name === 'kpis.follow')!
  for (const event of ctx.pending.events.filter(({ type }) => type === 'figures.changed')) {
    await follows.handle(ctx as never, follows.payload.parse({ event }) as never, undefined as never)
  }
}

async function compare(company: TestCompany): Promise<void> {
  await asSystem(company, async ctx => {
    const about = await companyOf(ctx)
    const kept = await keptFigures(ctx, about, {})
    const months = Array.from({ length: keptMonths }, (_, back) => shiftMonth(about.today.slice(0, 7), -back)).sort()
    for (const kpi of kpis) {
      const live = await monthlyFigures(ctx, about, kpi, {}, months)
      const read = months.map(month => {
        const { computedAt, ...figure } = kept.get(kpi.key)!.get(month)!
        expect(computedAt).toBeInstanceOf(Date)
        return figure
      })
      // The present month follows each hour.
      expect([kpi.key, read.slice(0, -1)]).toEqual([kpi.key, live.slice(0, -1)])
    }
  })
}

describe('months of KPIs that are kept', () => {
  it('equal those worked out from the facts, whatever facts come late, change or go (property)', async () => {
    const company = await newCompany(application)
    const customers = await Promise.all(
      ['a', 'b', 'c'].map(each => newCustomer(company, { externalId: each, contractStart: dayOf(500) })),
    )
    await asSystem(company, computeAll)
    await keep(company, ctx => keepMonthsSoon(ctx))
    const made: Record<'ticket' | 'invoice' | 'contract', string[]> = { ticket: [], invoice: [], contract: [] }
    const step = fc.record({
      kind: fc.constantFrom('ticket', 'solve', 'remove', 'invoice', 'pay', 'answer', 'contract', 'change', 'cancel'),
      customer: fc.integer({ min: 0, max: 2 }),
      ago: fc.integer({ min: 0, max: 400 }),
      number: fc.integer({ min: 1, max: 5 }),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 5 }), async steps => {
        for (const { kind, customer, ago, number } of steps) {
          const customerId = customers[customer]!
          const id = randomUUID()
          const money = { amount: 1_000 * number, currency: 'JPY' }
          await asSystem(company, async ctx => {
            const create = async (shape: keyof typeof made, work: () => Promise<unknown>) => {
              made[shape].push(id)
              await work()
            }
            switch (kind) {
              case 'ticket':
                return create('ticket', () =>
                  createTickets(ctx, [{ id, values: { customerId, subject: '件', openedAt: at(ago) } }], by),
                )
              case 'invoice':
                return create('invoice', () =>
                  createInvoices(
                    ctx,
                    [{ id, values: { customerId, ...money, issuedOn: dayOf(ago + 20), dueOn: dayOf(ago) } }],
                    by,
                  ),
                )
              case 'contract':
                return create('contract', () =>
                  createContracts(
                    ctx,
                    [
                      {
                        id,
                        values: { customerId, ...money, interval: 'MONTH', startsOn: dayOf(ago), status: 'ACTIVE' },
                      },
                    ],
                    by,
                  ),
                )
              case 'answer':
                await createAnswers(
                  ctx,
                  [{ id, values: { customerId, kind: 'NPS', score: number * 2, answeredAt: at(ago) } }],
                  by,
                )
                return
              case 'solve': {
                const ticket = made.ticket[number % made.ticket.length]
                if (ticket)
                  await updateTickets(ctx, [
                    { id: ticket, values: { status: 'RESOLVED', resolvedAt: at(0), satisfaction: number } },
                  ])
                return
              }
              case 'remove':
                if (made.ticket[0]) await deleteRecords(ctx, ticketShape, [made.ticket.pop()!])
                return
              case 'pay':
                if (made.invoice[0])
                  await updateInvoices(ctx, [
                    { id: made.invoice[0], values: { status: 'PAID', paidOn: dayOf(Math.min(ago, 4)) } },
                  ])
                return
              case 'change':
                if (made.contract[0])
                  await updateContracts(
                    ctx,
                    [{ id: made.contract[0], values: { amount: 700 * number, effectiveOn: dayOf(0) } }],
                    by,
                  )
                return
              default:
                if (made.contract[0]) await deleteContracts(ctx, [made.contract.pop()!], by)
            }
          })
        }
        await keep(company, follow)
        await compare(company)
      }),
      { numRuns: 6, endOnFailure: true },
    )
  }, 120_000)

  it('answer for the whole company; filters and other members’ reach are worked out from the facts', async () => {
    const company = await newCompany(application)
    const customerId = await newCustomer(company, { contractStart: dayOf(400) })
    expect(await asSystem(company, keepsMonths)).toBe(false)
    await keep(company, ctx => keepMonthsSoon(ctx))
    expect(await asSystem(company, keepsMonths)).toBe(true)
    // What was kept is told from what is worked out by a value that no fact gives.
    await asSystem(company, ctx =>
      sql`update kpi_month set value = 4321 where tenant_id = ${ctx.tenantId} and kpi = 'arr'`.execute(ctx.tx),
    )
    const arr = async (member: Pick<TestCompany['admin'], 'call'>, query: object) => {
      const { body } = await member.call(listKpis, { query: { keys: 'arr', ...query } })
      return body.items[0]!
    }
    const whole = await arr(company.admin, {})
    expect(whole.series.map(({ value }) => value)).toEqual(Array(12).fill(4321))
    expect(whole.current.value).toBe(4321)
    expect((await arr(company.admin, { ownerId: randomUUID() })).current.value).toBe(0)
    expect((await arr(company.admin, { tierKey: 'none' })).current.value).toBe(0)
    const csm = await newMember(company, 'csm')
    expect((await arr(csm, { mine: 'own' })).current.value).toBe(0)
    const { body } = await company.admin.call(getKpi, { params: { key: 'arr' }, query: {} })
    expect(body.series.map(({ value }) => value)).toEqual(Array(24).fill(4321))
    // A month that ended since it was worked out, or another currency, is not what was asked for.
    await asSystem(company, ctx =>
      sql`update kpi_month set as_of = month, currency = case when kpi = 'nrr' then 'USD' else currency end
      where tenant_id = ${ctx.tenantId} and month < date_trunc('month', now() - interval '1 day')`.execute(ctx.tx),
    )
    expect((await arr(company.admin, {})).series.slice(0, 10).some(({ value }) => value === 4321)).toBe(false)
    expect(customerId).toBeTruthy()
  })

  it('have only those worked out anew that late facts reach, and all of them each night', async () => {
    const company = await newCompany(application)
    const customerId = await newCustomer(company, { contractStart: dayOf(400) })
    await asSystem(company, followFacts)
    await keep(company, ctx => keepMonthsSoon(ctx))
    await asSystem(company, ctx =>
      createTickets(ctx, [{ id: randomUUID(), values: { customerId, subject: '件', openedAt: at(65) } }], by),
    )
    const again = await keep(company, follow)
    const { today } = await asSystem(company, companyOf)
    expect(again[0]).toBe(today.slice(0, 7))
    expect(again.at(-1)).toBe(dayOf(65).slice(0, 7))
    const night = jobs.find(({ name }) => name === 'kpis.follow')!
    const all = await keep(company, ctx =>
      night.handle(
        ctx as never,
        night.payload.parse({
          event: { payload: { at: new Date().toISOString(), customers: 1, all: true, from: null, facts: [] } },
        }) as never,
        undefined as never,
      ),
    )
    expect(all).toHaveLength(keptMonths)
  })
})
