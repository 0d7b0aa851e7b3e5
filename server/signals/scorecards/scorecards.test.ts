import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { asSystem, newCompany, type TestCompany } from '../../../tests/support/factories.ts'
import { dayAgo, daysAgo, newCustomer, sendUse, usageEvent } from '../../../tests/support/facts.ts'
import { getCustomer } from '../../customers/accounts/contract/customers.ts'
import { createInvoices } from '../../customers/billing/commands/save.ts'
import { createAnswers } from '../../customers/feedback/commands/save.ts'
import { createTickets } from '../../customers/support/commands/save.ts'
import { computeAll, followFacts, rebuildDays } from '../metrics/commands/follow.ts'
import { pluginMarketplace } from './catalog.ts'
import { recalculateHealth, scoreDays } from './commands/recalculate.ts'
import * as cards from './contract/cards.ts'
import type { ScorecardDefinition } from './contract/definition.ts'
import * as health from './contract/health.ts'

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

async function publish(definition: ScorecardDefinition, wishes: object = {}): Promise<string> {
  const made = await company.admin.call(cards.createScorecard, {
    body: { nameJa: '健全度', nameEn: 'Health', definition, ...wishes },
  })
  expect(made.status).toBe(201)
  expect((await company.admin.call(cards.publishScorecard, { params: { id: made.body.id }, body: {} })).status).toBe(
    200,
  )
  return made.body.id
}

const healthOf = async (id: string, query: object = {}) =>
  (await company.admin.call(health.customerHealth, { params: { id }, query })).body

/** A customer of HLT-2 with use, a rating, a late invoice and an NPS answer; each may be left out. */
async function marketplaceCustomer(
  group: string,
  facts: { people?: number; days?: number; rating?: number; late?: number; nps?: number },
) {
  const id = await newCustomer(company, { externalId: group, plan: 'Pro', contractStart: dayAgo(100) })
  const uses = Array.from({ length: facts.people ?? 0 }, (_, person) =>
    Array.from({ length: facts.days ?? 0 }, (_, day) => usageEvent(`${group}-${person}`, group, day)),
  ).flat()
  if (uses.length > 0) await sendUse(company, ...uses)
  await asSystem(company, async ctx => {
    if (facts.rating)
      await createTickets(
        ctx,
        [
          {
            id: randomUUID(),
            values: {
              customerId: id,
              subject: 's',
              openedAt: daysAgo(2),
              status: 'CLOSED',
              satisfaction: facts.rating,
            },
          },
        ],
        by,
      )
    if (facts.late)
      await createInvoices(
        ctx,
        [
          {
            id: randomUUID(),
            values: { customerId: id, amount: 1, currency: 'JPY', issuedOn: dayAgo(90), dueOn: dayAgo(facts.late) },
          },
        ],
        by,
      )
    if (facts.nps !== undefined)
      await createAnswers(
        ctx,
        [{ id: randomUUID(), values: { customerId: id, kind: 'NPS', score: facts.nps, answeredAt: daysAgo(3) } }],
        by,
      )
  })
  return id
}

describe('HLT-2 through facts, SQL and API', () => {
  it('scores customers as worked out by hand', async () => {
    await publish(pluginMarketplace)
    // Two people on 9 of 30 days each: DAU/MAU = 18/30/2 = 30 %, in the step of 20 points; 18 events in 28 days a Pro: 4.5 a week of 5 = 90 % -> 15.
    const steady = await marketplaceCustomer('g1', { people: 2, days: 9, rating: 4, late: 8, nps: 9 })
    // No use, no ticket, no invoice, no answer: only what can be said counts.
    const silent = await marketplaceCustomer('g2', {})
    await asSystem(company, computeAll)
    await asSystem(company, ctx => recalculateHealth(ctx))
    const one = await healthOf(steady)
    // 15 + 20 + 15 + 5 + 15 = 70
    expect(one).toMatchObject({ score: 70, band: 'healthy', coverage: 1, scorecard: { version: 1 } })
    expect(one.factors.map(({ points }) => Math.round(points * 10) / 10)).toEqual([15, 20, 15, 5, 15])
    const other = await healthOf(silent)
    // Use 0 of 20, engagement 0 of 30, payment 15 of 15: 15 of 65 = 23.1
    expect(other).toMatchObject({ score: 23.1, band: 'high_risk' })
    expect(other.coverage).toBeCloseTo(0.65, 6)
    const customer = (await company.admin.call(getCustomer, { params: { id: silent } })).body
    expect(customer).toMatchObject({ healthLevel: 'POOR', healthTrend: 'UNKNOWN' })
    expect(customer.healthScore).toBeCloseTo(23.1, 4)
  })

  it('follows new facts, tells which bands changed, and explains what moved (HLT-5)', async () => {
    await publish(pluginMarketplace)
    const id = await marketplaceCustomer('g1', { people: 1, days: 20, nps: 9 })
    await asSystem(company, ctx => rebuildDays(ctx, { oldest: dayAgo(5) }))
    await asSystem(company, computeAll)
    await asSystem(company, ctx => recalculateHealth(ctx))
    await asSystem(company, ctx => scoreDays(ctx, [1, 2, 3, 4, 5].map(dayAgo)))
    const before = await healthOf(id)
    await asSystem(company, ctx =>
      createInvoices(
        ctx,
        [
          {
            id: randomUUID(),
            values: { customerId: id, amount: 1, currency: 'JPY', issuedOn: dayAgo(60), dueOn: dayAgo(31) },
          },
        ],
        by,
      ),
    )
    await asSystem(company, ctx =>
      createAnswers(
        ctx,
        [{ id: randomUUID(), values: { customerId: id, kind: 'NPS', score: 2, answeredAt: daysAgo(0) } }],
        by,
      ),
    )
    await asSystem(company, followFacts)
    const told = await asSystem(company, async ctx => {
      await recalculateHealth(ctx, [id])
      return ctx.pending.events.filter(event => event.type === 'health.band_changed')
    })
    const after = await healthOf(id)
    expect(after.score).toBeLessThan(before.score!)
    expect(told).toEqual([
      expect.objectContaining({
        payload: { from: before.band, to: after.band, before: expect.closeTo(before.score!, 3), score: after.score },
      }),
    ])
    const changes = (await company.admin.call(health.healthChanges, { params: { id }, query: { from: dayAgo(1) } }))
      .body
    expect(changes.causes.map(({ key }) => key).sort()).toEqual(expect.arrayContaining(['nps', 'payment']))
    expect(changes.causes.find(({ key }) => key === 'payment')!.words.ja).toMatch(/^支払い 0日 → 31日（−/)
    const sum = changes.causes.reduce((total, cause) => total + cause.change, 0)
    expect(sum).toBeCloseTo(after.raw! - changes.from!.score!, 0)
  })
})
