import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { asSystem, newCompany, type TestCompany } from '../../../tests/support/factories.ts'
import { dayAgo } from '../../../tests/support/facts.ts'
import { vocabularyOf } from '../../catalog/conditions/queries/vocabulary.ts'
import { createCustomers } from '../../customers/accounts/commands/save.ts'
import { earlySuccess, pluginMarketplace, saasSuccess } from './catalog.ts'
import type { ScorecardDefinition } from './contract/definition.ts'
import { scoreStatement } from './queries/sql.ts'
import { scoreOf } from './score.ts'

let application: TestApplication
let company: TestCompany
beforeAll(async () => {
  application = await testApplication()
  company = await newCompany(application)
})
afterAll(() => application.end())

type Case = [inputs: (number | null)[], score: number | null, band: string | null, coverage: number]

/** Scores lines of inputs by SQL, each as a customer of its own (plan Pro). */
async function bySql(definition: ScorecardDefinition, lines: readonly (number | null)[][]) {
  const ids = lines.map((): string => randomUUID())
  return asSystem(company, async ctx => {
    await createCustomers(
      ctx,
      ids.map(id => ({ id, values: { name: '境界', plan: 'Pro' } })),
      { origin: 'person' },
    )
    const metrics = definition.factors.flatMap(({ input }, place) =>
      'metric' in input ? [{ place, key: input.metric }] : [],
    )
    // The factor that is measured against what a plan leads to expect is given as what it comes to: 5 a week are 100 %.
    const raw = (line: readonly (number | null)[]) =>
      line.map((value, place) => {
        const { input } = definition.factors[place]!
        return value !== null && 'metric' in input && input.expected ? (value * 5) / 100 : value
      })
    const columns = sql`select line.id as customer_id, ${sql.join(metrics.map(({ key, place }) => sql`line.${sql.id(`m${place}`)} as ${sql.id(key)}`))}
      from jsonb_to_recordset(${JSON.stringify(
        lines.map((line, at) => ({
          id: ids[at],
          ...Object.fromEntries(raw(line).map((value, place) => [`m${place}`, value])),
        })),
      )}::jsonb) as line (id uuid, ${sql.join(metrics.map(({ place }) => sql`${sql.id(`m${place}`)} float8`))})`
    const statement = scoreStatement(ctx, await vocabularyOf(ctx), {
      definition,
      columns,
      whom: sql`true`,
      day: dayAgo(0),
    })
    const { rows } = await sql<{ customer_id: string; score: number | null; band: string | null; coverage: number }>`
      ${statement}`.execute(ctx.tx)
    return ids.map(id => rows.find(row => row.customer_id === id)!)
  })
}

async function expectBoth(definition: ScorecardDefinition, cases: readonly Case[]): Promise<void> {
  const sqlRows = await bySql(
    definition,
    cases.map(([inputs]) => inputs),
  )
  for (const [at, [inputs, score, band, coverage]] of cases.entries()) {
    const one = scoreOf(definition, inputs)
    expect([inputs, one.score, one.band, Math.round(one.coverage * 100) / 100]).toEqual([inputs, score, band, coverage])
    const row = sqlRows[at]!
    expect([inputs, row.score, row.band, Math.round(row.coverage * 100) / 100]).toEqual([inputs, score, band, coverage])
  }
}

describe('hand-calculated customers by function and by SQL', () => {
  it('HLT-1: bands, 0 licences, no tickets, no NPS answer', async () => {
    await expectBoth(saasSuccess, [
      // active, core, login days, tickets, NPS, community, ROI, milestones
      [[100, 100, 20, 100, 100, 100, 100, 100], 100, 'green', 1],
      [[100, 100, 31, 100, 100, 100, 100, 100], 100, 'green', 1],
      // 25 + 15 + 10 + 10 + 10*(0+100)/200 + 5 + 15 + 10*0/100 - 5 = 80: on the edge of Green.
      [[100, 100, 20, 100, 0, 0, 100, 0], 80, 'green', 1],
      [[96, 100, 20, 100, 0, 0, 100, 0], 79, 'yellow', 1],
      // 79.5 is shown as 80, 79.4 as 79.
      [[98, 100, 20, 100, 0, 0, 100, 0], 79.5, 'green', 1],
      [[97.6, 100, 20, 100, 0, 0, 100, 0], 79.4, 'yellow', 1],
      // 25*0.6 + 15*0.6 + 10*0.6 + 10*0.6 + 10*0.6 + 5*0.6 + 15*0.6 + 10*0.6 = 60
      [[60, 60, 12, 60, 20, 60, 60, 60], 60, 'yellow', 1],
      [[56, 60, 12, 60, 20, 60, 60, 60], 59, 'orange', 1],
      [[40, 40, 8, 40, -20, 40, 40, 40], 40, 'orange', 1],
      [[36, 40, 8, 40, -20, 40, 40, 40], 39, 'red', 1],
      [[0, 0, 0, 0, -100, 0, 0, 0], 0, 'red', 1],
      // No licences: no active-user rate. (15*60 + 10*50 + 10*100 + 10*75 + 5*20 + 15*100 + 10*50) / 75 = 70
      [[null, 60, 10, 100, 50, 20, 100, 50], 70, 'yellow', 0.75],
      // No tickets: (25*40 + 15*60 + 10*50 + 10*75 + 5*20 + 15*100 + 10*50) / 90 = 58.3
      [[40, 60, 10, null, 50, 20, 100, 50], 58.3, 'orange', 0.9],
      // No NPS answer: (1000 + 900 + 500 + 1000 + 100 + 1500 + 500) / 90 = 61.1
      [[40, 60, 10, 100, null, 20, 100, 50], 61.1, 'yellow', 0.9],
      [[null, null, null, null, null, null, null, null], null, null, 0],
    ])
  })

  it('HLT-2: every step, 29.5 % and 30 % DAU/MAU, bands', async () => {
    const best = [100, 31, 4.5, 0, 9] as const
    const points = (place: number, value: number, score: number, band: string): Case => [
      best.map((each, at) => (at === place ? value : each)),
      score,
      band,
      1,
    ]
    await expectBoth(pluginMarketplace, [
      points(0, 100, 100, 'champion'),
      points(0, 99.9, 95, 'champion'),
      points(0, 80, 95, 'champion'),
      points(0, 79.9, 90, 'champion'),
      points(0, 60, 90, 'champion'),
      points(0, 59.9, 85, 'champion'),
      points(0, 40, 85, 'champion'),
      points(0, 39.9, 80, 'healthy'),
      points(1, 30.1, 100, 'champion'),
      points(1, 30, 90, 'champion'),
      points(1, 29.5, 90, 'champion'),
      points(1, 20, 90, 'champion'),
      points(1, 19.9, 80, 'healthy'),
      points(1, 10, 80, 'healthy'),
      points(1, 9.9, 70, 'healthy'),
      points(2, 4.49, 95, 'champion'),
      points(2, 4, 95, 'champion'),
      points(2, 3.99, 90, 'champion'),
      points(2, 3.5, 90, 'champion'),
      points(2, 3.49, 85, 'champion'),
      points(2, 3, 85, 'champion'),
      points(2, 2.99, 80, 'healthy'),
      points(3, 1, 95, 'champion'),
      points(3, 7, 95, 'champion'),
      points(3, 8, 90, 'champion'),
      points(3, 30, 90, 'champion'),
      points(3, 31, 85, 'champion'),
      points(4, 8.9, 95, 'champion'),
      points(4, 7, 95, 'champion'),
      points(4, 6, 85, 'champion'),
      // 0 + 10 + 15 + 15 + 0 = 40, and one step more of satisfaction or use.
      [[39, 12, 4, 0, 0], 40, 'high_risk', 1],
      [[40, 12, 4, 0, 0], 45, 'medium_risk', 1],
      [[60, 20, 4, 0, 0], 60, 'medium_risk', 1],
      [[80, 20, 4, 0, 0], 65, 'healthy', 1],
      // Without tickets and answers: (20 + 30 + 15) / 65.
      [[100, 31, null, 0, null], 100, 'champion', 0.65],
    ])
  })

  it('HLT-3: components of 30, 30, 20 and 20 percent, levels, what is not known', async () => {
    const all = (score: number) =>
      earlySuccess.factors.map(({ shape, input }) => {
        // Judged by hand: nothing that a metric says.
        if ('manual' in input) return null
        // The value whose score it is, where the shape has one.
        if (shape.kind === 'linear') return shape.from + ((shape.to - shape.from) * score) / 100
        if (shape.kind === 'survey')
          return shape.scale === 'nps' ? 2 * score - 100 : shape.scale === '1-5' ? 1 + score / 25 : score / 10
        return null
      })
    const shares = earlySuccess.factors.map((factor, place) => (all(50)[place] === null ? factor.key : ''))
    expect(shares.filter(key => key !== '')).toContain('time_to_value')
    const [excellent, good, fair, poor] = [80, 60, 40, 39].map(all)
    const coverage = (inputs: (number | null)[]) => Math.round(scoreOf(earlySuccess, inputs).coverage * 100) / 100
    await expectBoth(earlySuccess, [
      [excellent!, 80, 'excellent', coverage(excellent!)],
      [good!, 60, 'good', coverage(good!)],
      [fair!, 40, 'fair', coverage(fair!)],
      [poor!, 39, 'poor', coverage(poor!)],
      // Engagement alone is known: 0.3 of the weights.
      [
        earlySuccess.factors.map(({ group }, place) => (group === 'engagement' ? all(70)[place]! : null)),
        70,
        'good',
        0.3,
      ],
    ])
  })
})
