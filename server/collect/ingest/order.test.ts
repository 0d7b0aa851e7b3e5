import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Caller, type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { asSystem, newCompany, type TestCompany } from '../../../tests/support/factories.ts'
import { newSource, processAll, rollUpFaults } from '../../../tests/support/ingest.ts'

let application: TestApplication

beforeAll(async () => {
  application = await testApplication()
})
afterAll(() => application.end())

type Call = Record<string, unknown> & { messageId: string }

const begin = Date.now() - 20 * 86_400_000
const user = fc.constantFrom('u1', 'u2', 'u3', 'u4')
const anonymous = fc.constantFrom('a1', 'a2', 'a3')
const group = fc.constantFrom('g1', 'g2', 'g3')
const email = fc.constantFrom('one@example.test', 'Two@example.test', 'three@example.test', 'no address')
// Few moments, so that some are shared and some days are.
const timestamp = fc.integer({ min: 0, max: 40 }).map(step => new Date(begin + step * 7 * 3_600_000).toISOString())
const traits = fc.record(
  {
    name: fc.constantFrom('青木', '井上', 'Ueda'),
    firstName: fc.constantFrom('太郎', '花子'),
    lastName: fc.constantFrom('江口', '太田'),
    email,
    plan: fc.constantFrom('Free', 'Pro'),
    seats_used: fc.oneof(fc.integer({ min: 0, max: 9 }), fc.constant('many')),
    other: fc.oneof(fc.integer({ min: 0, max: 3 }), fc.constant(null)),
  },
  { requiredKeys: [] },
)
const who = fc.oneof(
  { weight: 3, arbitrary: fc.record({ userId: user }) },
  { weight: 2, arbitrary: fc.record({ anonymousId: anonymous }) },
)
const call = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.tuple(
      who,
      fc.record({ type: fc.constant('track'), event: fc.constantFrom('A', 'B', 'Signed In'), timestamp }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(
      who,
      fc.record({
        type: fc.constant('track'),
        event: fc.constant('C'),
        timestamp,
        context: fc.record({ groupId: group }),
      }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(who, fc.record({ type: fc.constant('page'), name: fc.constant('Home'), timestamp })),
  },
  {
    weight: 3,
    arbitrary: fc.tuple(fc.record({ userId: user }), fc.record({ type: fc.constant('identify'), timestamp, traits })),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(
      fc.record({ userId: user, anonymousId: anonymous }),
      fc.record({ type: fc.constant('identify'), timestamp, traits }),
    ),
  },
  { weight: 3, arbitrary: fc.tuple(who, fc.record({ type: fc.constant('group'), groupId: group, timestamp, traits })) },
  {
    weight: 1,
    arbitrary: fc.tuple(
      fc.record({ userId: user }),
      fc.record({ type: fc.constant('alias'), previousId: anonymous, timestamp }),
    ),
  },
)
const stream = fc
  .array(call, { minLength: 3, maxLength: 45 })
  .map(calls => calls.map(([person, rest], index): Call => ({ ...person, ...rest, messageId: `m${index}` })))

/** The stream in any order, with repetitions, cut into batches; and after which of them is processed. */
const plan = stream.chain(calls =>
  fc.record({
    calls: fc.constant(calls),
    order: fc
      .tuple(fc.shuffledSubarray(calls, { minLength: calls.length }), fc.subarray(calls))
      .map(([all, again]) => [...all, ...again]),
    cuts: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 6 }),
    processed: fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
  }),
)

async function receive(batches: Call[][], processed: boolean[]): Promise<unknown> {
  const company = await newCompany(application)
  await asSystem(company, ctx =>
    sql`insert into attribute (tenant_id, id, record, key, label, type) values
      (${ctx.tenantId}, ${randomUUID()}, 'contact', 'seats_used', '席', 'number')`.execute(ctx.tx),
  )
  const source = await newSource(company)
  for (const [index, batch] of batches.entries()) {
    const answer = await new Caller(application).send({
      method: 'POST',
      url: '/v1/batch',
      headers: { authorization: `Basic ${btoa(`${source.writeKey}:`)}` },
      payload: { batch },
    })
    expect(answer.status).toBe(200)
    if (processed[index % processed.length]) await processAll(company)
  }
  await processAll(company)
  expect(await rollUpFaults(company)).toEqual([])
  return recordOf(company)
}

/** What a company knows, without ids and moments of arrival. */
function recordOf(company: TestCompany): Promise<unknown> {
  return asSystem(company, async ctx => {
    const { rows } = await sql`
      select json_build_object(
        'contacts', (select json_agg(json_build_array(c.external_id, c.email, c.name, c.plan, c.attributes, c.traits, k.external_id, c.last_seen_at, c.last_login_at)
          order by c.external_id) from contact c left join customer k on k.tenant_id = c.tenant_id and k.id = c.customer_id where c.tenant_id = ${ctx.tenantId}),
        'customers', (select json_agg(json_build_array(external_id, name, plan, attributes, traits, last_seen_at) order by external_id)
          from customer where tenant_id = ${ctx.tenantId}),
        'use', (select json_agg(json_build_array(d.person, d.day, d.feature, k.external_id, c.external_id, d.events, d.first_at, d.last_at)
          order by d.person, d.day, d.feature, k.external_id) from usage_daily d
          left join customer k on k.tenant_id = d.tenant_id and k.id = d.customer_id
          left join contact c on c.tenant_id = d.tenant_id and c.id = d.contact_id where d.tenant_id = ${ctx.tenantId})) as record`.execute(
      ctx.tx,
    )
    return (rows[0] as { record: unknown }).record
  })
}

function cut(calls: Call[], sizes: number[]): Call[][] {
  const batches: Call[][] = []
  for (let at = 0, turn = 0; at < calls.length; turn++) {
    const size = sizes[turn % sizes.length]!
    batches.push(calls.slice(at, at + size))
    at += size
  }
  return batches
}

describe('order of arrival (CUS-40, I2)', () => {
  it('ends in the same record for any permutation, repetition and cut of a stream', async () => {
    const seed = process.env.FAST_CHECK_SEED
    await fc.assert(
      fc.asyncProperty(plan, async ({ calls, order, cuts, processed }) => {
        const straight = await receive([calls], [true])
        const mixed = await receive(cut(order, cuts), processed)
        expect(mixed).toEqual(straight)
      }),
      { numRuns: Number(process.env.FAST_CHECK_RUNS ?? 12), ...(seed && { seed: Number(seed) }) },
    )
  }, 600_000)
})
