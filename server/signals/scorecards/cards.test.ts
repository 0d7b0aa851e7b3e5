import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { asSystem, newCompany, type TestCompany } from '../../../tests/support/factories.ts'
import { dayAgo, daysAgo, newCustomer, sendUse, usageEvent } from '../../../tests/support/facts.ts'
import { listCustomers } from '../../customers/accounts/contract/customers.ts'
import { createHealthScore, listHealthScores } from '../health/contract.ts'
import { computeAll, rebuildDays } from '../metrics/commands/follow.ts'
import { recalculateHealth, scoreDays } from './commands/recalculate.ts'
import * as cards from './contract/cards.ts'
import { type ScorecardDefinition, scorecardDefinition } from './contract/definition.ts'
import * as health from './contract/health.ts'

let application: TestApplication
let company: TestCompany

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

it('every ready-made scorecard can be taken by a company that has defined nothing yet (HLT-1, HLT-2, HLT-3)', async () => {
  const { presets } = (await company.admin.call(cards.listScorecards)).body
  expect(presets.map(each => [each.key, each.definition.factors.length])).toEqual([
    ['saas-success', 8],
    ['plugin-marketplace', 5],
    ['early-success', 16],
    ['blank', 1],
  ])
  for (const { definition } of presets) await publish(definition)
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
    expect(preview.matrix).toEqual(
      expect.arrayContaining([
        { from: 'good', to: 'bad', customers: 2 },
        { from: 'bad', to: 'bad', customers: 2 },
      ]),
    )
    const behind = (
      await company.admin.call(cards.previewCustomers, {
        params: { id },
        query: { limit: 1 },
        body: { definition: stricter, from: 'good', to: 'bad' },
      })
    ).body
    expect(behind.items).toEqual([
      expect.objectContaining({ id: customers[3], from: 90, to: 45, fromBand: 'good', toBand: 'bad' }),
    ])
    const rest = await company.admin.call(cards.previewCustomers, {
      params: { id },
      query: { limit: 1, cursor: behind.next! },
      body: { definition: stricter, from: 'good', to: 'bad' },
    })
    expect(rest.body).toMatchObject({ items: [{ id: customers[2], from: 55, to: 27.5 }], next: null })
    await company.admin.call(cards.updateScorecard, { params: { id }, body: { draft: stricter } })
    expect((await healthOf(customers[2]!)).score).toBe(55)
    await company.admin.call(cards.publishScorecard, { params: { id }, body: { note: '基準を厳しく' } })
    const red = await company.admin.call(listCustomers, {
      query: { filter: JSON.stringify({ all: [{ field: 'healthColour', op: 'in', value: ['red'] }] }) },
    })
    expect(red.body.items).toHaveLength(4)
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

  it('compares a draft with a past day, and gives its history by colour (HLT-6)', async () => {
    const id = await publish(simple)
    const customer = await newCustomer(company, { employeeCount: 55, contractStart: dayAgo(60) })
    await asSystem(company, ctx => rebuildDays(ctx, { oldest: dayAgo(4) }))
    await asSystem(company, computeAll)
    await asSystem(company, ctx => recalculateHealth(ctx))
    await asSystem(company, ctx => scoreDays(ctx, [1, 2, 3, 4].map(dayAgo)))
    const stricter = {
      ...simple,
      factors: [{ ...simple.factors[0]!, shape: { kind: 'linear' as const, from: 0, to: 200 } }],
    }
    const { body } = await company.admin.call(cards.previewScorecard, {
      params: { id },
      body: { definition: stricter, day: dayAgo(3), history: true },
    })
    expect(body).toMatchObject({ day: dayAgo(3), customers: 1, largest: [{ id: customer, from: 55, to: 27.5 }] })
    expect(body.series.at(-1)).toMatchObject({
      before: 55,
      after: 27.5,
      coloursBefore: { green: 1, red: 0 },
      coloursAfter: { green: 0, red: 1 },
    })
  })

  it('lists stored and computed scores in one history of the API of record', async () => {
    await publish(simple)
    const id = await newCustomer(company, { employeeCount: 55, contractStart: dayAgo(60) })
    await asSystem(company, ctx => rebuildDays(ctx, { oldest: dayAgo(2) }))
    await asSystem(company, ctx => scoreDays(ctx, [1, 2].map(dayAgo)))
    const stored = await company.admin.call(createHealthScore, {
      params: { id },
      body: { overallScore: 90, scoredAt: daysAgo(40) },
    })
    expect(stored.body.source).toBe('stored')
    const list = async (query: object) => (await company.admin.call(listHealthScores, { params: { id }, query })).body
    const first = await list({ limit: 2 })
    const second = await list({ limit: 2, cursor: first.next })
    expect([...first.items, ...second.items].map(each => [each.source, each.overallScore, each.level])).toEqual([
      ['computed', 55, 'FAIR'],
      ['computed', 55, 'FAIR'],
      ['stored', 90, 'EXCELLENT'],
    ])
    expect(first.items[0]!.factors).toEqual([
      { name: '人数', value: 55, points: 55, note: null },
      { name: '温度感', value: null, points: null, note: null },
    ])
    expect((await list({ source: 'stored' })).items).toHaveLength(1)
  })

  it('says from when on each factor knows, and what is stale (HLT-4)', async () => {
    const [people, mood] = simple.factors
    await publish({
      ...simple,
      factors: [
        people!,
        { ...mood!, freshDays: 10 },
        { ...people!, key: 'use', input: { metric: 'usage.events_30' }, freshDays: 3 },
      ],
    })
    const id = await newCustomer(company, { employeeCount: 40, externalId: 'fresh' })
    await sendUse(company, usageEvent('u', 'fresh', 5))
    await company.admin.call(health.measureHealth, { params: { id }, body: { key: 'mood', value: 80 } })
    await asSystem(company, computeAll)
    await asSystem(company, ctx => recalculateHealth(ctx))
    expect((await healthOf(id)).factors.map(({ key, asOf, stale }) => [key, asOf, stale])).toEqual([
      ['people', null, false],
      ['mood', dayAgo(0), false],
      ['use', dayAgo(5), true],
    ])
    await asSystem(company, ctx =>
      sql`update manual_measure set measured_at = ${daysAgo(11)}::timestamptz where tenant_id = ${ctx.tenantId}`.execute(
        ctx.tx,
      ),
    )
    expect((await healthOf(id)).factors[1]).toMatchObject({ asOf: dayAgo(11), stale: true })
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
