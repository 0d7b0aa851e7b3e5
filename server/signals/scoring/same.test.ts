import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { asSystem, newCompany, type TestCompany } from '../../../tests/support/factories.ts'
import { dayAgo, daysAgo, sendUse } from '../../../tests/support/facts.ts'
import { track } from '../../../tests/support/leads.ts'
import { loadRecords } from '../../catalog/conditions/queries/load.ts'
import { type ConditionVocabulary, vocabularyOf } from '../../catalog/conditions/queries/vocabulary.ts'
import { createContacts } from '../../customers/contacts/commands/save.ts'
import type { RuleWhen } from './contract/rules.ts'
import { scoring } from './queries/statement.ts'
import { compileScoring, type PointsRule, scoringNeeds } from './score.ts'

let application: TestApplication
let company: TestCompany
let vocabulary: ConditionVocabulary
const ids: string[] = []

beforeAll(async () => {
  application = await testApplication()
  company = await newCompany(application)
  const uses: object[] = []
  for (let number = 0; number < 24; number++) {
    const id = randomUUID()
    ids.push(id)
    const values = {
      name: `人${number}`,
      externalId: id,
      title: [null, '部長', '課長', '営業部長'][number % 4]!,
      emailState: number % 5 === 0 ? 'BOUNCED' : null,
      webinarsAttended: number % 3,
      signedUpAt: number % 2 ? daysAgo(number * 4) : null,
    }
    await asSystem(company, ctx => createContacts(ctx, [{ id, values }], { origin: 'person' }))
    for (const days of [0, 1, 2, 7, 13, 14, 15, 29, 30, 31, 60]) {
      if ((days + number) % 3 === 0) continue
      for (let time = 0; time <= (number + days) % 3; time++) {
        const name = ['Open', 'Click', '見積'][(days + time + number) % 3]!
        uses.push(track(id, name, days, { kind: ['a', 'b', null][time % 3], size: days }))
      }
    }
  }
  await sendUse(company, ...uses)
  vocabulary = await asSystem(company, ctx => vocabularyOf(ctx))
}, 60_000)
afterAll(() => application.end())

const condition = fc.oneof(
  fc.record({ field: fc.constant('title'), op: fc.constantFrom('is', 'contains'), value: fc.constantFrom('部長', '') }),
  fc.record({ field: fc.constant('title'), op: fc.constantFrom('is_set', 'is_empty') }),
  fc.record({ field: fc.constant('emailState'), op: fc.constant('in'), value: fc.constant(['BOUNCED']) }),
  fc.record({
    field: fc.constantFrom('webinarsAttended', 'nps'),
    op: fc.constantFrom('at_least', 'less_than'),
    value: fc.integer({ min: 0, max: 3 }),
  }),
  fc.record({ field: fc.constant('signedUpAt'), op: fc.constant('more_than_days_ago'), value: fc.constantFrom(0, 30) }),
  fc.record({ field: fc.constant('createdAt'), op: fc.constant('after'), value: fc.constant(dayAgo(3)) }),
  fc.record({
    event: fc.constantFrom('*', 'Open'),
    did: fc.constantFrom('at_least', 'never'),
    times: fc.constantFrom(0, 2, 5),
    days: fc.constantFrom(1, 14, 60),
  }),
)
const whole = fc.oneof(
  condition,
  condition.map(not => ({ not })),
  fc.array(condition, { maxLength: 3 }).map(all => ({ all })),
)
const property = fc.record({
  property: fc.constantFrom('kind', 'size'),
  op: fc.constantFrom('is', 'is_not'),
  value: fc.constantFrom('a', 7),
})
const behaviour = fc.record({
  kind: fc.constant('behaviour' as const),
  event: fc.constantFrom('*', 'Open', 'Click', '見積', 'Never'),
  where: fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, fc.array(property, { minLength: 1, maxLength: 2 })),
  days: fc.constantFrom(1, 2, 14, 15, 30, 90),
  count: fc.constantFrom('events', 'days'),
  most: fc.integer({ min: 1, max: 60 }),
  halfLifeDays: fc.oneof(fc.constant(null), fc.constantFrom(1, 3.3, 7, 14, 30)),
})
const points = fc.integer({ min: -100, max: 100 }).filter(value => value !== 0)
const rule = fc.record({
  part: fc.constantFrom('fit', 'engagement'),
  points,
  when: fc.oneof(
    whole.map(held => ({ kind: 'attribute' as const, condition: held })),
    behaviour,
  ),
})

interface Line {
  total: number
  fit: number
  engagement: number
  points: number[]
}

async function bySql(rules: (PointsRule & { place: number })[], caps: { fitCap: number; engagementCap: number }) {
  return asSystem(company, async ctx => {
    const { rows } = await sql<Line & { id: string }>`
      with ${scoring(ctx, { rules, settings: { lead: null, ...caps }, vocabulary }, 'scored')}
      select id, score::float8 as total, round(fit / 1000000.0, 1)::float8 as fit, round(engagement / 1000000.0, 1)::float8 as engagement, points
      from scored`.execute(ctx.tx)
    return new Map(rows.map(({ id, ...line }) => [id, line]))
  })
}

describe('SCO-1 one score, two compilers', () => {
  it('SCO-1: SQL and the function give the same points, parts and totals for any rules', async () => {
    let scored = 0
    await fc.assert(
      fc.asyncProperty(
        fc.array(rule, { minLength: 1, maxLength: 6 }),
        fc.record({ fitCap: fc.integer({ min: 1, max: 100 }), engagementCap: fc.integer({ min: 1, max: 100 }) }),
        async (generated, caps) => {
          const rules = generated.map((each, place) => ({
            ...each,
            part: each.part as PointsRule['part'],
            when: each.when as RuleWhen,
            place: place + 1,
          }))
          const sums = await bySql(rules, caps)
          const loaded = await asSystem(company, ctx =>
            loadRecords(ctx, vocabulary, 'contact', ids, scoringNeeds(rules)),
          )
          const kindOf = (record: 'customer' | 'contact', field: string) => vocabulary.fields[record].get(field)!.kind
          const score = compileScoring(rules, caps, kindOf, vocabulary.today)
          for (const id of ids) {
            const { points: each, ...rest } = score(loaded.get(id)!)
            // -0 is 0.
            expect({ ...rest, points: each.map(value => value + 0) }).toEqual(sums.get(id))
            scored += rest.total > 0 && rest.total < 100 ? 1 : 0
          }
        },
      ),
      { numRuns: 150 },
    )
    expect(scored).toBeGreaterThan(200)
  })
})
