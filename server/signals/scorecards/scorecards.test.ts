import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { asSystem, newCompany, type TestCompany } from '../../../tests/support/factories.ts'
import { dayAgo, daysAgo, newCustomer, sendUse, usageEvent } from '../../../tests/support/facts.ts'
import { getCustomer } from '../../customers/accounts/contract/customers.ts'
import { createInvoices } from '../../customers/billing/commands/save.ts'
import { createAnswers } from '../../customers/feedback/commands/save.ts'
import { createTickets } from '../../customers/support/commands/save.ts'
import { computeAll, followFacts, rebuildDays } from '../metrics/commands/follow.ts'
import { pluginMarketplace } from './catalog/plugin-marketplace.ts'
import { recalculateHealth, scoreDays } from './commands/recalculate.ts'
import * as cards from './contract/cards.ts'
import { type ScorecardDefinition, scorecardDefinition } from './contract/definition.ts'
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

describe('HLT-4, HLT-6 judging by hand, versions, previews', () => {
  const simple = scorecardDefinition.parse({
    factors: [
      {
        key: 'people',
        nameJa: '人数',
        nameEn: 'People',
        weight: 1,
        input: { metric: 'customer.employees' },
        shape: { kind: 'linear', from: 0, to: 100 },
      },
      {
        key: 'mood',
        nameJa: '温度感',
        nameEn: 'Mood',
        weight: 1,
        input: { manual: 'mood' },
        shape: { kind: 'linear', from: 0, to: 100 },
      },
    ],
    bands: [
      { key: 'good', nameJa: '良', nameEn: 'Good', colour: 'green', from: 50 },
      { key: 'bad', nameJa: '悪', nameEn: 'Bad', colour: 'red', from: 0 },
    ],
  })

  it('takes judgements by hand and overrides until they run out', async () => {
    await publish(simple)
    const id = await newCustomer(company, { employeeCount: 40 })
    await asSystem(company, computeAll)
    await asSystem(company, ctx => recalculateHealth(ctx))
    expect(await healthOf(id)).toMatchObject({
      score: 40,
      coverage: 0.5,
      band: 'bad',
      measures: [{ key: 'mood', value: null }],
    })
    await company.admin.call(health.measureHealth, {
      params: { id },
      body: { key: 'mood', value: 80, expiresOn: dayAgo(-5) },
    })
    expect(await healthOf(id)).toMatchObject({ score: 60, coverage: 1, band: 'good', measures: [{ value: 80 }] })
    const override = await company.admin.call(health.overrideHealth, {
      params: { id },
      body: { score: 10, reason: '契約交渉中', expiresOn: dayAgo(-3) },
    })
    expect(override.status).toBe(200)
    expect(await healthOf(id)).toMatchObject({ score: 10, raw: 60, band: 'bad', override: { reason: '契約交渉中' } })
    await asSystem(company, ctx =>
      sql`update health_override set expires_on = ${dayAgo(1)}::date, set_at = ${daysAgo(4)}::timestamptz where tenant_id = ${ctx.tenantId}`.execute(
        ctx.tx,
      ),
    )
    await asSystem(company, ctx =>
      sql`update manual_measure set expires_on = ${dayAgo(1)}::date, measured_at = ${daysAgo(4)}::timestamptz where tenant_id = ${ctx.tenantId}`.execute(
        ctx.tx,
      ),
    )
    await asSystem(company, ctx => recalculateHealth(ctx))
    expect(await healthOf(id)).toMatchObject({ score: 40, override: null })
    const late = await company.admin.call(health.overrideHealth, {
      params: { id },
      body: { score: 10, reason: 'x', expiresOn: dayAgo(2) },
    })
    expect(late.problem.errors![0]!.path).toBe('body.expiresOn')
    expect((await company.admin.call(health.endHealthOverride, { params: { id } })).status).toBe(204)
    expect((await company.admin.call(health.endHealthOverride, { params: { id } })).status).toBe(404)
  })

  it('previews what publishing then does, and keeps versions', async () => {
    const id = await publish(simple)
    const customers = await Promise.all([20, 45, 55, 90].map(employeeCount => newCustomer(company, { employeeCount })))
    await asSystem(company, computeAll)
    await asSystem(company, ctx => recalculateHealth(ctx))
    const stricter = {
      ...simple,
      factors: [{ ...simple.factors[0]!, shape: { kind: 'linear' as const, from: 0, to: 200 } }],
    }
    const preview = (
      await company.admin.call(cards.previewScorecard, { params: { id }, body: { definition: stricter } })
    ).body
    expect(preview).toMatchObject({ customers: 4, moves: [{ from: 'good', to: 'bad', customers: 2 }] })
    expect(preview.thresholds).toContainEqual({ below: 40, falling: 2, rising: 0 })
    await company.admin.call(cards.updateScorecard, { params: { id }, body: { draft: stricter } })
    expect((await healthOf(customers[2]!)).score).toBe(55)
    await company.admin.call(cards.publishScorecard, { params: { id }, body: { note: '基準を厳しく' } })
    const scores = await Promise.all(customers.map(async each => (await healthOf(each)).score))
    expect(scores).toEqual([10, 22.5, 27.5, 45])
    for (const change of preview.largest) expect(scores[customers.indexOf(change.id)]).toBe(change.to)
    const versions = (await company.admin.call(cards.listScorecardVersions, { params: { id } })).body.items
    expect(versions.map(({ version, note }) => [version, note])).toEqual([
      [2, '基準を厳しく'],
      [1, null],
    ])
    expect((await company.admin.call(cards.publishScorecard, { params: { id }, body: {} })).status).toBe(409)
    expect((await company.admin.call(cards.deleteScorecard, { params: { id } })).status).toBe(409)
  })

  it('gives each customer the first scorecard whose condition it meets', async () => {
    await publish(simple, { condition: { field: 'plan', op: 'in', value: ['Enterprise'] } })
    const everybody = await publish({ ...simple, missing: 'worst' })
    const [large, small] = [
      await newCustomer(company, { plan: 'Enterprise', employeeCount: 60 }),
      await newCustomer(company, { plan: 'Pro', employeeCount: 60 }),
    ]
    await asSystem(company, computeAll)
    await asSystem(company, ctx => recalculateHealth(ctx))
    expect([(await healthOf(large)).score, (await healthOf(small)).score]).toEqual([60, 30])
    await company.admin.call(cards.updateScorecard, { params: { id: everybody }, body: { position: 0 } })
    expect((await healthOf(large)).score).toBe(30)
  })

  it('refuses definitions that cannot work, and says where', async () => {
    const bad: [object, string][] = [
      [{ bands: [{ ...simple.bands[0]! }] }, 'body.definition.bands'],
      [{ factors: [simple.factors[0]!, simple.factors[0]!] }, 'body.definition.factors'],
      [
        { factors: [{ ...simple.factors[0]!, shape: { kind: 'linear', from: 5, to: 5 } }] },
        'body.definition.factors.0.shape',
      ],
      [
        {
          factors: [
            {
              ...simple.factors[0]!,
              shape: {
                kind: 'steps',
                below: 0,
                steps: [
                  { from: 5, score: 1 },
                  { from: 2, score: 3 },
                ],
              },
            },
          ],
        },
        'body.definition.factors.0.shape',
      ],
      [{ factors: [{ ...simple.factors[0]!, group: 'none' }] }, 'body.definition.factors.0.group'],
      [
        { factors: [{ ...simple.factors[0]!, input: { field: "x'; drop table customer; --" } }] },
        'body.definition.factors',
      ],
    ]
    for (const [change, path] of bad) {
      const answer = await company.admin.call(cards.createScorecard, {
        body: { nameJa: 'x', nameEn: 'x', definition: { ...simple, ...change } as never },
      })
      expect([answer.status, answer.problem.errors?.[0]?.path]).toEqual([422, path])
    }
    const unknown = { ...simple, factors: [{ ...simple.factors[0]!, input: { metric: 'no.such' } }] }
    expect(
      (
        await company.admin.call(cards.createScorecard, {
          body: { nameJa: 'x', nameEn: 'x', definition: unknown as never },
        })
      ).status,
    ).toBe(422)
  })
})
