import { afterAll, beforeAll, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../tests/support/application.ts'
import { newCompany, newMember, type TestCompany, testOrigin } from '../tests/support/factories.ts'
import { demoBatch, fillDemo } from './demo-customers.ts'
import { judgeDemo } from './demo-signals.ts'
import { inTenant } from './platform/tenancy/transaction.ts'
import { computeDay } from './signals/metrics/commands/compute.ts'
import { openRun } from './signals/metrics/commands/follow.ts'
import { earlySuccess, pluginMarketplace, saasSuccess } from './signals/scorecards/catalog.ts'
import { backtestScorecard, listScorecards } from './signals/scorecards/contract/cards.ts'
import type { ScorecardDefinition } from './signals/scorecards/contract/definition.ts'

/** As the first start fills the demo company. */
const wish = { customers: 300, months: 18, seed: 1 }

let application: TestApplication
let company: TestCompany
let card: string

beforeAll(async () => {
  application = await testApplication()
  company = await newCompany(application)
  for (let member = 0; member < 3; member++) await newMember(company, 'csm')
  const origin = { ...testOrigin(), now: new Date() }
  const actor = { kind: 'system', id: undefined, name: 'demo' } as const
  await inTenant(application.installation, origin, company.tenantId, actor, async ctx => {
    for (let first = 0; first < wish.customers; first += demoBatch) await fillDemo(ctx, wish, first)
    await judgeDemo(ctx, wish.months)
    const run = await openRun(ctx)
    // The last days of months: those that a back-test looks at.
    for (let ago = 1; ago <= wish.months; ago++) {
      const day = new Date(Date.UTC(ctx.now.getUTCFullYear(), ctx.now.getUTCMonth() - ago + 1, 0))
      await computeDay(ctx, run, day.toISOString().slice(0, 10))
    }
  })
  card = (await company.admin.call(listScorecards)).body.items[0]!.id
}, 180_000)
afterAll(() => application.end())

it.each<[string, ScorecardDefinition]>([
  ['HLT-1 saas-success', saasSuccess],
  ['HLT-2 plugin-marketplace', pluginMarketplace],
  ['HLT-3 early-success', earlySuccess],
])('HLT-7: on the demo company the scorecard of %s tells who leaves within 90 days', async (_, definition) => {
  const { body, status, problem } = await company.admin.call(backtestScorecard, {
    params: { id: card },
    body: { definition, mode: 'history', horizonDays: 90 },
  })
  expect([status, problem?.errors]).toEqual([200, undefined])
  expect(body).toMatchObject({ mode: 'history', enough: true })
  expect(body.churned).toBeGreaterThanOrEqual(50)
  expect(body.prevalence).toBeCloseTo(body.churned / body.observations, 6)
  const [low, high] = body.aucInterval!
  // Better than chance even at the lower end of its interval, and no oracle: the score knows nothing of later days.
  expect(low).toBeGreaterThan(0.5)
  expect(body.auc).toBeGreaterThan(low)
  expect(body.auc).toBeLessThan(high)
  expect(high).toBeLessThan(0.95)
  expect(body.deciles[0]!.lift).toBeGreaterThan(1.5)
  expect(body.deciles.reduce((sum, { churned }) => sum + churned, 0)).toBe(body.churned)
  expect(body.bands.reduce((sum, { customers }) => sum + customers, 0)).toBe(body.observations)
  const rates = body.bands.filter(({ customers }) => customers >= 100)
  for (const { rate, interval } of rates) {
    expect(interval[0]).toBeLessThanOrEqual(rate)
    expect(interval[1]).toBeGreaterThanOrEqual(rate)
  }
})
