import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { newAlertRule, openAlerts, shippedRules } from '../../../tests/support/alert-rules.ts'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { asSystem, newCompany, type TestCompany } from '../../../tests/support/factories.ts'
import { daysAgo, newCustomer } from '../../../tests/support/facts.ts'
import { finishJobs } from '../../../tests/support/mails.ts'
import { getCustomer } from '../../customers/accounts/contract/customers.ts'
import { createHealthScore } from '../../signals/health/contract.ts'
import { computeAll } from '../../signals/metrics/commands/follow.ts'
import { pluginMarketplace } from '../../signals/scorecards/catalog.ts'
import { recalculateHealth } from '../../signals/scorecards/commands/recalculate.ts'
import { createScorecard, listScorecards, publishScorecard } from '../../signals/scorecards/contract/cards.ts'
import { evaluateRules } from './commands/evaluate.ts'
import { scorecardEffect } from './contract/rules.ts'

let application: TestApplication
let company: TestCompany

beforeAll(async () => {
  application = await testApplication()
})
beforeEach(async () => {
  company = await newCompany(application)
})
afterAll(() => application.end())

const newRule = (wishes: Parameters<typeof newAlertRule>[1]) => newAlertRule(company, wishes)
const open = () => openAlerts(company)

const score = (id: string, overallScore: number, days = 0) =>
  company.admin.call(createHealthScore, {
    params: { id },
    body: { overallScore, ...(days > 0 && { scoredAt: daysAgo(days) }) },
  })
const evaluate = () => asSystem(company, ctx => evaluateRules(ctx))

describe('ALR-1, ALR-2 triggers on scores', () => {
  it('below a limit, in whole points as they are shown: 39.4 is Red, 39.5 shows 40', async () => {
    for (const points of [39.4, 39.5, 40]) await score(await newCustomer(company, { name: `甲 ${points}` }), points)
    await newRule({ trigger: { kind: 'score_below', below: 40 } })
    expect(await open()).toMatchObject(
      [{ name: '甲 39.4', facts: ['Health score: 39 (below 40)'], value: 39.4 }].map(row => ({
        ...row,
        value: expect.closeTo(row.value, 4),
      })),
    )
  })

  it('ALR-1: colour rules see scores of the API of record: by their level, in whole points as they are shown', async () => {
    const points = { green: 79.5, yellow: 79.4, 'yellow too': 59.5, orange: 59.4, 'orange too': 39.5, red: 39.4 }
    for (const [name, value] of Object.entries(points)) await score(await newCustomer(company, { name }), value)
    const unknown = await newCustomer(company, { name: 'none' })
    const { body } = await company.admin.call(getCustomer, { params: { id: unknown } })
    expect(body.healthLevel).toBe(null)
    const named: Record<string, string[]> = {}
    for (const colour of ['green', 'yellow', 'orange', 'red']) {
      const condition = { field: 'healthColour', op: 'in' as const, value: [colour] }
      const before = (await open()).map(({ name }) => name)
      await newRule({ trigger: { kind: 'condition', condition } })
      named[colour] = (await open()).map(({ name }) => name!).filter(name => !before.includes(name))
    }
    expect(Object.values(named).map(names => names.sort())).toEqual([
      ['green'],
      ['yellow', 'yellow too'],
      ['orange', 'orange too'],
      ['red'],
    ])
  })

  it('fell by at least, or by more than, so many points within so many days', async () => {
    const falls = { 'by 9': [60, 51], 'by 10': [60, 50], 'by 11': [60, 49] }
    for (const [name, [before, after]] of Object.entries(falls)) {
      const id = await newCustomer(company, { name })
      await score(id, before!, 5)
      await score(id, after!)
    }
    const long = await newCustomer(company, { name: 'long ago' })
    await score(long, 90, 40)
    await score(long, 50)
    await newRule({ trigger: { kind: 'score_fell', points: 10, days: 30 } })
    expect((await open()).map(({ name }) => name).sort()).toEqual(['by 10', 'by 11'])
    expect((await open()).find(({ name }) => name === 'by 11')!.facts[0]).toMatch(
      /^Health score: 60 → 49 \(down 11 points since \d{4}-\d\d-\d\d\)$/,
    )
    const [more] = shippedRules('early-success')
    await newRule({ ...more!, trigger: more!.trigger })
    expect((await open()).filter(({ severity }) => severity === 'medium').map(({ name }) => name)).toEqual(['by 11'])
  })

  it('the history of a scorecard counts where the customer has one', async () => {
    const id = await newCustomer(company, { name: '採点' })
    await score(id, 95, 3)
    const card = await company.admin.call(createScorecard, {
      body: { nameJa: '健全度', nameEn: 'Health', definition: pluginMarketplace },
    })
    const published = await company.admin.call(publishScorecard, { params: { id: card.body.id }, body: {} })
    expect(published.status).toBe(200)
    await asSystem(company, computeAll)
    await asSystem(company, ctx => recalculateHealth(ctx))
    const { rows } = await asSystem(company, ctx =>
      sql<{
        score: number
        band: string
      }>`select score, band from customer_health where tenant_id = ${ctx.tenantId}`.execute(ctx.tx),
    )
    expect(rows).toHaveLength(1)
    await newRule({ trigger: { kind: 'score_fell', points: 5, days: 30 } })
    expect(await open()).toEqual([])
    await asSystem(company, ctx =>
      sql`insert into health_daily (tenant_id, day, customer_id, scorecard_id, version, score, coverage, scores, inputs)
        select ${ctx.tenantId}, current_date - 2, ${id}::uuid, ${card.body.id}::uuid, 1, ${rows[0]!.score + 5}, 1, '{}', '{}' on conflict do nothing`.execute(
        ctx.tx,
      ),
    )
    await evaluate()
    expect(await open()).toHaveLength(1)
    await newRule({ severity: 'low', trigger: { kind: 'score_band', band: rows[0]!.band } })
    expect((await open()).at(-1)!.facts[0]).toMatch(/^Health band: .+ \(\d+\)$/)
  })

  it('HLT-6: before a scorecard counts it is said which alerts would open; nothing stays of it', async () => {
    await newCustomer(company, { name: '甲' })
    await newRule({ key: 'low', nameEn: 'Low', trigger: { kind: 'score_below', below: 40 } })
    const people = {
      key: 'people',
      nameJa: '関係者',
      nameEn: 'People',
      weight: 1,
      input: { metric: 'contacts.people' },
      shape: { kind: 'linear' as const, from: 0, to: 5 },
    }
    const definition = { ...pluginMarketplace, factors: [people] }
    const card = await company.admin.call(createScorecard, { body: { nameJa: '健全度', nameEn: 'Health', definition } })
    const params = { id: card.body.id }
    const effect = await company.admin.call(scorecardEffect, { params, body: { definition } })
    expect(effect.body.items).toMatchObject([{ key: 'low', opened: 1, closed: 0 }])
    expect(await open()).toEqual([])
    expect((await company.admin.call(listScorecards)).body.items).toMatchObject([{ version: 0, state: 'draft' }])
    await company.admin.call(publishScorecard, { params, body: {} })
    await evaluate()
    expect(await open()).toHaveLength(1)
    // A metric that there is not: refused with its place, and the transaction goes on.
    const broken = { ...definition, factors: [{ ...people, input: { metric: 'no.such' } }] }
    expect((await company.admin.call(scorecardEffect, { params, body: { definition: broken } })).status).toBe(422)
  })

  it('opens soon after a score was stored, by its job alone, and closes when it is better', async () => {
    const id = await newCustomer(company, { name: '甲' })
    await newRule({ trigger: { kind: 'score_below', below: 40 } })
    await score(id, 30)
    await finishJobs(application)
    expect(await open()).toHaveLength(1)
    await score(id, 70)
    await finishJobs(application)
    expect(await open()).toEqual([])
  })
})
