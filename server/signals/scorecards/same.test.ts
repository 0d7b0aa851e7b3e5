import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { asSystem, newCompany, type TestCompany } from '../../../tests/support/factories.ts'
import { dayAgo } from '../../../tests/support/facts.ts'
import { vocabularyOf } from '../../catalog/conditions/queries/vocabulary.ts'
import { createCustomers } from '../../customers/accounts/commands/save.ts'
import { scorecardDefinition } from './contract/definition.ts'
import { scoreStatement } from './queries/sql.ts'
import { scoreOf } from './score.ts'

let application: TestApplication
let company: TestCompany
const by = { origin: 'person' } as const

beforeAll(async () => {
  application = await testApplication()
  company = await newCompany(application)
})
afterAll(() => application.end())

describe('SQL and function', () => {
  it('say the same of any definition and any inputs (property)', async () => {
    const ids = Array.from({ length: 12 }, (): string => randomUUID())
    await asSystem(company, ctx =>
      createCustomers(
        ctx,
        ids.map((id, place) => ({ id, values: { name: `顧客${place}`, employeeCount: place * 10 } })),
        by,
      ),
    )
    const number = fc.constantFrom(0, 3, 29.5, 30, 50, 77.7, 100, -40)
    const worth = fc.constantFrom(0, 12.5, 33.3, 50, 100)
    const shape = fc.oneof(
      fc.record({ kind: fc.constant('linear'), from: fc.constantFrom(0, 100, -10), to: fc.constantFrom(50, 20, 33) }),
      fc.record({ kind: fc.constant('survey'), scale: fc.constantFrom('nps', '0-10', '1-5', '1-7') }),
      fc.tuple(fc.boolean(), worth, worth, worth).map(([over, one, two, below]) => ({
        kind: 'steps',
        below,
        steps: [
          { from: 10, score: one },
          { [over ? 'over' : 'from']: 30, score: two },
        ],
      })),
      fc.tuple(worth, worth, worth).map(([one, two, three]) => ({
        kind: 'piecewise',
        points: [
          { at: 0, score: one },
          { at: 30, score: two },
          { at: 60, score: three },
        ],
      })),
    )
    const factor = fc.record({
      weight: fc.constantFrom(1, 2.5, 10),
      shape,
      missing: fc.constantFrom('reweight', 'neutral', 'worst', undefined),
    })
    const definition = fc.record({
      factors: fc.array(factor, { minLength: 1, maxLength: 5 }),
      missing: fc.constantFrom('reweight', 'neutral', 'worst'),
      grouped: fc.boolean(),
      exceptions: fc.array(fc.record({ effect: fc.constantFrom('cap', 'floor', 'set'), value: worth }), {
        maxLength: 2,
      }),
    })
    const values = fc.array(fc.array(fc.option(number, { freq: 3 }), { minLength: 5, maxLength: 5 }), {
      minLength: 12,
      maxLength: 12,
    })
    await fc.assert(
      fc.asyncProperty(definition, values, async (wish, rows) => {
        const parsed = scorecardDefinition.parse({
          missing: wish.missing,
          groups: wish.grouped
            ? [
                { key: 'g0', nameJa: 'a', nameEn: 'a', weight: 3 },
                { key: 'g1', nameJa: 'b', nameEn: 'b', weight: 7 },
              ]
            : [],
          factors: wish.factors.map(({ missing, ...each }, place) => ({
            ...each,
            ...(missing && { missing }),
            ...(wish.grouped && { group: `g${place % 2}` }),
            key: `f${place}`,
            nameJa: 'f',
            nameEn: 'f',
            input: { metric: `m${place}` },
          })),
          bands: [
            { key: 'a', nameJa: 'a', nameEn: 'a', colour: 'green', from: 70 },
            { key: 'b', nameJa: 'b', nameEn: 'b', colour: 'yellow', from: 33 },
            { key: 'c', nameJa: 'c', nameEn: 'c', colour: 'red', from: 0 },
          ],
          exceptions: wish.exceptions.map(each => ({
            ...each,
            nameJa: 'e',
            nameEn: 'e',
            condition: { field: 'employeeCount', op: 'at_least', value: 50 },
          })),
        })
        const lines = ids.map((id, place) => ({
          id,
          ...Object.fromEntries(rows[place]!.map((value, at) => [`m${at}`, value])),
        }))
        const columns = sql`select id as customer_id, m0, m1, m2, m3, m4 from jsonb_to_recordset(${JSON.stringify(lines)}::jsonb)
          as line (id uuid, m0 float8, m1 float8, m2 float8, m3 float8, m4 float8)`
        const result = await asSystem(company, async ctx => {
          const statement = scoreStatement(ctx, await vocabularyOf(ctx), {
            definition: parsed,
            columns,
            whom: sql`true`,
            day: dayAgo(0),
          })
          return (
            await sql<{
              customer_id: string
              score: number | null
              raw: number | null
              band: string | null
              coverage: number
              exception: number | null
            }>`${statement}`.execute(ctx.tx)
          ).rows
        })
        expect(result).toHaveLength(12)
        for (const row of result) {
          const place = ids.indexOf(row.customer_id)
          const wanted = scoreOf(
            parsed,
            rows[place]!,
            parsed.exceptions.map(() => place >= 5),
          )
          expect({ score: row.score, raw: row.raw, band: row.band, exception: row.exception }).toEqual({
            score: wanted.score,
            raw: wanted.raw,
            band: wanted.band,
            exception: wanted.exception,
          })
          expect(row.coverage).toBeCloseTo(wanted.coverage, 9)
        }
      }),
      { numRuns: 150 },
    )
  }, 60_000)
})
