import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { newCompany, newMember, type TestCompany } from '../../../tests/support/factories.ts'
import { newCustomer, sendUse, usageEvent } from '../../../tests/support/facts.ts'
import { bulkUpdateCustomers, listCustomers } from '../accounts/contract/customers.ts'
import { listContacts } from '../contacts/contract.ts'
import { explainCondition, previewCondition, readVocabulary } from './contract.ts'

let application: TestApplication
let company: TestCompany
let customer: string

beforeAll(async () => {
  application = await testApplication()
  company = await newCompany(application)
  customer = await newCustomer(company, { name: "O'Brien", externalId: 'g1', industry: '製造' })
  await newCustomer(company, { name: '東和' })
  await sendUse(company, usageEvent('u1', 'g1', 1, 'Export', { format: 'pdf' }))
})
afterAll(() => application.end())

/** What SQL injection tools try, and what breaks parsers. */
const hostile = [
  "'",
  "' or '1'='1",
  "'; drop table customer; --",
  '1) or (1=1',
  '" or ""="',
  "name' || (select version()) || '",
  'pg_sleep(5)',
  "'||pg_sleep(5)--",
  '{{7*7}}',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'attributes.__proto__',
  "attributes.x' or true --",
  'metrics.',
  "metrics.usage.events_7'] or true --",
  'c.tenant_id',
  'name::text',
  '\u0000',
  '\ud800',
  '𝕏'.repeat(40),
  '%',
  '\\',
  '￿',
]

const preview = (condition: unknown, record: 'customer' | 'contact' = 'customer') =>
  company.admin.call(previewCondition, { body: { record, condition: condition as never } })

describe('SEG-1, C1 hostile values and names', () => {
  it.each(hostile)('%j as a field is refused, as a value it finds nothing more', async text => {
    for (const field of [text, `attributes.${text}`, `metrics.${text}`]) {
      for (const op of ['is', 'in', 'at_least', 'before', 'is_set']) {
        const answer = await preview({ field, op, value: text })
        expect([field, op, answer.status]).toEqual([field, op, 422])
      }
      const asMetric = await preview({ metric: field, change: 'up', by: 1, in: 'percent', days: 7 })
      expect([400, 422]).toContain(asMetric.status)
    }
    const leaves: object[] = [
      { field: 'name', op: 'is', value: text },
      { field: 'industry', op: 'in', value: [text, text] },
      { field: 'tags', op: 'in', value: [text] },
      { field: 'segments', op: 'in', value: [text] },
      { field: 'ownerId', op: 'in', value: [text] },
      { event: text, did: 'at_least', times: 1 },
      { event: 'Export', did: 'at_least', times: 1, where: [{ property: text, op: 'is', value: text }] },
      {
        event: 'Export',
        did: 'at_least',
        times: 1,
        where: [{ property: 'format', op: 'contains', value: `${text}x` }],
      },
    ]
    for (const leaf of leaves) {
      const answer = await preview(leaf)
      // Refused, or inert: nobody is called so.
      if (answer.status === 200) expect([leaf, answer.body.count]).toEqual([leaf, 0])
      else expect([400, 422]).toContain(answer.status)
      const listed = await company.admin.call(listCustomers, {
        query: { filter: JSON.stringify({ not: { not: leaf } }) },
      })
      expect([200, 400, 422]).toContain(listed.status)
      if (listed.status === 200) expect(listed.body.items).toHaveLength(0)
    }
    for (const call of [
      company.admin.call(listCustomers, { query: { sort: text as never } }),
      company.admin.call(listCustomers, { query: { filter: text } }),
      company.admin.call(listContacts, { query: { filter: `{"field":${JSON.stringify(text)},"op":"is_set"}` } }),
      company.admin.call(bulkUpdateCustomers, { body: { matching: { filter: text }, plan: 'x' } }),
    ]) {
      expect([400, 422]).toContain((await call).status)
    }
  })

  it('finds by an awkward value what is called so', async () => {
    expect((await preview({ field: 'name', op: 'is', value: "O'Brien" })).body).toMatchObject({ count: 1, total: 2 })
    expect((await preview({ field: 'name', op: 'contains', value: "'b" })).body.samples).toEqual([
      { id: customer, name: "O'Brien" },
    ])
  })

  it('refuses bombs and shapes that are none, in words that say where', async () => {
    let deep: object = { field: 'name', op: 'is_set' }
    for (let depth = 0; depth < 2_000; depth++) deep = { not: deep }
    const wide = {
      all: Array.from({ length: 50 }, () => ({
        any: Array.from({ length: 50 }, () => ({ field: 'name', op: 'is_set' })),
      })),
    }
    for (const condition of [
      deep,
      wide,
      null,
      7,
      'x',
      [],
      {},
      { all: 'x' },
      { or: [] },
      { field: 'name', op: 'is', value: {} },
      { field: 'name', op: 'is' },
    ]) {
      const answer = await preview(condition)
      expect([400, 422]).toContain(answer.status)
      expect(answer.problem.detail).not.toBe('')
    }
    const wrong = await preview({
      all: [{ field: 'name', op: 'is_set' }, { any: [{ field: 'arr', op: 'contains', value: 'x' }] }],
    })
    expect(wrong.problem.errors![0]).toMatchObject({ path: 'body.condition.all.1.any.0' })
    expect(wrong.problem.errors![0]!.message).toContain('at_least')
  })
})

describe('previews and reasons', () => {
  it('count within the reach of the person', async () => {
    const csm = await newMember(company, 'csm')
    const portal = await newMember(company, 'portal_user')
    const body = { record: 'customer', condition: { all: [] } } as const
    expect((await csm.call(previewCondition, { body })).body.count).toBe(2)
    expect((await portal.call(previewCondition, { body })).status).toBe(403)
  })

  it('say part by part why a record meets a condition or not', async () => {
    const condition = {
      all: [
        { field: 'industry', op: 'in' as const, value: ['製造'] },
        {
          any: [
            { event: 'Export', did: 'at_least' as const, times: 5, days: 7 },
            { not: { field: 'plan', op: 'is_set' as const } },
          ],
        },
        { event: '*', when: 'last' as const, op: 'more_than_days_ago' as const, value: 10 },
      ],
    }
    const { body } = await company.admin.call(explainCondition, {
      body: { record: 'customer', id: customer, condition },
    })
    expect(body).toMatchObject({
      held: false,
      kind: 'all',
      parts: [
        { held: true, kind: 'leaf', actual: '製造' },
        {
          held: true,
          kind: 'any',
          parts: [
            { held: false, actual: 1 },
            { held: true, kind: 'not', parts: [{ held: false }] },
          ],
        },
        { held: false, kind: 'leaf' },
      ],
    })
  })

  it('tell what conditions may name, in both languages', async () => {
    const { fields, events } = (await company.admin.call(readVocabulary, { query: { record: 'customer' } })).body
    expect(fields.find(({ id }) => id === 'status')).toMatchObject({ kind: 'one_of', words: { ja: '状態' } })
    expect(fields.filter(({ id }) => id.startsWith('metrics.')).length).toBeGreaterThan(100)
    for (const { words } of fields) expect([words.ja, words.en]).not.toContain('')
    expect(events).toEqual([{ name: 'Export', count: 1 }])
  })
})
