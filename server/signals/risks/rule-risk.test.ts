import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { asSystem, newCompany, type TestCompany } from '../../../tests/support/factories.ts'
import { dayAgo, daysAgo } from '../../../tests/support/facts.ts'
import { joinByHash } from '../../platform/db/join-plan.ts'
import type { RiskLevel } from './contract.ts'
import { readRuleRisks, ruleEvidence, ruleRisks } from './queries/rule-risk.ts'
import { priorWeight, ruleRisk, type SignalEvidence, signalWeight, type Weight } from './rule-risk.ts'

let application: TestApplication
beforeAll(async () => {
  application = await testApplication()
})
afterAll(() => application.end())

const documentedPrior = priorWeight({ customers: 0, left: 0 }, 90)
const nothing = { left: 0, leftShowing: 0, stayed: 0, stayedShowing: 0 }
const weightOf = (level: RiskLevel, evidence: Partial<SignalEvidence> = {}) =>
  signalWeight({ level, ...nothing, ...evidence })
const scoreOf = (...signals: Weight[]) => Math.round(ruleRisk(documentedPrior, signals).score)

describe('CHN-4: the documented rule, for companies with too little history', () => {
  it('gives by the document: nothing 3, one high signal 8, four 71, and good signs lower it', () => {
    const [high, medium, low] = [weightOf('high'), weightOf('medium'), weightOf('low')]
    expect([scoreOf(), scoreOf(high), scoreOf(high, high), scoreOf(high, high, high, high)]).toEqual([3, 8, 22, 71])
    expect(scoreOf(high, high, high, high, high, medium)).toBe(92)
    expect(scoreOf(medium)).toBe(5)
    expect(ruleRisk(documentedPrior, [low]).score).toBeLessThan(ruleRisk(documentedPrior, []).score)
    expect(ruleRisk(documentedPrior, [high, low]).confidence).toBe(0)
  })

  it('moves from the documented weight to the observed one as customers leave', () => {
    // Seen at half of those that left and at a tenth of the others: five times as often.
    const seen = (left: number) =>
      weightOf('medium', { left, leftShowing: left / 2, stayed: 1_000, stayedShowing: 100 })
    expect(seen(2).weight).toBeCloseTo(Math.log(1.6), 0)
    expect(seen(2).own).toBeCloseTo(2 / 22)
    expect(seen(2_000).weight).toBeCloseTo(Math.log(5), 1)
    expect(seen(2).weight).toBeLessThan(seen(20).weight)
    expect(seen(20).weight).toBeLessThan(seen(200).weight)
  })

  it('takes nothing from what nobody showed, and little from a single leaver', () => {
    expect(weightOf('high', { left: 200, stayed: 1_000 })).toEqual({ weight: Math.log(3), own: 0 })
    const one = weightOf('high', { left: 1, stayed: 1_000, stayedShowing: 300 })
    expect(one.weight).toBeGreaterThan(Math.log(3) * 0.8)
    expect(weightOf('high', { left: 5, leftShowing: 5 })).toEqual({ weight: Math.log(3), own: 0 })
  })

  it('takes the rate at which customers left for the prior, with their number', () => {
    expect(documentedPrior.weight).toBeCloseTo(Math.log(0.0297 / 0.9703), 2)
    const prior = priorWeight({ customers: 800, left: 80 }, 90)
    expect(prior.own).toBe(0.8)
    expect(1 / (1 + Math.exp(-prior.weight))).toBeCloseTo((200 * 0.0297 + 80) / 1_000, 4)
  })
})

interface Time {
  customer: string
  signal: string
  since: number
  ended: number | null
}

describe('the same in one statement for everybody', () => {
  const days = 30
  const levels = ['high', 'high', 'medium', 'medium', 'low', 'high'] as const
  /** Days ago on which each signal was made; the last one is too young to have evidence. */
  const made = [400, 200, 300, 61, 300, 20]
  const signals: string[] = levels.map(() => randomUUID())
  const customers = Array.from({ length: 60 }, (_, place) => ({
    id: randomUUID(),
    // Every fourth left, 5 to 200 days ago; some came only lately.
    gone: place % 4 === 0 ? 5 + ((place * 37) % 195) : null,
    since: place % 7 === 3 ? 45 : 500,
  }))
  const times: Time[] = customers.flatMap(({ id, gone }, place) =>
    signals.flatMap((signal, number) => {
      if ((place * 7 + number * 5 + (gone ? number : 0)) % 3 !== 0) return []
      const since = Math.min(made[number]!, 3 + ((place * 31 + number * 17) % 250))
      const ended = (place + number) % 2 === 0 ? null : Math.max(0, since - 20)
      return [{ customer: id, signal, since, ended: gone !== null && ended === null ? Math.min(gone, since) : ended }]
    }),
  )
  let company: TestCompany

  beforeAll(async () => {
    company = await newCompany(application)
    await asSystem(company, async ctx => {
      const lines = {
        signals: signals.map((id, place) => ({ id, level: levels[place], at: daysAgo(made[place]!) })),
        customers: customers.map(({ id, gone, since }) => ({
          id,
          status: gone === null ? 'ACTIVE' : 'CHURNED',
          gone: gone === null ? null : dayAgo(gone),
          at: daysAgo(since),
        })),
        times: times.map(({ customer, signal, since, ended }) => ({
          customer,
          signal,
          since: daysAgo(since),
          ended: ended === null ? null : daysAgo(ended),
        })),
      }
      await sql`
        insert into risk_signal (tenant_id, id, key, name_ja, name_en, level, condition, state, created_at, updated_at)
        select ${ctx.tenantId}, id, 'k' || id, 'し', 's', level, '{}', 'enabled', at, at
        from jsonb_to_recordset(${JSON.stringify(lines.signals)}::jsonb) as line (id uuid, level text, at timestamptz)`.execute(
        ctx.tx,
      )
      await sql`
        insert into customer (tenant_id, id, name, currency, status, churned_on, origin, created_at)
        select ${ctx.tenantId}, id, 'c', 'JPY', status, gone, 'person', at
        from jsonb_to_recordset(${JSON.stringify(lines.customers)}::jsonb) as line (id uuid, status text, gone date, at timestamptz)`.execute(
        ctx.tx,
      )
      await sql`
        insert into customer_signal (tenant_id, customer_id, signal_id, since, ended)
        select ${ctx.tenantId}, customer, signal, since, ended
        from jsonb_to_recordset(${JSON.stringify(lines.times)}::jsonb) as line (customer uuid, signal uuid, since timestamptz, ended timestamptz)`.execute(
        ctx.tx,
      )
    })
  })

  /** By the words of the document, in days ago: bigger is earlier. */
  function evidenceOf(number: number): SignalEvidence {
    const first = made[number]! - days
    const left = customers.filter(({ gone }) => gone !== null && gone <= first)
    const stayed = first >= days ? customers.filter(({ gone, since }) => gone === null && since >= 2 * days) : []
    const shows = (until: number) => (customer: { id: string }) =>
      times.some(
        time =>
          time.customer === customer.id &&
          time.signal === signals[number] &&
          time.since > until &&
          (time.ended === null || time.ended <= until + days),
      )
    return {
      level: levels[number]!,
      left: left.length,
      leftShowing: left.filter(customer => shows(customer.gone!)(customer)).length,
      stayed: stayed.length,
      stayedShowing: stayed.filter(shows(days)).length,
    }
  }

  it('counts who showed a signal and left, and who showed it and stayed', async () => {
    const told = await asSystem(company, ctx => ruleEvidence(ctx, days))
    expect(told.signals).toHaveLength(6)
    for (const [number, id] of signals.entries()) {
      const { level, left, leftShowing, stayed, stayedShowing, weight, own } = told.signals.find(
        each => each.id === id,
      )!
      const evidence = evidenceOf(number)
      expect({ level, left, leftShowing, stayed, stayedShowing }).toEqual(evidence)
      expect({ weight, own }).toEqual({
        weight: expect.closeTo(signalWeight(evidence).weight, 9),
        own: expect.closeTo(signalWeight(evidence).own, 9),
      })
    }
    expect(evidenceOf(0).leftShowing).toBeGreaterThan(2)
    expect(evidenceOf(0).stayedShowing).toBeGreaterThan(5)
    expect(evidenceOf(5)).toMatchObject({ left: 0, stayed: 0 })
    const there = customers.filter(({ gone, since }) => since >= days && (gone === null || gone < days))
    expect([told.customers, told.left]).toEqual([there.length, there.filter(({ gone }) => gone !== null).length])
  })

  it('scores every customer that is there as the function does, with the signals that make the score', async () => {
    const risks = await asSystem(company, ctx => readRuleRisks(ctx, { days }))
    const present = customers.filter(({ gone }) => gone === null)
    expect(risks).toHaveLength(present.length)
    const there = customers.filter(({ gone, since }) => since >= days && (gone === null || gone < days))
    const left = there.filter(({ gone }) => gone !== null).length
    const prior = priorWeight({ customers: there.length, left }, days)
    for (const { customerId, score, confidence, raising, lowering } of risks) {
      const open = times.filter(({ customer, ended }) => customer === customerId && ended === null)
      const weights = open.map(({ signal }) => signalWeight(evidenceOf(signals.indexOf(signal))))
      const expected = ruleRisk(prior, weights)
      expect(score).toBeCloseTo(expected.score, 9)
      expect(confidence).toBeCloseTo(expected.confidence, 9)
      const ordered = weights.map(({ weight }) => weight).sort((one, other) => Math.abs(other) - Math.abs(one))
      const of = (side: (weight: number) => boolean) => ordered.filter(side).slice(0, 3).map(near)
      for (const { id, since, left } of raising) {
        const time = open.find(({ signal }) => signal === id)!
        expect(Math.abs(Date.parse(since) - Date.parse(daysAgo(time.since)))).toBeLessThan(60_000)
        expect(left).toBe(evidenceOf(signals.indexOf(id)).left)
      }
      expect(raising.map(({ weight }) => weight)).toEqual(of(weight => weight > 0))
      expect(lowering.map(({ weight }) => weight)).toEqual(of(weight => weight <= 0))
    }
    const some: string[] = present.slice(0, 3).map(({ id }) => id)
    const { rows } = await asSystem(company, async ctx => {
      await joinByHash(ctx.tx, true)
      const statement = ruleRisks(ctx, { days, customers: sql`select unnest(${some}::uuid[])` })
      return sql<{ id: string; score: number }>`
        select r.customer_id as id, r.score from (${statement}) r order by r.score desc, r.customer_id`.execute(ctx.tx)
    })
    const expected = risks.filter(({ customerId }) => some.includes(customerId))
    expect(rows).toEqual(expected.map(({ customerId: id, score }) => ({ id, score })))
  })

  it('knows nothing of another company', async () => {
    const other = await newCompany(application)
    await asSystem(other, async ctx => {
      expect(await readRuleRisks(ctx, { days })).toEqual([])
      expect(await ruleEvidence(ctx, days)).toMatchObject({ customers: 0, left: 0, own: 0, signals: [] })
    })
  })
})

const near = (value: number) => expect.closeTo(value, 9)
